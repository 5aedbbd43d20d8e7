"""A bot that is behind: drops of which nobody was told, and what each audience reads of them in the end."""

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.admins import Admins
from bot.dispatcher import Dispatcher
from bot.people import People
from bot.slack_calls import Slack, SlackError
from bot.telling import AuditChannel, Teller
from store import asks, claims, creation, deliveries, door, endings, pausing
from store.deliveries import Place
from store.door import Visitor
from store.errors import DropLockedError, WrongPassphraseError
from store.opened import Store
from store.schema import events, notices
from store.words import Ask
from tests.bot.counted_slack import AUDIT, CountedSlack, Trouble
from tests.stores import Home, Sealed, seal

ADMIN = "U0SAM"
DAY = 86_400
EVENTS_OF_A_DROP = 14
Story = dict[str, list[str]]
"""What each audience reads of one drop."""


async def live(home: Home, store: Store, count: int) -> None:
    """So many drops, each from a sender of its own, and all that can be said of a drop short of opening it."""
    drops = [seal(lives_seconds=2 * DAY, sender_id=f"U0SENDER{number:02}") for number in range(count)]
    for number, sealed in enumerate(drops):
        await creation.create(store, sealed.new)
        await deliveries.record_delivered(store, sealed.new.id, Place(f"DRECIPIENT{number}", "1.0"))
        await door.look(store, sealed.new.id, sealed.new.link_proof, Visitor())
        await asks.not_me(store, sealed.new.id, sealed.new.link_proof)
        for ask in Ask:
            await asks.ask(store, sealed.new.id, sealed.new.link_proof, ask)
    for _ in range(2):
        home.advance_clock(301)
        for sealed in drops:
            await guess_wrong(store, sealed)
    for sealed in drops:
        assert await pausing.pause(store, sealed.new.id)
        await pausing.resume(store, sealed.new.id)
        await endings.revoke(store, sealed.new.id)


async def guess_wrong(store: Store, sealed: Sealed) -> None:
    """One wrong passphrase."""
    with pytest.raises((WrongPassphraseError, DropLockedError)):
        await claims.claim(store, sealed.present(right=False), Visitor())


def at(path: Path) -> Home:
    """The installation in a folder."""
    return Home(path, f"sqlite+aiosqlite:///{path}/store.db")


@dataclass
class Office:
    """One installation and its Slack."""

    home: Home
    admins: tuple[str, ...] = (ADMIN,)
    slack: CountedSlack = field(default_factory=CountedSlack)

    def dispatcher(self, store: Store) -> Dispatcher:
        """A dispatcher as a program that has just been started holds it."""
        slack: Slack = self.slack  # type: ignore[assignment]
        teller = Teller(store, slack, People(slack, "T1"), AuditChannel(AUDIT))
        return Dispatcher(store, teller, Admins(slack, self.admins), AUDIT, retry_parked_seconds=0)

    async def drain(self, store: Store, dispatcher: Dispatcher) -> None:
        """Until nothing is owed."""
        for _ in range(5):
            while await dispatcher.once():
                pass
            if not await owed(store):
                return
            self.home.advance_clock(901)
        raise AssertionError(f"{await owed(store)} notices were never told")

    async def be_away(self, dispatcher: Dispatcher) -> None:
        """Six hours, in steps of half an hour."""
        for _ in range(12):
            await dispatcher.once()
            self.home.advance_clock(1800)

    def stories(self) -> dict[str, list[list[str]]]:
        """What each audience read of each drop; administrators apart."""
        told: dict[str, list[list[str]]] = {"audit": [], "sender": [], "admin": []}
        parents = []
        for (channel, parent), texts in self.slack.threads().items():
            plain = [re.sub(r"<!date[^>]*>", "then", text) for text in texts]
            if channel == AUDIT and not parent:
                parents = plain
            else:
                told[kind_of(channel)].append(plain)
        assert len(set(parents)) == len(told["audit"])
        return told | {"parent": [parents]}


def kind_of(channel: str) -> str:
    """Who reads a channel."""
    if channel == AUDIT:
        return "audit"
    return "admin" if channel == f"D{ADMIN}" else "sender"


async def owed(store: Store, audience: str = "%") -> int:
    """How many notices wait."""
    waiting = select(func.count()).where(notices.c.done_at.is_(None), notices.c.audience.like(audience))
    async with store.db.read() as tx:
        return await tx.scalar(waiting) or 0


async def made(path: Path, count: int) -> Path:
    """A world of so many drops."""
    home = at(path)
    await home.prepare()
    async with home.open() as store:
        await live(home, store, count)
        async with store.db.read() as tx:
            assert await tx.scalar(select(func.count()).select_from(events)) == count * EVENTS_OF_A_DROP
    return path


def office_at(world: Path, path: Path) -> Office:
    """The same world once more."""
    shutil.copytree(world, path, dirs_exist_ok=True)
    return Office(at(path))


def once_each(office: Office, peace: Story, count: int) -> None:
    """Every message once, in its order, to each audience of each drop."""
    stories = office.stories()
    assert len(stories["parent"][0]) == count
    for kind, story in peace.items():
        assert stories[kind] == [story] * count
    assert all(office.slack.edits[f"DRECIPIENT{number}"] == 1 for number in range(count)), "a tombstone each"


def always(error: SlackError, *, only: str | None = None) -> Trouble:
    """Every call fails like this, or every call to one channel."""
    return lambda _method, channel: error if only in (None, channel) else None


def at_most_twice(office: Office, peace: Story, count: int, *, most: int) -> None:
    """Nothing is missing, the order holds, and an audience reads at most so many messages twice."""
    stories = office.stories()
    for kind, story in peace.items():
        assert len(stories[kind]) == count
        more = 0
        for told in stories[kind]:
            assert is_in_order(story, told), told
            more += len(told) - len(story)
        assert more <= most, kind
    assert count <= len(stories["parent"][0]) <= count + most
    assert all(office.slack.edits[f"DRECIPIENT{number}"] for number in range(count))


def is_in_order(story: list[str], told: list[str]) -> bool:
    """Whether a story is told from the beginning to the end, here and there a sentence twice."""
    rest = iter(told)
    return all(sentence in rest for sentence in story)
