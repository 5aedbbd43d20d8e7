"""A secret that is typed outside Slack: the form, the window with a page for each, and what arrives."""

import asyncio
import json
from typing import Any

import pytest

from bot import composing, form_wording, sending
from sandbox.fixtures import AUDIT, DANA, MAYA, NOOR, PIA, SAM
from sandbox.running import Sandbox
from store import orders
from store.errors import StoreUnavailableError
from store.schema_of_orders import orders as table
from store.words import SealedBy
from tests.bot.desk import PASSPHRASE, SECRET, Desk, Json, found, working
from tests.bot.sealing_outside import SECRET as OUTSIDE_SECRET
from tests.bot.sealing_outside import order_in, seal_outside, urls_in
from tests.store.sealing_under_orders import STRETCHED
from tests.stores import Home

OUTSIDE = "outside"
LABEL = "Stripe restricted key"


async def composers(desk: Desk, line: str = "/sendsecret @dana", **values: Any) -> Json:
    """Maya sends the form without a secret; the window with the pages."""
    view = await desk.open_form(line)
    await desk.sandbox.fill(view["id"], {"label": LABEL, "delivery": OUTSIDE, **values})
    answer = await desk.submit(view)
    assert answer["outcome"] == "update", answer
    return found(await desk.sandbox.wait_view(MAYA, "composers"))


async def count(desk: Desk) -> int:
    """How many orders there are."""
    async with desk.store.db.read() as tx:
        return len((await tx.execute(table.select())).all())


async def test_a_store_that_takes_too_long_is_a_sentence(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack waits three seconds, and shows an error of its own then; the form stays, and can be sent again."""
    view = await desk.open_form("/sendsecret @noor")
    await desk.sandbox.fill(view["id"], {"label": LABEL, "delivery": OUTSIDE})
    with monkeypatch.context() as slow:

        async def hangs(*_: Any) -> None:
            await asyncio.Event().wait()

        slow.setattr(composing, "window", hangs)
        slow.setattr(sending, "STORED_WITHIN", 0.2)
        answer = await desk.submit(view)
    assert answer["errors"] == {"recipients": form_wording.STORE_AWAY}
    assert await count(desk) == 0
    assert (await desk.submit(view))["outcome"] == "update"
    assert await count(desk) == 1


async def test_what_is_typed_outside_arrives_and_opens(desk: Desk) -> None:
    """From the form to the reader; sender, recipient and security team read what they always read."""
    shown = await composers(desk, hint="your phone", expires="1 hour")
    [url] = urls_in(shown)
    assert not shown.get("private_metadata")
    told = json.dumps(shown, ensure_ascii=False)
    assert "*Dana Okafor* · Contractor, data pipelines · guest" in told
    assert "Type it for Dana Okafor" in told
    assert "one secret in your name, once" in told
    sealed = await seal_outside(desk, url)
    assert (sealed.terms.sender_id, sealed.terms.recipient_id) == (MAYA, DANA)
    assert (sealed.terms.hint, sealed.terms.lives_seconds) == ("your phone", 3600)
    message = found(await desk.sandbox.wait_message(DANA, contains="open_drop"))
    assert message["text"] == "Maya Castillo sent you a credential"
    assert await desk.link() == sealed.link
    drop = await desk.drop(sealed.link)
    assert (drop.sealed_by, drop.hint, drop.header.label) == (SealedBy.PAGE, "your phone", LABEL)
    assert await desk.sandbox.wait_message(MAYA, contains="*Dana Okafor* has the link")
    assert await desk.sandbox.wait_message(SAM, AUDIT, contains="sealed outside Slack, in a page")
    assert await desk.read(sealed.link, STRETCHED.decode()) == OUTSIDE_SECRET


async def test_each_recipient_has_a_page_of_their_own(desk: Desk) -> None:
    """Guests and outside people are asked about first, and the pages are for those who were chosen."""
    shown = await composers(desk, "/sendsecret", recipients=[DANA, NOOR, PIA])
    urls = urls_in(shown)
    assert len(set(urls)) == 3
    for url, person in zip(urls, (DANA, NOOR, PIA), strict=True):
        seen = await orders.look(desk.store, order_in(url))
        assert seen.terms is not None
        assert (seen.terms.recipient_id, seen.terms.sender_name) == (person, "Maya Castillo")


async def test_the_page_cannot_be_reached_from_a_button_press(desk: Desk) -> None:
    """The press that Slack tells us of is acknowledged and changes nothing."""
    shown = await composers(desk)
    pressed = await desk.sandbox.click(MAYA, "open_composer", view=shown["id"])
    assert pressed["outcome"] == "acked"
    assert pressed["opens"] == urls_in(shown)[0]
    assert await count(desk) == 1


@pytest.mark.parametrize(
    ("values", "field", "said"),
    [
        ({"secret": SECRET}, "secret", "has been through Slack"),
        ({"passphrase": PASSPHRASE}, "passphrase", "The page outside Slack makes the passphrase"),
        ({"label": "  "}, "label", "Say in a few words"),
    ],
)
async def test_nothing_secret_is_typed_beside_it(desk: Desk, values: Json, field: str, said: str) -> None:
    """Refused beside its field, and nothing is ordered."""
    view = await desk.open_form("/sendsecret @noor")
    await desk.sandbox.fill(view["id"], {"label": LABEL, "delivery": OUTSIDE, **values})
    answer = await desk.sandbox.submit(view["id"])
    assert answer["outcome"] == "errors"
    assert said in answer["errors"][field]
    assert SECRET not in json.dumps(answer)
    assert await count(desk) == 0


async def test_without_it_an_empty_secret_is_refused(desk: Desk) -> None:
    """As before, and the other way is named."""
    view = await desk.open_form("/sendsecret @noor")
    await desk.sandbox.fill(view["id"], {"label": LABEL})
    answer = await desk.sandbox.submit(view["id"])
    assert 'choose "Type it outside Slack"' in answer["errors"]["secret"]


async def test_the_same_form_twice_shows_the_same_pages(desk: Desk) -> None:
    """A double click, and an answer that was lost: one order for each recipient."""
    view = await desk.open_form("/sendsecret @noor")
    await desk.sandbox.fill(view["id"], {"label": LABEL, "delivery": OUTSIDE})
    await asyncio.gather(desk.sandbox.submit(view["id"]), desk.sandbox.submit(view["id"]))
    shown = found(await desk.sandbox.wait_view(MAYA, "composers"))
    await desk.sandbox.redeliver(kind="interactive")
    again = desk.sandbox.envelopes()[-1]["reply"]["view"]
    assert urls_in(again) == urls_in(shown)
    assert await count(desk) == 1


async def test_a_store_that_is_away_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was sent; pressing Send again helps, and then there are pages."""

    async def away(*_: object) -> None:
        raise StoreUnavailableError

    view = await desk.open_form("/sendsecret @noor")
    await desk.sandbox.fill(view["id"], {"label": LABEL, "delivery": OUTSIDE})
    with monkeypatch.context() as broken:
        broken.setattr(orders, "place", away)
        answer = await desk.sandbox.submit(view["id"])
    assert "could not store" in answer["errors"]["recipients"]
    assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"


async def test_a_secret_that_is_too_long_for_the_form_opens_it_without(desk: Desk) -> None:
    """What was typed is dropped; the form says why, and the way that takes more is chosen."""
    view = await desk.open_form("/sendsecret @noor " + f"{SECRET} " * 200)
    assert SECRET not in json.dumps(view)
    assert "over 3,000 characters" in json.dumps(view)
    [way] = [block["element"] for block in view["blocks"] if block.get("block_id") == "delivery"]
    assert way["initial_option"]["value"] == OUTSIDE
    await desk.sandbox.fill(view["id"], {"label": LABEL})
    assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"
    assert urls_in(found(await desk.sandbox.wait_view(MAYA, "composers")))


async def test_a_lost_passphrase_of_it_starts_again_outside(desk: Desk) -> None:
    """The form comes back with the same way chosen."""
    [url] = urls_in(await composers(desk))
    await seal_outside(desk, url)
    await desk.press(MAYA, "lost_passphrase", contains="has the link")
    view = found(await desk.sandbox.wait_view(MAYA, "send_drop"))
    [way] = [block["element"] for block in view["blocks"] if block.get("block_id") == "delivery"]
    assert way["initial_option"]["value"] == OUTSIDE


async def test_a_bot_that_was_away_for_too_long_says_so(sandbox: Sandbox, sqlite_home: Home) -> None:
    """Undelivered after a quarter of an hour: its sender is told, by name, and nobody has a link."""
    async with working(sandbox, sqlite_home) as desk:
        [url] = urls_in(await composers(desk))
    await seal_outside(desk, url)
    sqlite_home.advance_clock(1000)
    async with working(sandbox, sqlite_home):
        told = found(await sandbox.wait_message(MAYA, contains="did not reach *Dana Okafor*"))
        assert LABEL in json.dumps(told["blocks"])
        assert not await sandbox.wait_message(DANA, contains="open_drop", seconds=0.1)
