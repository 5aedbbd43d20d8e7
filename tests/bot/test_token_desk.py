"""`/sendsecret token`: shown once, to a member, and ended where it could not be shown; nothing of it is logged."""

import io
import re

import pytest

from bot import token_wording as wording
from bot.mrkdwn import Markup
from bot.people import People
from bot.slack_calls import Slack
from bot.token_desk import TokenDesk
from sandbox.fixtures import DANA, GENERAL, MAYA, MAYA_DANA
from store import tokens
from store.errors import StoreUnavailableError
from store.formats import api_token_v1
from tests.bot.desk import Desk
from tests.e2e.reading import like

TOKEN = re.compile(r"sst_[A-Za-z0-9_-]{64}")


async def typed(desk: Desk, words: str, user: str = MAYA) -> str:
    """Somebody types the command; what only they read."""
    before = desk.sandbox.workspace.new_ts()
    place = MAYA_DANA if user == DANA else GENERAL
    await desk.sandbox.type(user, place, f"/sendsecret token {words}")

    def look() -> str | None:
        seen = desk.sandbox.messages(user, place)
        return next((str(one["text"]) for one in seen if one["ts"] > before and one.get("seen_by") == user), None)

    answer = await desk.sandbox.workspace.changes.until(look, 20)
    assert answer is not None
    return answer


async def test_a_token_from_its_making_to_its_end(desk: Desk, everything_logged: io.StringIO) -> None:
    """Made, found, listed by its name alone, ended."""
    made = await typed(desk, "")
    assert like(wording.MADE).search(made)
    [text] = TOKEN.findall(made)
    token = api_token_v1.parse(text)
    assert (await tokens.find(desk.store, token))[0].user_id == MAYA
    shown = await typed(desk, "revoke")
    assert token.id_text in shown
    assert not TOKEN.search(shown)
    assert like(wording.REVOKED).search(await typed(desk, f"revoke {token.id_text}"))
    assert await typed(desk, f"revoke {token.id_text}") == wording.NOT_YOURS
    assert await typed(desk, "list") == wording.NONE
    assert text not in everything_logged.getvalue()
    assert [one.method for one in desk.sandbox.workspace.calls if text in str(one)] == []


async def test_only_members_have_one_and_end_their_own(desk: Desk) -> None:
    """A guest has none made; somebody else's name ends nothing."""
    assert await typed(desk, "", DANA) == wording.MAY_NOT
    [text] = TOKEN.findall(await typed(desk, ""))
    name = api_token_v1.parse(text).id_text
    assert await typed(desk, f"revoke {name}", DANA) == wording.NOT_YOURS
    assert await typed(desk, f"revoke {text}") == wording.USAGE
    assert like(wording.REVOKED_ALL).fullmatch(await typed(desk, "revoke all"))
    assert await tokens.of_person(desk.store, MAYA) == []


class _Deaf(Slack):
    """Takes no answer by a response URL."""

    async def reply(self, response_url: str, text: Markup) -> None:
        raise KeyError("response_url")


async def test_a_token_that_nobody_saw_is_ended(desk: Desk) -> None:
    """And no message that stays has it: the person is told to ask again."""
    async with _Deaf(desk.sandbox.bot_token, desk.sandbox.api_url) as slack, desk.home.open("bot") as store:
        token_desk = TokenDesk(store, slack, People(slack, "T0SANDBOX1"), "T0SANDBOX1")
        await token_desk.answer("", {"user_id": MAYA, "response_url": "x"})
    message = await desk.sandbox.wait_message(MAYA, contains="Slack did not show it to you")
    assert message is not None
    assert message["text"] == wording.NOT_SHOWN
    assert await tokens.of_person(desk.store, MAYA) == []
    assert not TOKEN.search(str(desk.sandbox.messages(MAYA, message["conversation"])))


async def test_whoever_cannot_be_looked_up_gets_none(desk: Desk) -> None:
    """Slack did not say who they are."""
    desk.sandbox.fault("users.info", "error")
    assert await typed(desk, "") == wording.UNKNOWN
    assert await tokens.of_person(desk.store, MAYA) == []


async def test_a_database_that_is_away_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was changed."""

    async def away(*_: object) -> None:
        raise StoreUnavailableError

    monkeypatch.setattr(tokens, "of_person", away)
    assert await typed(desk, "list") == wording.STORE_AWAY
