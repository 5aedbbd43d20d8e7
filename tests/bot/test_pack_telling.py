"""Telling of packs: what Slack does not take is told later, and nobody gets a link who may not have one by then."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.message import Message
from bot.pack_telling import PackTelling
from bot.slack_calls import SlackBusyError, SlackRefusedError, SlackUnansweredError
from store.deliveries import Place
from store.evidence import owed
from store.opened import Store
from tests.store.packs import kept
from tests.stores import Home


class PretendSlack:
    """Takes posts, or raises what it is given first."""

    def __init__(self, *trouble: Exception) -> None:
        self.trouble = list(trouble)
        self.posted: list[tuple[str, str]] = []

    async def open_dm(self, user_id: str) -> str:
        """Everybody has one."""
        return f"D{user_id}"

    async def post(self, channel: str, message: Message) -> Place:
        """Remember it."""
        if self.trouble:
            raise self.trouble.pop(0)
        self.posted.append((channel, message.text))
        return Place(channel, "1.0")


class Nobody:
    """Slack does not say who anybody is."""

    async def find(self, user_id: str) -> None:
        """Never."""


@pytest.fixture
async def store(sqlite_home: Home, tmp_path: Path) -> AsyncIterator[Store]:
    """An installation with a pack of which nobody was told."""
    async with sqlite_home.open("bot") as store:
        await kept(store.db, tmp_path / "zip")
        yield store


Telling = Callable[..., PackTelling]


def telling(
    store: Store, slack: PretendSlack, *, may: tuple[str, ...] = ("U0SAM",), channel: str | None = "C1"
) -> PackTelling:
    nobody: Any = Nobody()
    pretend: Any = slack
    return PackTelling(store, pretend, nobody, may, channel)


async def drained(told: PackTelling) -> None:
    while await told._once():
        pass


async def test_everybody_is_told_once(store: Store) -> None:
    """Whoever asked in their DM, and the audit channel; a name that Slack does not say is an id."""
    slack = PretendSlack()
    await drained(telling(store, slack))
    await drained(telling(store, slack))
    assert [channel for channel, _ in slack.posted] == ["DU0SAM", "C1"]
    assert "made for *U0SAM*" in slack.posted[1][1]


@pytest.mark.parametrize(
    ("trouble", "seconds"),
    [
        (SlackBusyError(30), 30),
        (SlackUnansweredError("no answer"), 2),
        (SlackRefusedError("account_inactive"), 2),
    ],
)
async def test_what_slack_does_not_take_is_told_later(
    store: Store, sqlite_home: Home, trouble: Exception, seconds: int
) -> None:
    """As long after as Slack says, or after a pause; nobody else waits for it."""
    sqlite_home.hold_clock()
    slack = PretendSlack(trouble)
    told = telling(store, slack)
    await drained(told)
    assert [channel for channel, _ in slack.posted] == ["C1"]
    sqlite_home.advance_clock(seconds - 1)
    await drained(told)
    assert len(slack.posted) == 1
    sqlite_home.advance_clock(1)
    await drained(told)
    assert [channel for channel, _ in slack.posted] == ["C1", "DU0SAM"]


async def test_the_pause_grows_and_has_an_end(store: Store, sqlite_home: Home) -> None:
    """A quarter of an hour at most, until the pack's days are over; then it is owed no more."""
    sqlite_home.hold_clock()
    slack = PretendSlack(*(SlackUnansweredError("no answer") for _ in range(1000)))
    told = telling(store, slack, channel=None)
    for _ in range(12):
        await drained(told)
        sqlite_home.advance_clock(900)
    assert len(slack.trouble) == 1000 - 12
    sqlite_home.advance_clock(8 * 86_400)
    await drained(told)
    assert len(slack.trouble) == 1000 - 12


async def test_nobody_is_there(store: Store, sqlite_home: Home) -> None:
    """Somebody who left is told nothing, and not for ever."""
    slack = PretendSlack(SlackRefusedError("user_not_found"))
    await drained(telling(store, slack, channel=None))
    sqlite_home.advance_clock(3600)
    await drained(telling(store, slack, channel=None))
    assert slack.posted == []
    assert slack.trouble == []


async def test_whoever_may_not_any_more_gets_no_link(store: Store, sqlite_home: Home) -> None:
    """An auditor who was taken off the list while the pack was being made."""
    slack = PretendSlack()
    await drained(telling(store, slack, may=("U0MAYA",), channel=None))
    assert slack.posted == []
    sqlite_home.advance_clock(3600)
    assert await owed.take(store.db) is None
