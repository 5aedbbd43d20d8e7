"""The workspace's people by name: read page by page, however often Slack wants to be left alone in between."""

import asyncio
from dataclasses import dataclass, field
from types import SimpleNamespace
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
    listed: list[dict[str, Any]] = field(
        default_factory=lambda: [user(number, name) for number, name in enumerate(("dana", "noor", "dana"))]
    )

    async def members(self, cursor: str) -> tuple[list[dict[str, Any]], str]:
        """As bot.slack_calls.Slack.members."""
        self.asked.append(cursor)
        failure = self.failures.pop(0) if self.failures else None
        if failure is not None:
            raise failure
        number = int(cursor or 0)
        return [self.listed[number]], str(number + 1) if number < 2 else ""


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
    """Somebody may have taken another name since the first of them, however short the pauses were."""
    present = 0.0
    monkeypatch.setattr(directory, "time", SimpleNamespace(monotonic=lambda: present))
    slack = Paged([None, SlackBusyError(1.0)] * 5)
    people = reading(slack)
    monkeypatch.setattr(directory, "_READING_SECONDS", 500.0, raising=False)
    for present in (0.0, 290.0):  # noqa: B007 - the clock reads it
        with pytest.raises(SlackBusyError):
            await people.find("dana")
    present = 580.0
    with pytest.raises(SlackBusyError):
        await people.find("dana")
    assert slack.asked == ["", "1", "1", "2", "", "1"]


async def test_whoever_stands_on_two_pages_is_one_person() -> None:
    """The pages move when somebody comes or goes while they are read; no name becomes ambiguous by that."""
    moved = [user(1, "noor"), user(0, "dana"), user(1, "noor_k")]
    people = reading(Paged(listed=moved))
    assert [person.id for person in await people.find("dana")] == ["U0"]
    assert [person.id for person in await people.find("noor_k")] == ["U1"]
    assert await people.find("noor") == []


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
