"""Tokens end with what became of their owner: what Slack says of each, and what it does not say."""

import asyncio
from typing import Any, cast

import pytest

from bot.leavers import Leavers
from bot.policy import NONE, Policy, Senders
from bot.slack_calls import Slack, SlackBusyError, SlackError, SlackRefusedError, SlackUnansweredError
from sandbox.fixtures import AUDIT, DANA, MAYA, OLD, OTHER_TEAM, SAM, TEAM
from sandbox.running import Sandbox
from store import tokens
from store.opened import Store
from store.words import Event
from tests.bot.desk import found, working
from tests.store.test_tokens import said
from tests.stores import Home

WITH_GUESTS = Policy(who_may_send=Senders.WITH_GUESTS)
MEMBER: dict[str, Any] = {"team_id": TEAM}
GUEST = {**MEMBER, "is_restricted": True}
GONE = {**MEMBER, "deleted": True}


class Says:
    """Slack, as far as it says who somebody is; each answer once, the last one again and again."""

    def __init__(self, *answers: dict[str, Any] | SlackError) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def person(self, user_id: str) -> dict[str, Any]:
        """Whoever is asked for."""
        self.asked.append(user_id)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, SlackError):
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
