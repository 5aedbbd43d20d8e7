"""Home tabs follow what happens, whichever program brought it about, and nothing is published for nothing."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from bot import home_desk
from bot.home_desk import Answered, HomeDesk
from bot.home_view import Place
from bot.mrkdwn import Markup
from bot.people import People
from bot.rights import Rights
from bot.slack_calls import Slack
from sandbox.fixtures import MAYA, SAM, TEAM
from sandbox.running import Sandbox
from store import deliveries, door, endings, happenings, pausing, rotating
from store.drops import find
from store.happenings import Happenings
from store.listing import Section
from store.opened import Store
from store.words import Actor
from tests.bot.desk import found
from tests.bot.test_watching import bots, handed
from tests.store.living import SOMEBODY, created, viewed
from tests.stores import Home, Sealed


@dataclass
class Two:
    """The Home tabs of two programs on one database, neither of which tells anybody of anything."""

    sandbox: Sandbox
    home: Home
    store: Store
    desks: list[HomeDesk]

    async def drop(self, sender: str = MAYA) -> Sealed:
        sealed = await created(self.store, sender_id=sender, team_id=TEAM, lives_seconds=86_400)
        await deliveries.record_delivered(self.store, sealed.new.id, None)
        return sealed

    async def shown(self, contains: str, user: str = MAYA) -> str:
        return json.dumps(found(await self.sandbox.wait_view(user, home=True, contains=contains)))

    def published(self) -> int:
        return len(self.sandbox.calls("views.publish"))

    async def quiet(self) -> None:
        """Long enough for each to have looked several times."""
        await asyncio.sleep(0.5)


@asynccontextmanager
async def two(sandbox: Sandbox, home: Home) -> AsyncIterator[Two]:
    async with AsyncExitStack() as stack:
        stop = asyncio.Event()
        desks, loops = [], []
        for _ in range(2):
            slack = await stack.enter_async_context(Slack(sandbox.bot_token, sandbox.api_url))
            people = People(slack, TEAM)
            store = await stack.enter_async_context(home.open("bot"))
            desks.append(HomeDesk(store, slack, people, Rights(people, TEAM, admins=(SAM,)), lambda _: True))
            loops.append(asyncio.create_task(desks[-1].run(stop)))
        try:
            yield Two(sandbox, home, await stack.enter_async_context(home.open("bot")), desks)
        finally:
            stop.set()
            await asyncio.gather(*loops)


def place_of(view: Any) -> str:
    """Where in the tab a view is."""
    return str((json.loads(view) if isinstance(view, str) else view)["private_metadata"])


@pytest.fixture
async def programs(sandbox: Sandbox, sqlite_home: Home) -> AsyncIterator[Two]:
    async with two(sandbox, sqlite_home) as both:
        yield both


async def test_each_of_two_bots_follows_what_the_other_tells(sandbox: Sandbox, sqlite_home: Home) -> None:
    """Whichever of them Slack asks for a tab, and whichever comes first to tell of a change."""
    async with bots(sandbox, sqlite_home, 2) as desk:
        for user in (MAYA, SAM):
            await desk.sandbox.open_home(user)
            assert await desk.sandbox.wait_view(user, home=True, contains="Send a credential")
        for number in range(1, 5):
            drop = await handed(desk)
            assert await desk.sandbox.wait_view(MAYA, home=True, contains="Not opened yet (1)")
            await viewed(desk.store, desk.home, drop)
            assert await desk.sandbox.wait_view(MAYA, home=True, contains=f"{number} opened")


async def test_a_change_is_noticed_by_whoever_shows_the_tab(programs: Two) -> None:
    """By the other program, or by nobody's notice at all; what somebody else sent publishes nothing."""
    await programs.desks[0].show(MAYA, Place())
    await programs.desks[1].show(SAM, Place(of_all=True))
    drop = await programs.drop()
    for user in (MAYA, SAM):
        await programs.shown("Not opened yet (1)", user)
    await endings.revoke(programs.store, drop.new.id, by=Actor.SENDER)
    for user in (MAYA, SAM):
        await programs.shown("Not opened yet (0)", user)
    await programs.quiet()
    before = programs.published()
    await programs.drop("U0SOMEBODY")
    await programs.shown("Not opened yet (1)", SAM)
    await programs.quiet()
    assert programs.published() - before in (1, 2)  # sealed, and delivered


async def test_nothing_is_published_where_nothing_changed(programs: Two) -> None:
    """Not by time alone, and not by an event that no row shows."""
    await programs.desks[0].show(MAYA, Place())
    drop = await programs.drop()
    await programs.shown("has the link")
    await programs.quiet()
    before = programs.published()
    await door.look(programs.store, drop.new.id, drop.new.link_proof, SOMEBODY)
    await programs.quiet()
    for _ in range(3):
        await endings.revoke(programs.store, (await programs.drop(SAM)).new.id, by=Actor.SENDER)
    await programs.quiet()
    assert programs.published() == before
    await endings.revoke(programs.store, drop.new.id, by=Actor.SENDER)
    await programs.shown("Revoked <!date")
    assert programs.published() <= before + 2


async def test_a_receipts_address_is_no_news(programs: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read again in another second, with the right to its names until the same day."""
    await viewed(programs.store, programs.home, await programs.drop())
    await programs.desks[0].show(MAYA, Place())
    await programs.shown("/receipts/")
    await programs.quiet()
    before = programs.published()
    monkeypatch.setattr(home_desk, "_READ_AGAIN_SECONDS", 0.1)
    await asyncio.sleep(1.5)
    assert programs.published() == before


async def test_an_answer_stands_until_the_drop_stands_otherwise(programs: Two) -> None:
    """A press of before must not hide what came after it, and does not come back."""
    drop = await find(programs.store, (await programs.drop()).new.id)
    assert drop is not None
    await programs.desks[0].show(MAYA, Place(), Answered(drop, Section.OUTSTANDING, Markup("They were reminded.")))
    await programs.drop()
    assert "They were reminded." in await programs.shown("Not opened yet (2)")
    await pausing.pause(programs.store, drop.id)
    held = await programs.shown("Needs you (1)")
    assert "They were reminded." not in held
    assert "did not expect it" in held.partition("*Needs you*")[2].partition("*Not opened yet*")[0]
    await pausing.resume(programs.store, drop.id)
    assert "They were reminded." not in await programs.shown("Needs you (0)")


async def test_the_program_of_the_last_look_goes_on(programs: Two) -> None:
    """Turned over through the other one: what the first had shown does not come back, and it stops following."""
    await programs.desks[0].show(MAYA, Place())
    await programs.desks[1].show(MAYA, Place(section=Section.HISTORY))
    before = programs.published()
    for number in (1, 2, 3):
        await programs.drop()
        await programs.shown(f"Not opened yet ({number})")
    await programs.quiet()
    calls = programs.sandbox.calls("views.publish")[before:]
    refused = [call for call in calls if place_of(call["arguments"]["view"]) != "mine.history"]
    assert len(refused) == 1
    assert place_of(await programs.shown("Not opened yet (3)")) == "mine.history"


async def test_an_answer_that_was_lost_ends_nothing(programs: Two) -> None:
    """Slack published and did not say so: the tab is ours all the same, and is followed."""
    await programs.desks[0].show(MAYA, Place())
    await programs.drop()
    await programs.shown("Not opened yet (1)")
    programs.sandbox.fault("views.publish", "reset_after", 1)
    await programs.drop()
    await programs.shown("Not opened yet (2)")
    await programs.drop()
    await programs.shown("Not opened yet (3)")


async def test_a_day_that_was_chosen_is_shown(programs: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """At once where it was chosen, and elsewhere once the tab is a minute old: it is no event."""
    drop = await programs.drop()
    await viewed(programs.store, programs.home, drop)
    await programs.desks[0].show(MAYA, Place())
    await programs.shown("1 opened")
    await programs.quiet()
    assert await rotating.remind_on(programs.store, drop.new.id, 1_900_000_000_000)
    await programs.quiet()
    assert "rotated by" not in await programs.shown("1 opened")
    monkeypatch.setattr(home_desk, "_READ_AGAIN_SECONDS", 0.2)
    await programs.shown("rotated by <!date^1900000000")


async def test_so_much_happens_that_all_are_shown_anew(programs: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that is far behind reads no list of it: whoever looks may have been meant."""
    monkeypatch.setattr(happenings, "_MOST", 5)
    monkeypatch.setattr(happenings, "_LATE_EVENTS", 2)
    following = Happenings(programs.store)
    assert await following.senders() is None  # it begins
    assert await following.senders() == set()
    await programs.drop()
    assert await following.senders() == {MAYA}
    assert await following.senders() == set()
    for _ in range(3):
        await programs.drop()
    assert await following.senders() is None
    assert await following.senders() == set()
    following.end()
    assert not following.is_followed


async def test_what_is_committed_late_is_seen(programs: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    """Positions are given before the commit: one may show up below another one; and what is old is looked past."""
    following = Happenings(programs.store)
    await following.begin()
    await programs.drop()
    await programs.drop(SAM)
    assert await following.senders() == {MAYA, SAM}
    late = min(following._seen)
    del following._seen[late]
    assert await following.senders() == {MAYA}
    monkeypatch.setattr(happenings, "_LATE_SECONDS", 0.0)
    assert await following.senders() == set()
    assert not following._seen
