"""The window of tokens: one is shown once, in the answer to its form, and ended by a button; nothing keeps it."""

import io
import json
from typing import Any, cast

import pytest

from bot import home_view, people, token_views, token_window
from bot import token_wording as wording
from bot.slack_calls import Slack
from sandbox.fixtures import DANA, MAYA, NOOR, TEAM
from store import tokens
from store.errors import StoreUnavailableError
from store.formats import api_token_v1, base64url
from store.words import Actor, Scope
from tests.bot.desk import Desk, Json, found
from tests.bot.test_home import home
from tests.bot.test_token_desk import TOKEN, typed
from tests.e2e.reading import like, words_of


async def opened(desk: Desk, user: str = MAYA, contains: str = token_views.SCOPES) -> Json:
    """Somebody presses the button in their Home tab."""
    tab = await home(desk, user, contains=home_view.TOKENS)
    await desk.sandbox.click(user, home_view.TOKENS, view=tab["id"])
    return found(await desk.sandbox.wait_view(user, token_views.CALLBACK, contains=contains))


async def made(desk: Desk, view: Json, *scopes: str, days: str = "90") -> Json:
    """The form, filled in and sent; Slack's answer."""
    await desk.sandbox.fill(view["id"], {token_views.SCOPES: list(scopes), token_views.DAYS: days})
    answer: Json = await desk.sandbox.submit(view["id"])
    return answer


def row_of(view: Json, name: str) -> str:
    """The block in which a token stands."""
    return next(str(b["block_id"]) for b in view["blocks"] if (b.get("accessory") or {}).get("value") == name)


async def test_a_token_is_shown_once_and_kept_nowhere(desk: Desk, everything_logged: io.StringIO) -> None:
    """In the answer to the form; never in a message, a value, private metadata, a call to Slack or the log."""
    view = await opened(desk)
    assert wording.NO_ROWS in words_of(view)
    assert (await made(desk, view, "read", "revoke", days="7"))["outcome"] == "update"
    shown = found(desk.view())
    assert like(wording.SHOWN).search(words_of(shown))
    [text] = TOKEN.findall(json.dumps(shown["blocks"]))
    assert "submit" not in shown or shown["submit"] is None
    assert text not in str(shown.get("private_metadata"))
    held = (await tokens.find(desk.store, api_token_v1.parse(text)))[1]
    assert held.scopes == {Scope.READ, Scope.REVOKE}
    assert round((held.until - held.created_at) / 86_400_000) == 7
    again = await opened(desk)
    assert base64url.encode(held.id) in words_of(again)
    assert not TOKEN.search(json.dumps(again))
    assert text not in everything_logged.getvalue()
    assert [one.method for one in desk.sandbox.workspace.calls if text in str(one)] == []


async def test_a_token_is_ended_by_its_button(desk: Desk) -> None:
    """After a question; it opens nothing from then on, and the others stay."""
    async with desk.home.open("bot") as bot:
        first, other = [(await tokens.make(bot, TEAM, MAYA))[0] for _ in range(2)]
    view = await opened(desk, contains=first.id_text)
    press: dict[str, Any] = {"view": view["id"], "block_id": row_of(view, first.id_text)}
    await desk.sandbox.click(MAYA, token_views.END, **press, confirmed=False)
    assert len(await tokens.of_person(desk.store, MAYA)) == 2
    await desk.sandbox.click(MAYA, token_views.END, **press)
    shown = found(await desk.sandbox.wait_view(MAYA, token_views.CALLBACK, contains=f"Ended: `{first.id_text}`"))
    assert [one.id for one in await tokens.of_person(desk.store, MAYA)] == [other.id]
    assert other.id_text in words_of(shown)


async def test_what_is_filled_in_wrongly_is_said(desk: Desk) -> None:
    """At its field; no token is made."""
    view = await opened(desk)
    assert (await made(desk, view))["outcome"] == "refused"  # by Slack itself, at what must be ticked
    for days in ("0", "91", "x", "1.5", "\u0661"):
        assert (await made(desk, view, "read", days=days))["errors"] == {token_views.DAYS: wording.NO_DAYS}
    assert await tokens.of_person(desk.store, MAYA) == []
    async with desk.home.open("bot") as bot:
        for _ in range(tokens.MOST_LIVE):
            await tokens.make(bot, TEAM, MAYA)
    assert (await made(desk, view, "read"))["errors"] == {token_views.SCOPES: wording.TOO_MANY_HERE}


async def test_a_form_made_by_hand_is_for_something(desk: Desk) -> None:
    """What Slack refuses to send is refused here, too."""
    answers: list[Any] = []

    async def ack(**answer: Any) -> None:
        answers.append(answer)

    window = token_window.TokenWindow(desk.store, cast("Slack", None), cast("people.People", None), TEAM)
    days = {token_views.DAYS: {token_views.DAYS: {"value": "7"}}}
    await window.make(ack, {"user": {"id": MAYA}, "view": {"id": "V1", "state": {"values": days}}})
    assert answers == [{"response_action": "errors", "errors": {token_views.SCOPES: wording.NO_SCOPE}}]


async def test_a_form_that_comes_twice_makes_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack sends again what it thinks was not answered: it is told so, and the first answer has the token."""
    answers: list[Any] = []
    make = token_window.TokenWindow.make

    async def noted(window: token_window.TokenWindow, ack: Any, body: Any) -> None:
        async def both(**answer: Any) -> None:
            answers.append(answer)
            await ack(**answer)

        await make(window, both, body)

    monkeypatch.setattr(token_window.TokenWindow, "make", noted)
    await made(desk, await opened(desk), "read")
    await desk.sandbox.redeliver(kind="interactive")
    assert [answer["response_action"] for answer in answers] == ["update", "errors"]
    assert answers[1]["errors"] == {token_views.SCOPES: wording.MADE_ALREADY}
    assert len(await tokens.of_person(desk.store, MAYA)) == 1


async def test_a_guest_makes_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """No button for them; and somebody who is one by the time of the form is told so."""
    monkeypatch.setattr(people, "_FRESH_SECONDS", 0)
    assert home_view.TOKENS not in json.dumps(await home(desk, DANA))
    view = await opened(desk, NOOR)
    desk.sandbox.workspace.people[NOOR].is_restricted = True
    assert (await made(desk, view, "read"))["errors"] == {token_views.SCOPES: wording.MAY_NOT_NOW}
    assert await tokens.of_person(desk.store, NOOR) == []


async def test_what_ended_before_is_said(desk: Desk) -> None:
    """On an older screen."""
    async with desk.home.open("bot") as bot:
        token, _ = await tokens.make(bot, TEAM, MAYA)
        view = await opened(desk, contains=token.id_text)
        await tokens.revoke(bot, token.id, by=Actor.ADMIN)
    await desk.sandbox.click(MAYA, token_views.END, view=view["id"], block_id=row_of(view, token.id_text))
    assert await desk.sandbox.wait_view(MAYA, token_views.CALLBACK, contains=wording.ENDED_BEFORE)


async def test_somebody_elses_token_is_not_ended(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever name a press brings along."""
    async with desk.home.open("bot") as bot:
        theirs, _ = await tokens.make(bot, TEAM, NOOR)
        mine, _ = await tokens.make(bot, TEAM, MAYA)
    end = token_window.TokenWindow.end
    for name in (theirs.id_text, "x"):
        view = await opened(desk, contains=mine.id_text)

        async def another(window: token_window.TokenWindow, body: Any, _: str, name: str = name) -> None:
            await end(window, body, name)

        monkeypatch.setattr(token_window.TokenWindow, "end", another)
        await desk.sandbox.click(MAYA, token_views.END, view=view["id"], block_id=row_of(view, mine.id_text))
        assert await desk.sandbox.wait_view(MAYA, token_views.CALLBACK, contains=wording.ENDED_BEFORE)
    assert len(await tokens.of_person(desk.store, NOOR)) == len(await tokens.of_person(desk.store, MAYA)) == 1


async def test_whoever_cannot_be_looked_up_gets_none(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack does not say who they are."""
    monkeypatch.setattr(people, "_FRESH_SECONDS", 0)
    view = await opened(desk)
    desk.sandbox.fault("users.info", "error")
    assert (await made(desk, view, "read"))["errors"] == {token_views.SCOPES: wording.WINDOW_UNKNOWN}
    assert await tokens.of_person(desk.store, MAYA) == []


async def test_a_database_that_is_away_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the window, and at the form; nothing was changed, and the form can be sent again."""
    view = await opened(desk)

    async def away(*_: object, **__: object) -> None:
        raise StoreUnavailableError

    with monkeypatch.context() as broken:
        broken.setattr(tokens, "make", away)
        assert (await made(desk, view, "read"))["errors"] == {token_views.SCOPES: wording.WINDOW_AWAY}
    assert (await made(desk, view, "read"))["outcome"] == "update"
    monkeypatch.setattr(tokens, "of_person", away)
    await opened(desk, contains=wording.WINDOW_AWAY)


async def test_what_nobody_foresaw_locks_no_form(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Slack shows its own sentence, and the form can be sent again."""
    view = await opened(desk)

    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as at_first:
        at_first.setattr(tokens, "make", broken)
        assert (await made(desk, view, "read"))["outcome"] != "update"
    assert (await made(desk, view, "read"))["outcome"] == "update"


async def test_a_window_that_slack_does_not_open_is_said(desk: Desk) -> None:
    """To whoever pressed."""
    tab = await home(desk, contains=home_view.TOKENS)
    desk.sandbox.fault("views.open", "error", error="expired_trigger_id")
    await desk.sandbox.click(MAYA, home_view.TOKENS, view=tab["id"])
    assert await desk.sandbox.wait_message(MAYA, contains="Slack did not let me open the window with your tokens")


async def test_the_command_makes_what_is_named(desk: Desk) -> None:
    """One word or several, in any case; what begins with `revoke` makes none, and alone shows what there is."""
    for words, scopes in (("send", {Scope.SEND}), ("READ revoke", {Scope.READ, Scope.REVOKE})):
        said = await typed(desk, words)
        assert like(wording.MADE if scopes == {Scope.SEND} else wording.MADE_FOR).search(said)
        [text] = TOKEN.findall(said)
        assert (await tokens.find(desk.store, api_token_v1.parse(text)))[1].scopes == scopes
    assert "`read`, `revoke`" in await typed(desk, "revoke")
    for words in ("revoke read", "Revoke send READ", "revoke revoke"):
        assert await typed(desk, words) == wording.REVOKE_WHICH
    assert len(await tokens.of_person(desk.store, MAYA)) == 2
    assert await typed(desk, "read everything") == wording.USAGE
