"""
Forgetting whole months: their key is erased, and with it every name that was kept under it, in backups too.

The key goes first, then an event says so, then the rows go that nobody can read any more.  What a crash cuts short the
next sweep does: an erased key stays as a file of zeros, and each step finds out by itself what is left of it.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import events
from store.formats.event_v1 import Fact
from store.keyring import KeyState
from store.months import month_of
from store.opened import Store
from store.schema import disclosures, drops, forgotten_months, messages, recurrences
from store.schema import events as all_events
from store.schema_of_records import record_pages, records
from store.schema_of_watches import watches
from store.upserting import upserts
from store.words import LIVE, Actor, Event, RecordState, Watch

_AT_ONCE: Final = 500
_QUIET_MS: Final = 40 * 86_400_000
"""For how long after the last event months go on ending.  After that they wait for the next one."""


@dataclass
class Swept:
    """The months that were `forgotten` now, and those that are over and `held` by a drop or record that still lives."""

    forgotten: list[str] = field(default_factory=list)
    held: list[str] = field(default_factory=list)


async def sweep(store: Store, keep: int) -> Swept:
    """
    Forget every month that is over for more than `keep` months, but none of which a drop or a record still lives; 0
    keeps them all.

    What an earlier sweep began is finished whatever `keep` is by now.  Raises KeyUnreadableError.
    """
    kept = oldest_kept(await _present(store), keep) if keep else ""
    states = await asyncio.to_thread(store.months.states)
    swept = Swept()
    for month, state in states.items():
        if state is KeyState.ABSENT or (state is KeyState.LIVE and month >= kept):
            continue
        if state is KeyState.LIVE:
            if await _lives(store, month):
                swept.held.append(month)
                continue
            await asyncio.to_thread(store.months.erase, month)
        if await _record(store, month):
            swept.forgotten.append(month)
        while await _trim(store, month):
            pass
    return swept


async def _present(store: Store) -> int:
    """
    The time in milliseconds, by the clock that is furthest behind.

    An erased key does not come back, and clocks do: one that is ahead, this host's or the database's, is not believed
    alone.  Nor are both where nothing has happened for long, as on a machine that has just started with a wrong time.
    """
    last = select(func.max(all_events.c.position)).scalar_subquery()
    async with store.db.read() as tx:
        now = (await tx.execute(select(store.clock.now()))).scalar_one()
        newest = await tx.scalar(select(all_events.c.at).where(all_events.c.position == last))
    return min(now, store.clock.now_seconds() * 1000, (newest or 0) + _QUIET_MS)


def oldest_kept(at_ms: int, keep: int) -> str:
    """The oldest month whose names are kept at this time, like `2025-10`."""
    year, month = map(int, month_of(at_ms).split("-"))
    months = year * 12 + month - 1 - keep
    return f"{months // 12:04}-{months % 12 + 1:02}"


async def _lives(store: Store, month: str) -> bool:
    live = select(drops.c.id).where(drops.c.month == month, drops.c.state.in_(LIVE)).limit(1)
    standing = select(records.c.id).where(records.c.month == month, records.c.state == RecordState.LIVE).limit(1)
    async with store.db.read() as tx:
        return any([(await tx.execute(one)).first() is not None for one in (live, standing)])


async def _record(store: Store, month: str) -> bool:
    """Say once that it is forgotten, whichever program comes first."""
    insert = upserts(store.db)
    is_said = select(forgotten_months.c.month).where(forgotten_months.c.month == month)
    async with store.db.read() as tx:
        if (await tx.execute(is_said)).first() is not None:
            return False
    say = insert(forgotten_months).values(month=month).on_conflict_do_nothing().returning(forgotten_months.c.month)
    async with store.db.write() as tx:
        if (await tx.execute(say)).first() is None:
            return False
        count = await tx.scalar(select(func.count()).select_from(drops).where(drops.c.month == month))
        at = (await tx.execute(select(store.clock.now()))).scalar_one()
        facts: dict[str, Fact] = {"month": month, "by": Actor.CLOCK, "drops": int(count or 0)}
        await events.append_without_drop(tx, store, Event.PERSON_FORGOTTEN, at=at, facts=facts)
    return True


async def _trim(store: Store, month: str) -> bool:
    """
    Take away some of what was kept under an erased key.  False when there is nothing left.

    A few at a time: a claim must not wait for a month of rows.
    """
    columns = (drops.c.personal, drops.c.sender, drops.c.recipient, drops.c.once, drops.c.v1)
    is_left = or_(*(column.is_not(None) for column in columns))
    some = select(drops.c.id).where(drops.c.month == month, is_left).limit(_AT_ONCE)
    texts = select(disclosures.c.digest).where(disclosures.c.month == month).limit(_AT_ONCE)
    named = and_(records.c.month == month, records.c.state != RecordState.LIVE, records.c.personal.is_not(None))
    async with store.db.read() as tx:
        ids = (await tx.execute(some)).scalars().all()
        digests = (await tx.execute(texts)).scalars().all()
        standing = (await tx.execute(select(records.c.id).where(named).limit(_AT_ONCE))).scalars().all()
    if not ids and not digests and not standing:
        return False
    async with store.db.write() as tx:
        await _take_away(tx, ids, {column.name: None for column in columns})
        await tx.execute(
            update(records).where(records.c.id.in_(standing)).values(personal=None, owner=None, recipient=None)
        )
        # From here on a holder of the link is told what everybody is told.
        await tx.execute(delete(record_pages).where(record_pages.c.record_id.in_(standing)))
        # Last, as whoever forgets one person of a drop or record has it: each would wait for the other without end.
        await tx.execute(delete(disclosures).where(disclosures.c.digest.in_(digests)))
    return True


async def _take_away(tx: AsyncConnection, ids: Any, nothing: dict[str, None]) -> None:
    await tx.execute(update(drops).where(drops.c.id.in_(ids)).values(nothing))
    for table in (messages, recurrences):
        await tx.execute(delete(table).where(table.c.drop_id.in_(ids)))
    # The security team is told all the same that a key is to be rotated, without a name.
    is_over = watches.c.told_at.is_not(None) | (watches.c.what != Watch.ROTATE)
    await tx.execute(delete(watches).where(watches.c.drop_id.in_(ids), is_over))
