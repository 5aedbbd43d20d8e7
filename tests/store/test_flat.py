"""What people wait for, and what is looked for again and again, costs nothing for all that is over."""

from collections.abc import AsyncIterator
from typing import Final

import pytest
from sqlalchemy import select

from bench.costs import PEOPLE, Costs
from bench.plot import SHOWN, drawn
from bench.tombstones import PIPELINE, fill
from store import listing, rotating, sweeper, watches
from store.listing import Section
from store.opened import Store
from store.schema_of_watches import watches as table
from store.words import Actor, Watch
from tests.store.living import created, viewed
from tests.store.plans import scanned, statements, touched
from tests.stores import Home

DROPS: Final = 4000
STANDS: Final = {"drops_open", "drops_unopened", "watches_due", "watches_to_rotate"}
"""Indexes that hold nothing of what is over."""
GROWS: Final = {"drops", "disclosures", "events", "log_leaves", "messages", "notices", "recurrences", "watches"}


@pytest.fixture
async def filled(home: Home) -> AsyncIterator[tuple[Store, Costs]]:
    """A store in which thousands are over, a few of them truly lived."""
    async with home.open("web") as web, home.open("bot") as bot:
        await fill(home, web, bot, count=DROPS, signed=8)
        costs = Costs(home, web, bot, 1)
        await costs.prepare()
        yield bot, costs


async def test_no_look_goes_over_what_is_over(filled: tuple[Store, Costs]) -> None:
    """Neither Home, proofs, sweeps nor watchers: of the drops that are over each touches a bounded few."""
    store, costs = filled
    for name, look in costs.looks().items():
        for asked in await statements(store, look):
            if not store.db.is_sqlite:
                # Home counts what was opened in the last thirty days, to ten thousand, and follows the last 200 events.
                assert await touched(store, asked) < (2500 if name in PEOPLE else 500), (name, asked[0])
                continue
            found = {one for one in await scanned(store, asked) if one[0] in GROWS and one[1] not in STANDS}
            # The latest of everybody's history, of which a page ends early.
            is_history = name == PEOPLE[6] and "LIMIT" in asked[0]
            assert found <= ({("drops", "drops_by_creation")} if is_history else set()), (name, asked[0])


@pytest.mark.parametrize("whose", [None, PIPELINE])
async def test_who_needs_somebody_is_not_looked_for_among_all(filled: tuple[Store, Costs], whose: str | None) -> None:
    """Nor what is outstanding; of everybody's, and of somebody who sent a tenth of everything."""
    store, _ = filled
    for section in (Section.ATTENTION, Section.OUTSTANDING):
        for asked in await statements(store, lambda of=section: listing.page(store, of, whose, most=10)):  # type: ignore[misc]
            if store.db.is_sqlite:
                assert {index for _, index in await scanned(store, asked)} <= STANDS, section
            else:
                assert await touched(store, asked) < 300, section


async def test_a_history_is_read_by_month_in_one_order(filled: tuple[Store, Costs]) -> None:
    """Pages of it hold every drop once, newest first, over twelve months under twelve names."""
    store, _ = filled
    found: list[tuple[int, bytes]] = []
    page = await listing.page(store, Section.HISTORY, PIPELINE, most=60)
    while True:
        found += [(drop.created_at, drop.id) for drop in page.drops]
        if page.after is None:
            break
        page = await listing.page(store, Section.HISTORY, PIPELINE, after=page.after, most=60)
    whole = await listing.page(store, None, PIPELINE, most=DROPS)
    assert found == [(drop.created_at, drop.id) for drop in whole.drops]
    assert found == sorted(set(found), reverse=True)
    assert len(found) > 300


async def test_what_was_rotated_is_looked_for_no_more(home: Home) -> None:
    """Nor what came due for a key that nobody has seen; what was seen is, until somebody says that it was rotated."""
    home.hold_clock()
    async with home.open("bot") as store:
        seen, unseen = await created(store, lives_seconds=3600), await created(store, lives_seconds=3600)
        await viewed(store, home, seen)
        for drop in (seen, unseen):
            assert await rotating.remind_on(store, drop.new.id, store.clock.now_seconds() * 1000 + 1000)
        home.advance_clock(7200)
        assert await to_rotate(store) == {seen.new.id, unseen.new.id}
        await sweeper.sweep(store)
        assert await watches.tell_due(store) == 1
        assert await to_rotate(store) == {seen.new.id}
        await rotating.rotated(store, seen.new.id, by=Actor.SENDER)
        assert await to_rotate(store) == set()
        assert await rotating.remind_on(store, unseen.new.id, store.clock.now_seconds() * 1000 + 1000)
        assert await to_rotate(store) == {unseen.new.id}


async def to_rotate(store: Store) -> set[bytes]:
    stands = table.c.what == Watch.ROTATE, table.c.done_at.is_(None)
    async with store.db.read() as tx:
        return set((await tx.scalars(select(table.c.drop_id).where(*stands))).all())


def test_the_picture_has_a_line_and_a_name_for_each() -> None:
    """For each engine; whatever the figures are, no name stands over another."""
    sizes = [{"count": 10**power, "cpu_ms": {name: 1.0 + power for name, _ in SHOWN}} for power in (3, 4)]
    picture = drawn([{"engine": "sqlite", "sizes": sizes}, {"engine": "postgresql", "sizes": sizes}])
    assert picture.count("<polyline") == 2 * len(SHOWN)
    assert all(picture.count(f">{name}</text>") == 2 for name, _ in SHOWN)
    names = [line for line in picture.splitlines() if any(f">{name}</text>" in line for name, _ in SHOWN)]
    assert len({line.split("<text ")[1].split(">")[0] for line in names}) == 2 * len(SHOWN)
