"""Tokens end with what became of their owner: what Slack says of each, and what it does not say."""

import asyncio
from typing import Any, cast

import pytest

from bot.leavers import Leavers
from bot.policy import NONE, Policy, Senders
from bot.slack_calls import Slack, SlackBusyError, SlackError, SlackRefusedError, SlackUnansweredError
from sandbox.fixtures import AUDIT, DANA, MAYA, OLD, OTHER_TEAM, SAM, TEAM
from sandbox.running import Sandbox
from store import tokens, tokens_of_a_person
from store.errors import KeyUnreadableError, StoreUnavailableError
from store.opened import Store
from store.words import Event
from tests.bot.desk import found, working
from tests.store.asking import damaged
from tests.store.test_tokens import said
from tests.stores import Home

WITH_GUESTS = Policy(who_may_send=Senders.WITH_GUESTS)
MEMBER: dict[str, Any] = {"team_id": TEAM}
GUEST = {**MEMBER, "is_restricted": True}
GONE = {**MEMBER, "deleted": True}


class Says:
    """Slack, as far as it says who somebody is; each answer once, the last one again and again."""

    def __init__(self, *answers: dict[str, Any] | Exception) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def person(self, user_id: str) -> dict[str, Any]:
        """Whoever is asked for."""
        self.asked.append(user_id)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return {"id": user_id, **answer}


def leavers(store: Store, slack: Says, policy: Policy = NONE) -> Leavers:
    """The loop with this Slack."""
    return Leavers(store, cast("Slack", slack), TEAM, policy)


@pytest.mark.parametrize(
    ("answer", "policy", "why"),
    [
        (MEMBER, NONE, None),
        (GONE, NONE, "left"),
        (GONE, WITH_GUESTS, "left"),
        (GUEST, NONE, "may_not_send"),
        (GUEST, WITH_GUESTS, None),
        ({"team_id": OTHER_TEAM}, WITH_GUESTS, "may_not_send"),
        (SlackRefusedError("user_not_found"), NONE, "left"),
        (SlackRefusedError("user_not_visible"), NONE, None),
        (SlackRefusedError("missing_scope"), NONE, None),
        (SlackUnansweredError("no answer"), NONE, None),
        (SlackBusyError(0.0), NONE, None),
    ],
)
async def test_what_becomes_of_tokens(
    sqlite_home: Home, answer: dict[str, Any] | SlackError, policy: Policy, why: str | None
) -> None:
    """All of an owner's end where Slack says that they may have none, once; where it says nothing, none does."""
    async with sqlite_home.open("bot") as store:
        for _ in range(2):
            await tokens.make(store, TEAM, MAYA)
        slack = Says(answer)
        for _ in range(2):
            await leavers(store, slack, policy).look(asyncio.Event())
        assert len(await tokens.of_person(store, MAYA)) == (0 if why else 2)
        ends = [(one["by"], one["why"]) for one in await said(store, Event.TOKEN_REVOKED)]
        assert ends == ([("clock", why)] * 2 if why else [])
        assert set(slack.asked) == {MAYA}


async def test_of_another_workspace_nobody_is_asked(home: Home) -> None:
    """Our Slack knows nobody of it, and would say so of each; and of two owners one is ended."""
    async with home.open("bot") as store:
        await tokens.make(store, OTHER_TEAM, MAYA)
        await tokens.make(store, TEAM, DANA)
        await tokens.make(store, TEAM, OLD)
        slack = Says(MEMBER, GONE)
        await leavers(store, slack).look(asyncio.Event())
        assert slack.asked == [DANA, OLD]
        live = [owner.user_id for owner, _ in await tokens.everybodys(store) if owner]
        assert live == [MAYA, DANA]


async def test_one_that_fails_keeps_no_other_from_their_look(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """What nobody has thought of in one owner's answer, and a key that is away for another, protect nobody else's."""
    end = tokens_of_a_person.end

    async def unreadable_for_old(store: Store, user_id: str, *more: Any, **named: Any) -> int:
        if user_id == OLD:
            raise KeyUnreadableError("the key of a month is absent")
        return await end(store, user_id, *more, **named)

    async with home.open("bot") as store:
        for owner in (MAYA, OLD, DANA):
            await tokens.make(store, TEAM, owner)
        monkeypatch.setattr(tokens_of_a_person, "end", unreadable_for_old)
        slack = Says(TypeError("nobody has thought of this"), GONE)
        await leavers(store, slack).look(asyncio.Event())
        assert slack.asked == [MAYA, OLD, DANA]
        assert [len(await tokens.of_person(store, one)) for one in (MAYA, OLD, DANA)] == [1, 1, 0]


async def test_a_store_that_is_away_is_asked_once_an_hour(sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is away for each of a thousand owners: the look ends, and the next one begins anew."""

    async def away(*_: Any, **__: Any) -> int:
        raise StoreUnavailableError("the database does not answer")

    async with sqlite_home.open("bot") as store:
        for owner in (OLD, DANA):
            await tokens.make(store, TEAM, owner)
        monkeypatch.setattr(tokens_of_a_person, "end", away)
        slack = Says(GONE)
        with pytest.raises(StoreUnavailableError):
            await leavers(store, slack).look(asyncio.Event())
        assert slack.asked == [OLD]


async def test_a_damaged_row_protects_nothing_of_whoever_left(home: Home) -> None:
    """Their other token says whose they are; what is damaged serves nobody, and ends with it."""
    async with home.open("bot") as store:
        await tokens.make(store, TEAM, OLD)
        token, _ = await tokens.make(store, TEAM, OLD)
        await damaged(store, token)
        await tokens.make(store, TEAM, DANA)
        await leavers(store, Says(GONE)).look(asyncio.Event())
        assert await tokens.everybodys(store) == []


async def test_a_busy_slack_is_asked_again_and_a_stop_is_heard(sqlite_home: Home) -> None:
    """With hundreds of owners Slack says so now and then; the bot must not wait for it when it is to end."""
    async with sqlite_home.open("bot") as store:
        await tokens.make(store, TEAM, MAYA)
        stop, busy = asyncio.Event(), SlackBusyError(3600.0)
        looking = asyncio.create_task(leavers(store, Says(busy)).run(stop))
        await asyncio.sleep(0)
        stop.set()
        async with asyncio.timeout(20):
            await looking
        assert len(await tokens.of_person(store, MAYA)) == 1
        await leavers(store, Says(SlackBusyError(0.0), GONE)).look(asyncio.Event())
        assert await tokens.of_person(store, MAYA) == []


async def test_the_security_team_reads_why(sandbox: Sandbox, sqlite_home: Home) -> None:
    """By the whole bot, as soon as it starts: who left while it was down is not to wait for an hour."""
    async with sqlite_home.open("bot") as store:
        token, _ = await tokens.make(store, TEAM, OLD)
        await tokens.make(store, TEAM, MAYA)
    async with working(sandbox, sqlite_home) as desk:
        told = found(await sandbox.wait_message(SAM, AUDIT, contains="is no longer in the workspace"))
        assert f"Token `{token.id_text}` of *Olga Brandt* ended" in told["text"]
        assert len(await tokens.of_person(desk.store, MAYA)) == 1
