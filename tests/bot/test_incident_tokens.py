"""A laptop is gone on which tokens lie: whoever has an office reads which and what for, and nobody else."""

import pytest

from bot import incident_wording
from sandbox.fixtures import DANA, OTHER_TEAM, TEAM
from store import tokens
from store.words import Actor, Scope
from tests.bot import looking_back
from tests.bot.looking_back import PEOPLE, Screen, typed_by
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
