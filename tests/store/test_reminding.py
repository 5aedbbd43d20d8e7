"""The sender's word that they are waiting: who is reminded of what, and how often."""

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import func, select

from store import deliveries, history, pausing, reminding
from store.errors import NothingToRemindError, RemindedLatelyError
from store.opened import Store
from store.schema import drops, events, notices
from store.words import Audience, Event, Way
from tests.store.living import created, refuse, revoked, viewed
from tests.stores import Home, Sealed


async def delivered(store: Store, **fields: Any) -> Sealed:
    sealed = await created(store, **fields)
    await deliveries.record_delivered(store, sealed.new.id, None)
    return sealed


async def reminders(store: Store, sealed: Sealed) -> int:
    return [step.event for step in await history.of(store, sealed.new.id)].count(Event.REMINDED)


async def test_once_an_hour_whoever_presses(home: Home) -> None:
    """By two programs at once too; the numbers of the drop's events have no gap, and one notice is owed for each."""
    home.hold_clock()
    async with home.open("bot") as store, home.open("bot") as other:
        sealed = await delivered(store, lives_seconds=9 * 3600)
        first = json.loads(home.clock_file.read_text())["held_ms"]

        async def press(one: Store) -> int | None:
            try:
                await reminding.remind(one, sealed.new.id)
            except RemindedLatelyError as lately:
                return lately.at
            return None

        answers = await asyncio.gather(*(press(one) for one in (store, other, store, other)))
        assert sorted(answers, key=str) == [first, first, first, None]
        home.advance_clock(3599)
        assert await press(store) is not None
        home.advance_clock(1)
        assert await press(other) is None
        assert await reminders(store, sealed) == 2
        async with store.db.read() as tx:
            n = await tx.scalar(select(drops.c.n).where(drops.c.id == sealed.new.id))
            count = await tx.scalar(select(func.count()).where(events.c.drop_id == sealed.new.id))
            owed = await tx.scalar(
                select(func.count()).where(notices.c.drop_id == sealed.new.id, notices.c.audience == Audience.RECIPIENT)
            )
        assert (n, owed) == (count, 2)


async def test_nobody_is_reminded_of_what_they_cannot_open(home: Home) -> None:
    """Opened, ended, locked, paused, expired, on its way, or not in Slack."""
    home.hold_clock()
    async with home.open("bot") as store:
        seen, gone, locked, paused = [await delivered(store, lives_seconds=9 * 3600) for _ in range(4)]
        await viewed(store, home, seen)
        await revoked(store, home, gone)
        await pausing.pause(store, paused.new.id)
        await refuse(store, locked, 5, home)
        pending = await created(store)
        mailed, shown = await delivered(store, way=Way.MAIL), await delivered(store, way=Way.SHOWN)
        expired = await delivered(store, lives_seconds=60)
        home.advance_clock(60)
        for sealed in (seen, gone, locked, paused, pending, mailed, shown, expired):
            with pytest.raises(NothingToRemindError):
                await reminding.remind(store, sealed.new.id)
            assert await reminders(store, sealed) == 0
        here = await delivered(store, way=Way.HERE)
        await reminding.remind(store, here.new.id)
        assert await reminders(store, here) == 1
