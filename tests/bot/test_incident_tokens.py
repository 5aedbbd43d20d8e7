"""A laptop is gone on which tokens lie: whoever has an office reads which and what for, and nobody else."""

import pytest

from bot import incident_standing, incident_wording
from sandbox.fixtures import AUDIT, DANA, OTHER_TEAM, SAM, TEAM
from store import tokens, tokens_of_a_person
from store.errors import StoreUnavailableError
from store.words import Actor, Event, Scope
from tests.bot import looking_back
from tests.bot.desk import Desk, found
from tests.bot.looking_back import PEOPLE, Screen, typed_by
from tests.store.asking import damaged
from tests.store.test_tokens import said
from tests.stores import Home

WORKING = incident_wording.TOKENS.partition("{")[0]
FOR = ("`send`", "`read`, `revoke`")


@pytest.mark.parametrize("who", ["sender", "administrator", "auditor"])
async def test_tokens_that_still_work_are_named(sqlite_home: Home, who: str) -> None:
    """Those of this workspace that have not ended, though nothing was handed over; none, and nothing is said."""
    async with sqlite_home.open("bot") as store:
        ended, _ = await tokens.make(store, TEAM, DANA)
        await tokens.revoke(store, ended.id, by=Actor.SENDER)
        working = [
            (await tokens.make(store, TEAM, DANA, scopes=frozenset(scopes), days=7))[0]
            for scopes in ({Scope.SEND}, {Scope.READ, Scope.REVOKE})
        ]
        foreign, _ = await tokens.make(store, OTHER_TEAM, DANA)
        screen = Screen()
        desk = looking_back.incident_desk(store, screen)
        await desk.answer(f"<@{DANA}>", typed_by(PEOPLE[who]))
        assert (f"{WORKING}2*" in screen.text) == (who != "sender")
        assert [one.id_text in screen.text for one in (*working, ended, foreign)] == [who != "sender"] * 2 + [False] * 2
        rights = [f"`{one.id_text}` for {scopes}, until" for one, scopes in zip(working, FOR, strict=True)]
        assert [one in screen.text for one in rights] == [who != "sender"] * 2
        assert ("with `read`, see what this person sent" in screen.text) == (who != "sender")
        await desk.answer("<@U0NEW>", typed_by(PEOPLE[who]))
        assert WORKING not in screen.text


async def test_a_damaged_row_hides_no_list(home: Home) -> None:
    """Not the drops, not the other tokens, nor itself: it is named, and ends with the others."""
    async with home.open("bot") as store:
        token, _ = await tokens.make(store, TEAM, DANA)
        other, _ = await tokens.make(store, TEAM, DANA)
        await damaged(store, token)
        screen = Screen()
        desk = looking_back.incident_desk(store, screen)
        await desk.answer(f"<@{DANA}>", typed_by(PEOPLE["administrator"]))
        assert all(one.id_text in screen.text for one in (token, other))
        await desk.end_tokens(screen.shown, PEOPLE["administrator"])
        assert incident_wording.TOKENS_ENDED.format(count=2) in screen.text
        assert await tokens.of_person(store, DANA) == []


@pytest.mark.parametrize("who", PEOPLE)
async def test_who_ends_them(sqlite_home: Home, who: str) -> None:
    """Administrators, all of this workspace at once; auditors read whom to ask, and no forged press does more."""
    is_admin = who in ("administrator", "both")
    async with sqlite_home.open("bot") as store:
        for _ in range(2):
            await tokens.make(store, TEAM, DANA)
        await tokens.make(store, OTHER_TEAM, DANA)
        await tokens.make(store, TEAM, "UOTHER")
        screen = Screen()
        desk = looking_back.incident_desk(store, screen)
        await desk.answer(f"<@{DANA}>", typed_by(PEOPLE[who]))
        assert (incident_standing.END_TOKENS in screen.text) == is_admin
        assert (f"Ask <@{SAM}>, <@{looking_back.BOTH}> at once to end them" in screen.text) == (who == "auditor")
        shown = screen.shown
        await desk.end_tokens(shown, PEOPLE[who])
        left = [1 if is_admin else 3, 1]
        assert [len(await tokens.of_person(store, one)) for one in (DANA, "UOTHER")] == left
        ends = [(one["by"], one["why"]) for one in await said(store, Event.TOKEN_REVOKED)]
        assert ends == [("admin", "incident")] * 2 * is_admin
        says = "*Tokens ended: 2.*" if is_admin else incident_wording.TOKENS_NOT_YOURS
        assert says in screen.text
        await desk.end_tokens(shown, PEOPLE[who])
        assert (incident_wording.TOKENS_ENDED_BEFORE in screen.text) == is_admin


async def test_a_store_that_is_away_is_said(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody believes that they ended."""

    async def away(*_given: object, **_also: object) -> int:
        raise StoreUnavailableError

    async with sqlite_home.open("bot") as store:
        screen = Screen()
        desk = looking_back.incident_desk(store, screen)
        await desk.answer(f"<@{DANA}>", typed_by(PEOPLE["administrator"]))
        monkeypatch.setattr(tokens_of_a_person, "end", away)
        await desk.end_tokens(screen.shown, PEOPLE["administrator"])
        assert incident_wording.STORE_AWAY in screen.text


async def test_the_security_team_reads_who_ended_them(desk: Desk) -> None:
    """By the button itself, through the whole bot."""
    async with desk.home.open("bot") as store:
        token, _ = await tokens.make(store, TEAM, DANA)
    await desk.sandbox.type(SAM, AUDIT, "/sendsecret incident @dana")
    shown = found(await desk.sandbox.wait_view(SAM, "incident", contains=incident_standing.END_TOKENS))
    await desk.sandbox.click(SAM, incident_standing.END_TOKENS, view=shown["id"])
    assert await desk.sandbox.wait_view(SAM, "incident", contains="Tokens ended: 1.")
    told = found(
        await desk.sandbox.wait_message(SAM, AUDIT, contains=f"`{token.id_text}` of *Dana Okafor* ended by an")
    )
    assert "ended by an administrator" in told["text"]
