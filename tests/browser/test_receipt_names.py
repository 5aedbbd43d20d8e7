"""Names on the receipt's page: for whoever has a token, each checked before it is shown, and as text whatever it is."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Route
from sqlalchemy import delete

from store.formats import event_v1
from store.schema import disclosures
from tests.browser.real_receipts import Receipts, real_receipts
from tests.browser.visiting import Visit, plain

pytestmark = pytest.mark.asyncio(loop_scope="session")
THIRTY_DAYS = 30 * 86_400


@pytest_asyncio.fixture(loop_scope="session")
async def shown(tmp_path: Path) -> AsyncIterator[Receipts]:
    """The server."""
    async with real_receipts(tmp_path) as server:
        yield server


async def names(visit: Visit, address: str) -> str:
    """Come with a token, and read what stands under "Who" in the end."""
    await visit.page.goto("about:blank")
    await visit.page.goto(address)
    await visit.page.locator("#names", has_not_text="Asking for the names").wait_for()
    return plain(await visit.page.inner_text("#names"))


async def test_without_a_token_nobody_is_named(shown: Receipts, visit: Visit) -> None:
    """The page says who can give a link that shows names, and asks the server nothing."""
    text = await names(visit, shown.address(await shown.ended()))
    assert text.startswith("This link does not show names. The sender, or the security team, can give you a link")
    assert not [request for request in visit.requests if request.method == "POST"]


async def test_a_token_shows_who_gave_what_to_whom(shown: Receipts, visit: Visit) -> None:
    """From, to and label, until when, and the check of the names beside the others; a reload shows them again."""
    rid = await shown.ended()
    text = await names(visit, shown.address(rid, shown.token(rid)))
    for said in ("Maya Okafor", "Dana Petrov", "Stripe restricted key", "This link shows the names until "):
        assert said in text
    assert "UTC" in text
    assert await visit.page.locator("#names bdi").all_inner_texts() == [
        "Maya Okafor", "Dana Petrov", "Stripe restricted key",
    ]  # fmt: skip
    await visit.page.get_by_role("button", name="Check this receipt").click()
    await visit.page.get_by_text("The names shown are those that the receipt means.").wait_for()
    await visit.page.reload()
    await visit.page.get_by_text("Dana Petrov").wait_for()


async def test_a_token_may_keep_the_label_back(shown: Receipts, visit: Visit) -> None:
    """Then the names are shown, and the page says that the label is not."""
    rid = await shown.ended()
    text = await names(visit, shown.address(rid, shown.token(rid, with_label=False)))
    assert "Dana Petrov" in text
    assert "Stripe" not in text
    assert "What it was called is not shown by this link." in text


async def test_what_does_not_open_the_names_says_why(shown: Receipts, visit: Visit) -> None:
    """A cut token, one whose time is over, erased names, a server that is away: each in its own words."""
    rid = await shown.ended()
    token = shown.token(rid)
    assert "was cut" in await names(visit, shown.address(rid, token[:-3]))
    await visit.page.route("**/names", lambda route: route.abort())
    assert "Nothing is lost: load the page again." in await names(visit, shown.address(rid, token))
    await visit.page.unroute("**/names")
    async with shown.store.db.write() as tx:
        await tx.execute(delete(disclosures))
    assert (await names(visit, shown.address(rid, token))).startswith("The names were erased.")
    shown.home.advance_clock(THIRTY_DAYS + 86_400)  # and the rest of the last
    assert "for thirty days, and they are over" in await names(visit, shown.address(rid, token))
    visit.console.clear()


@pytest.mark.parametrize("strange", ["another's", "changed", "nonsense"])
async def test_a_name_that_the_receipt_does_not_mean_is_never_shown(
    shown: Receipts, visit: Visit, strange: str
) -> None:
    """Among true names one with a digest that is not in the receipt: none is shown, and the page says what is wrong."""
    rid = await shown.ended()
    mallory = event_v1.disclose("recipient_name", "Mallory", bytes(16)).text

    async def answered(route: Route) -> None:
        answer = await route.fetch()
        said = json.loads(await answer.text())
        first = said["disclosures"][0]
        wrong = {"another's": mallory, "changed": first[:-1] + ("A" if first[-1] != "A" else "B"), "nonsense": "x"}
        said["disclosures"] = [*said["disclosures"][1:], wrong[strange]]
        await route.fulfill(response=answer, body=json.dumps(said))

    await visit.page.route("**/names", answered)
    text = await names(visit, shown.address(rid, shown.token(rid)))
    assert text == (
        "The server sent a name that the signed receipt does not mean. It is not shown. Tell whoever runs this server."
    )
    assert "Mallory" not in await visit.page.content()
