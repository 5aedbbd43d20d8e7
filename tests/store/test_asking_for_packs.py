"""Packs that are asked for: one at a time, by whose turn it is, and nobody is forgotten."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from store.evidence import asking, keeping, owed
from store.evidence.asking import FRESH_MS, LIFE_MS, MOST_ATTEMPTS, Standing
from store.evidence.keeping import OvertakenError
from store.log import published
from store.log.sequencer import Sequencer
from store.opened import Store
from store.words import PackFailure
from tests.store.living import created
from tests.store.packs import MONTH, QUARTER, kept, made, taken
from tests.store.test_log import drained
from tests.stores import Home

LEASE = asking.LEASE_MS // 1000


async def everybody_owed(store: Store) -> list[owed.Owed]:
    """All that is owed, each told."""
    found = []
    while (one := await owed.take(store.db)) is not None:
        await owed.settle(store.db, one)
        found.append(one)
    return found


async def test_one_is_made_at_a_time(store: Store) -> None:
    """While one is made, another is not taken; whoever asks for the same is told of it, too."""
    assert (await asking.ask(store.db, QUARTER, "U0SAM")).standing is Standing.BEGUN
    assert (await asking.ask(store.db, QUARTER, "U0MAYA")).standing is Standing.UNDERWAY
    other = await asking.ask(store.db, MONTH, "U0MAYA")
    assert (other.standing, other.request) == (Standing.OTHER_UNDERWAY, QUARTER)
    assert (await asking.ask(store.db, replace(QUARTER, recipients=("guest",)), "U0SAM")).request == QUARTER
    turn = await asking.take(store.db)
    assert turn is not None
    assert await asking.take(store.db) is None
    assert await everybody_owed(store) == []
    await asking.fail(store.db, turn, PackFailure.NO_LOG)
    assert {(one.whom, one.failure) for one in await everybody_owed(store)} == {
        ("U0SAM", PackFailure.NO_LOG),
        ("U0MAYA", PackFailure.NO_LOG),
    }
    assert (await asking.ask(store.db, MONTH, "U0MAYA")).standing is Standing.BEGUN


async def test_at_once_in_several_programs(home: Home) -> None:
    """Of ten requests for different packs in two programs one is begun, and one program has its turn."""
    async with home.open("bot") as one, home.open("bot") as other:
        requests = [replace(QUARTER, first=QUARTER.first.replace(day=day)) for day in range(1, 11)]
        stores = (one, other) * 5
        asked = await asyncio.gather(
            *(asking.ask(store.db, request, "U0SAM") for store, request in zip(stores, requests, strict=True))
        )
        standings = [one.standing for one in asked]
        assert standings.count(Standing.BEGUN) == 1
        assert standings.count(Standing.OTHER_UNDERWAY) == 9
        turns = await asyncio.gather(*(asking.take(store.db) for store in stores))
        assert len([turn for turn in turns if turn is not None]) == 1


async def test_the_database_itself_refuses_a_second_one(store: Store) -> None:
    """Whatever code forgets to ask."""
    await taken(store.db)
    columns = "first_day, last_day, recipients, asked_by, asked_at, making, attempt, lease_until"
    second = f"INSERT INTO evidence_packs (id, {columns}) SELECT :id, {columns} FROM evidence_packs"  # noqa: S608
    with pytest.raises(IntegrityError):
        async with store.db.write() as tx:
            await tx.execute(text(second), {"id": b"1" * 16})


async def test_a_lease_that_is_renewed_keeps_others_away(home: Home) -> None:
    """A maker that dies lets somebody else go on after a minute; what it still does counts for nothing."""
    home.hold_clock()
    async with home.open("bot") as one, home.open("bot") as other:
        turn = await taken(one.db)
        home.advance_clock(LEASE - 1)
        assert await asking.take(other.db) is None
        assert await asking.renew(one.db, turn)
        home.advance_clock(LEASE - 1)
        assert await asking.take(other.db) is None
        home.advance_clock(1)
        again = await asking.take(other.db)
        assert again is not None
        assert (again.pack_id, again.attempt) == (turn.pack_id, turn.attempt + 1)
        assert not await asking.renew(one.db, turn)
        assert not await asking.let_go(one.db, turn, pause_ms=0)
        assert not await asking.fail(one.db, turn, PackFailure.TOO_LONG)
        assert await asking.turn_of(one.db, turn.pack_id, turn.attempt) is None
        assert await asking.turn_of(one.db, again.pack_id, again.attempt) == again
        home.path.joinpath("zip").write_bytes(b"late")
        with pytest.raises(OvertakenError):
            await keeping.keep(one.db, turn, home.path / "zip", made())
        assert await keeping.find(one.db, turn.pack_id) is None


async def test_what_is_let_go_is_taken_at_once_and_not_for_ever(home: Home, store: Store) -> None:
    """A bot that stops leaves it to the next; each turn has a number, so that somebody can give it up."""
    turn = await taken(store.db)
    for attempt in range(1, MOST_ATTEMPTS + 1):
        assert (turn.attempt, turn.broken) == (attempt, attempt - 1)
        assert await asking.let_go(store.db, turn, pause_ms=0)
        next_turn = await asking.take(store.db)
        assert next_turn is not None
        turn = next_turn
    assert turn.broken == MOST_ATTEMPTS
    for _ in range(2):
        assert await asking.stop(store.db, turn)
        assert not await asking.stop(store.db, replace(turn, attempt=turn.attempt - 1))
        next_turn = await asking.take(store.db)
        assert next_turn is not None
        assert (next_turn.attempt, next_turn.broken) == (turn.attempt + 1, MOST_ATTEMPTS)
        turn = next_turn
    assert await asking.let_go(store.db, turn, pause_ms=30_000)
    assert await asking.take(store.db) is None
    home.advance_clock(30)
    assert await asking.take(store.db) is not None


async def test_a_clock_that_was_set_back_blocks_nobody(home: Home, store: Store) -> None:
    """Neither the making nor the telling waits until the clock has caught up."""
    home.hold_clock()
    turn = await taken(store.db)
    home.advance_clock(-7200)
    again = await asking.take(store.db)
    assert again is not None
    assert again.attempt == turn.attempt + 1
    await asking.fail(store.db, again, PackFailure.NO_LOG)
    assert await owed.take(store.db) is not None
    home.advance_clock(-7200)
    assert await owed.take(store.db) is not None


async def test_the_same_again_is_the_same_pack_for_ten_minutes(home: Home, store: Store, tmp_path: Path) -> None:
    """Whoever asks is owed its link anew; where it is no more, another one is made."""
    home.hold_clock()
    pack_id = await kept(store.db, tmp_path / "zip")
    assert {one.whom for one in await everybody_owed(store)} == {"U0SAM", owed.AUDIT}
    home.advance_clock(FRESH_MS / 1000)
    for whom in ("U0SAM", "U0MAYA"):
        assert (await asking.ask(store.db, QUARTER, whom)).standing is Standing.MADE
        [told] = await everybody_owed(store)
        assert (told.whom, told.pack_id, told.failure) == (whom, pack_id, None)
    assert (await asking.ask(store.db, MONTH, "U0MAYA")).standing is Standing.BEGUN
    turn = await asking.take(store.db)
    assert turn is not None
    await asking.fail(store.db, turn, PackFailure.NO_LOG)
    home.advance_clock(LIFE_MS / 1000)
    assert (await asking.ask(store.db, QUARTER, "U0SAM")).standing is Standing.BEGUN


async def test_what_was_published_since_is_in_the_next_pack(sqlite_home: Home, tmp_path: Path) -> None:
    """Ten minutes long the same pack is good enough; then a stale one is made anew, and stays until its end."""
    home = sqlite_home
    async with home.open("bot") as bot:
        home.hold_clock()
        await created(bot)
        await drained(Sequencer(bot, home.signing))
        note = await published.checkpoint(bot)
        assert note is not None
        pack_id = await kept(bot.db, tmp_path / "zip", note=note)
        home.advance_clock(FRESH_MS / 1000 + 1)
        asked = await asking.ask(bot.db, QUARTER, "U0SAM")
        found = await keeping.find(bot.db, pack_id)
        assert found is not None
        assert (asked.standing, asked.made_at) == (Standing.MADE, found.made_at)
        await created(bot)
        await drained(Sequencer(bot, home.signing))
        assert (await asking.ask(bot.db, QUARTER, "U0SAM")).standing is Standing.BEGUN
        assert await keeping.find(bot.db, pack_id) is not None


async def test_what_failed_may_be_asked_for_again(store: Store) -> None:
    """A failure is no pack."""
    await asking.fail(store.db, await taken(store.db), PackFailure.NO_ROOM)
    assert (await asking.ask(store.db, QUARTER, "U0SAM")).standing is Standing.BEGUN


async def test_telling_is_leased_and_put_off(home: Home) -> None:
    """One program tells at a time; a minute later another may; what Slack did not take waits as long as it is told."""
    home.hold_clock()
    async with home.open("bot") as one, home.open("bot") as other:
        await asking.fail(one.db, await taken(one.db), PackFailure.NO_LOG)
        took = await asyncio.gather(*(owed.take(store.db) for store in (one, other) * 3))
        [first] = [told for told in took if told is not None]
        home.advance_clock(59)
        assert await owed.take(other.db) is None
        home.advance_clock(1)
        second = await owed.take(other.db)
        assert second is not None
        assert (first.tries, second.tries) == (1, 2)
        # The slow one is late: what it says of its try is no news of the second.
        await owed.settle(one.db, first)
        await owed.postpone(other.db, second, 5)
        home.advance_clock(4)
        assert await owed.take(one.db) is None
        home.advance_clock(1)
        third = await owed.take(one.db)
        assert third is not None
        await owed.settle(one.db, third)
        home.advance_clock(3600)
        assert await owed.take(one.db) is None
