"""The workspace's people by name: read page by page, however often Slack wants to be left alone in between."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot import directory
from bot.directory import Directory
from bot.slack_calls import SlackBusyError, SlackError, SlackRefusedError, SlackUnansweredError

TEAM = "T1"


def user(number: int, name: str) -> dict[str, Any]:
    """A `user` object."""
    return {"id": f"U{number}", "team_id": TEAM, "name": name, "real_name": name, "profile": {"display_name": name}}


@dataclass
class Paged:
    """A Slack of three pages, with one person each; what it fails with is used up one a call, None for none."""

    failures: list[SlackError | None] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    async def members(self, cursor: str) -> tuple[list[dict[str, Any]], str]:
        """As bot.slack_calls.Slack.members."""
        self.asked.append(cursor)
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None:
            raise failure
        number = int(cursor or 0)
        return [user(number, ("dana", "noor", "dana")[number])], str(number + 1) if number < 2 else ""


def reading(slack: Paged) -> Directory:
    """Reads from it."""
    return Directory(slack, TEAM)  # type: ignore[arg-type]


@pytest.mark.parametrize("failure", [SlackBusyError(1.0), SlackUnansweredError("no answer")])
async def test_what_was_read_is_not_read_again(failure: SlackError) -> None:
    """In a large workspace Slack breaks in before the end each time; whoever began again would never get there."""
    slack = Paged([None, failure, None, failure, None])
    people = reading(slack)
    for _ in range(2):
        with pytest.raises(type(failure)):
            await people.find("dana")
    assert [person.id for person in await people.find("dana")] == ["U0", "U2"]
    assert slack.asked == ["", "1", "1", "2", "2"]
    assert [person.id for person in await people.find("@Noor")] == ["U1"]


async def test_a_cursor_that_slack_knows_no_more_is_given_up() -> None:
    """Otherwise nobody would be found any more until the bot is started again."""
    slack = Paged([None, SlackRefusedError("invalid_cursor")])
    people = reading(slack)
    with pytest.raises(SlackRefusedError):
        await people.find("dana")
    assert [person.id for person in await people.find("dana")] == ["U0", "U2"]
    assert slack.asked == ["", "1", "", "1", "2"]


async def test_pages_from_long_ago_are_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody may have taken another name since."""
    slack = Paged([None, SlackBusyError(1.0)])
    people = reading(slack)
    with pytest.raises(SlackBusyError):
        await people.find("dana")
    monkeypatch.setattr(directory, "_FRESH_SECONDS", -1.0)
    await people.find("dana")
    assert slack.asked[2:] == ["", "1", "2"]


async def test_who_comes_while_it_is_read_is_told_to_come_back() -> None:
    """Eight names that waited for Slack's slow pages would keep everybody else's orders from their answers."""
    slack, may_go = Paged(), asyncio.Event()
    members = slack.members

    async def slow(cursor: str) -> tuple[list[dict[str, Any]], str]:
        await may_go.wait()
        return await members(cursor)

    slack.members = slow  # type: ignore[method-assign]
    people = reading(slack)
    first = asyncio.create_task(people.find("dana"))
    await asyncio.sleep(0)
    with pytest.raises(SlackBusyError):
        async with asyncio.timeout(1):
            await people.find("noor")
    may_go.set()
    assert [person.id for person in await first] == ["U0", "U2"]
    assert [person.id for person in await people.find("noor")] == ["U1"]
