"""Each rule of the policy, held at the moment of acting, wherever somebody can act."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.passphrases import TooShortError, typed
from sandbox.fixtures import DANA, GENERAL, KAI, LEE, MAYA, MAYA_DANA, NOOR, OLD, PIA, PROJECT
from sandbox.running import Sandbox
from store import orders
from store.words import Verify
from tests.bot.desk import SECRET, Desk, Json, found, working
from tests.bot.sealing_outside import order_in, urls_in
from tests.bot.test_orders_asked import ask, token_of, why
from tests.stores import Home


@pytest.fixture
def held(sandbox: Sandbox, sqlite_home: Home, tmp_path: Path) -> Any:
    """A workplace with a policy."""

    @asynccontextmanager
    async def under(policy: str, **changed: object) -> AsyncIterator[Desk]:
        file = tmp_path / "policy.yml"
        file.write_text(policy)
        async with working(sandbox, sqlite_home, policy_file=file, **changed) as desk:
            yield desk

    return under


def _inputs(view: Json) -> dict[str, Json]:
    return {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}


async def test_guests_send_where_they_may(held: Any) -> None:
    """By the command, by asking, and from the command line."""
    async with held("who_may_send: members-and-guests") as desk:
        await desk.sandbox.type(DANA, MAYA_DANA, f"/sendsecret @noor {SECRET}")
        view = found(await desk.sandbox.wait_view(DANA, "send_drop"))
        await desk.sandbox.fill(view["id"], {"label": "key"})
        assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"
        assert await desk.sandbox.wait_message(NOOR, contains="open_drop")
        await desk.sandbox.type(LEE, PROJECT, "/sendsecret request @maya a key")
        assert await desk.sandbox.wait_message(MAYA, contains="open_composer")
        await desk.sandbox.type(LEE, PROJECT, "/sendsecret token")
        assert await desk.sandbox.wait_message(LEE, contains="A token for the command line", ephemeral=True)
        assert await why(desk, await token_of(desk, DANA), to=OLD) != "may-not-send"


async def test_only_the_spans_of_the_list_are_taken(held: Any) -> None:
    """In the form, in one that was opened before, and from a client."""
    async with held("") as desk:
        view = await desk.open_form("/sendsecret @noor")
        await desk.fill(view, expires="4 hours")
    async with held("expires: [2h, 24h]") as desk:
        assert "Choose how long" in (await desk.sandbox.submit(view["id"]))["errors"]["expires"]
        form = _inputs(await desk.open_form("/sendsecret @noor"))
        assert [option["value"] for option in form["expires"]["options"]] == ["7200", "86400"]
        assert form["expires"]["initial_option"]["value"] == "86400"
        assert await why(desk, await token_of(desk), lives_seconds=3600) == "span"
        assert await why(desk, await token_of(desk), to=OLD, lives_seconds=7200) == "is-gone"


async def test_a_passphrase_of_ones_own_is_long_enough(held: Any) -> None:
    """As the policy counts, and the form says so beforehand."""
    async with held("passphrase_least: 6") as desk:
        view = await desk.open_form("/sendsecret @noor")
        assert "6 characters at least" in json.dumps(view)
        await desk.fill(view, passphrase="12345")
        assert "Too short: 6 characters" in (await desk.sandbox.submit(view["id"]))["errors"]["passphrase"]
        await desk.sandbox.fill(view["id"], {"passphrase": "123456"})
        assert (await desk.sandbox.submit(view["id"]))["outcome"] == "update"


def test_what_does_not_count_does_not_make_it_longer() -> None:
    """Blanks at the ends and between digits are no characters of a passphrase."""
    with pytest.raises(TooShortError):
        typed(" 12 34 5 ", 6)
    assert typed("12 34 56", 6).form == "digits"


async def test_nothing_goes_outside_where_that_is_refused(held: Any) -> None:
    """Not to another company's people, not shown for a stranger, not to an address; by no way."""
    async with held("") as desk:
        await desk.send("/sendsecret @pia", recipients=[PIA])
        before = await desk.open_form("/sendsecret dana@example.com")
        await desk.fill(before)
    async with held("outside_recipients: refuse") as desk:
        answer = await desk.sandbox.submit(before["id"])
        assert "dana@example.com is outside this company" in answer["errors"]["addresses"]
        view = await desk.open_form("/sendsecret @noor")
        for chosen, name in (
            ({"recipients": [NOOR, PIA]}, "Pia Moreau"),
            ({"recipients": [KAI], "delivery": "shown"}, "Kai Ito"),
            ({"recipients": [PIA], "delivery": "outside", "secret": ""}, "Pia Moreau"),
        ):
            await desk.fill(view, **chosen)
            answer = await desk.sandbox.submit(view["id"])
            assert f"{name} is outside this company" in answer["errors"]["recipients"]
        await desk.sandbox.type(MAYA, GENERAL, "/sendsecret dana@example.com")
        assert await desk.told(MAYA, "not to be sent to e-mail addresses")
        await desk.press(MAYA, "lost_passphrase", contains="lost_passphrase")
        assert await desk.told(MAYA, "secrets are not to be sent there from here. Ask whoever runs")
        await desk.press(MAYA, "again", contains='"again"')
        assert await desk.told(MAYA, "there from here. Nothing was changed.")
        token = await token_of(desk)
        assert await why(desk, token, to=PIA, anyway=True) == "not-outside"
        assert await why(desk, token, to=OLD) == "is-gone"


@pytest.mark.parametrize(
    ("rule", "is_taken", "said"), [("accept", True, ""), ("refuse", False, "Rotate it, and paste")]
)
async def test_a_secret_on_the_line(held: Any, rule: str, is_taken: bool, said: str) -> None:
    """It fills the form without a word, or the form opens empty and says why."""
    async with held(f"text_on_the_line: {rule}") as desk:
        view = await desk.open_form(f"/sendsecret @noor {SECRET}")
        assert (_inputs(view)["secret"].get("initial_value") == SECRET) == is_taken
        assert (SECRET in json.dumps(view)) == is_taken
        assert ("has been through Slack" in json.dumps(view)) == (not is_taken)
        assert said in json.dumps(view)


async def test_everybody_must_press_where_that_is_required(held: Any) -> None:
    """What goes to a DM asks for it; every other way is refused, in forms of before too."""
    async with held("") as desk:
        before = await desk.open_form("/sendsecret @noor")
        await desk.fill(before, delivery="shown")
    async with held("verify: required") as desk:
        assert "must press a button" in (await desk.sandbox.submit(before["id"]))["errors"]["recipients"]
        for line in ("/sendsecret here @dana", "/sendsecret dana@example.com"):
            await desk.sandbox.type(MAYA, MAYA_DANA, f"{line} {SECRET}")
            assert await desk.told(MAYA, "must press a button")
        await desk.sandbox.type(MAYA, MAYA_DANA, "/sendsecret help")
        helped = await desk.told(MAYA, "How to hand over a secret")
        assert "sendsecret here" not in json.dumps(helped)
        assert "e-mail" not in json.dumps(helped)
        form = await desk.open_form("/sendsecret @noor")
        ways = [option["value"] for option in _inputs(form)["delivery"]["options"]]
        assert ways == ["dm", "outside"]
        await desk.fill(form)
        assert (await desk.sandbox.submit(form["id"]))["outcome"] == "update"
        drop = await desk.drop(await desk.link(NOOR))
        assert drop.verify is Verify.SLACK
        page = await desk.open_form("/sendsecret @noor")
        await desk.fill(page, secret="", delivery="outside")
        assert (await desk.sandbox.submit(page["id"]))["outcome"] == "update"
        [url] = urls_in(found(await desk.sandbox.wait_view(MAYA, "composers")))
        await desk.sandbox.type(MAYA, GENERAL, "/sendsecret request @noor key")
        [asked] = urls_in(found(await desk.sandbox.wait_message(NOOR, contains="open_composer")))
        for address in (url, asked):
            terms = (await orders.look(desk.store, order_in(address))).terms
            assert terms is not None
            assert terms.verify == Verify.SLACK
        seen = await ask(desk, await token_of(desk))
        assert seen.terms is not None
        assert seen.terms.verify == Verify.SLACK
