"""
What is owed to somebody in Slack: notices, written by `store.events` with the change that owes them.

Lease, call Slack with no transaction open, settle.  A crash in between repeats a notice and never loses one.  Of one
drop and audience only the earliest unsettled notice can be leased, so that the order holds even while one of them
is being retried for hours.  What the sender of a form is owed is in one program's hands at a time: its drops share a
message, and two programs that post or edit one at once would leave a second one, or an older state over a newer.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select, text, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.clock import PRESENT
from store.opened import Store
from store.schema import drops, notices
from store.words import Audience

LEASE_MS: Final = 60_000
_FORMS_LOCK: Final = 0x5E4DD75  # any number but that of the migrations, as long as every release uses the same


@dataclass(frozen=True)
class Notice:
    """
    One thing to tell one audience: `about` has event, n, at (milliseconds) and the event's facts.

    `later` are the events, in order, of which the same audience is yet to be told after this one.
    """

    id: int
    drop_id: bytes
    audience: Audience
    about: Mapping[str, Any]
    tries: int
    later: tuple[str, ...] = ()


async def lease(store: Store, audience: Audience | None = None, *, most: int = 20) -> list[Notice]:
    """Take up to `most` notices that are due, of one audience or of all, for a minute; the oldest first."""
    # Twice a second and nearly always for nothing: on SQLite every claim would wait for this writer's lock.
    if await store.db.look(_SOME_DUE[audience], {}) is None:
        return []
    now = store.clock.now()
    due = _due(now, audience).limit(most)
    async with store.db.write() as tx:
        if not store.db.is_sqlite and audience in (None, Audience.SENDER):
            # Two programs could each take another drop of one form before either sees the other's lease.
            await tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _FORMS_LOCK})
        ids = (await tx.execute(due.with_for_update(skip_locked=True))).scalars().all()
        if not ids:
            return []
        rows = (
            await tx.execute(
                update(notices)
                .where(notices.c.id.in_(ids), _is_waiting(now))
                .values(lease_until=now + LEASE_MS, tries=notices.c.tries + 1)
                .returning(notices)
            )
        ).all()
        later = await _later(tx, [row.drop_id for row in rows])
    return [
        Notice(
            id=row.id,
            drop_id=row.drop_id,
            audience=Audience(row.audience),
            about=json.loads(row.about),
            tries=row.tries,
            later=tuple(event for id_, event in later.get((row.drop_id, row.audience), ()) if id_ > row.id),
        )
        for row in sorted(rows, key=lambda row: row.id)
    ]


def _is_waiting(now: ColumnElement[int]) -> ColumnElement[bool]:
    return (notices.c.done_at.is_(None)) & (notices.c.not_before <= now) & (notices.c.lease_until <= now)


def _due(now: ColumnElement[int], audience: Audience | None) -> Select[tuple[int]]:
    earlier = notices.alias()
    is_overtaking = (
        select(earlier.c.id)
        .where(
            earlier.c.drop_id == notices.c.drop_id,
            earlier.c.audience == notices.c.audience,
            earlier.c.id < notices.c.id,
            earlier.c.done_at.is_(None),
        )
        .exists()
    )
    is_due = (_is_waiting(now), notices.c.parked.is_(None), ~is_overtaking, _is_free(now))
    due = select(notices.c.id).where(*is_due).order_by(notices.c.id)
    return due if audience is None else due.where(notices.c.audience == audience)


def _is_free(now: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether nobody holds another notice for the sender of the same form."""
    held = notices.alias()
    is_held = (held.c.done_at.is_(None), held.c.audience == Audience.SENDER, held.c.lease_until > now)
    of = drops.alias()
    busy = select(of.c.form).join(held, held.c.drop_id == of.c.id).where(*is_held)
    form = select(drops.c.form).where(drops.c.id == notices.c.drop_id).scalar_subquery()
    return (notices.c.audience != Audience.SENDER) | form.not_in(busy)


_SOME_DUE: Final[Mapping[Audience | None, Select[tuple[int]]]] = {
    audience: _due(PRESENT, audience).limit(1) for audience in (None, *Audience)
}


async def _later(tx: AsyncConnection, drop_ids: Sequence[bytes]) -> dict[tuple[bytes, str], list[tuple[int, str]]]:
    """What is unsettled of these drops, by drop and audience: ids and events, in order."""
    owed = (
        select(notices.c.id, notices.c.drop_id, notices.c.audience, notices.c.about)
        .where(notices.c.drop_id.in_(drop_ids), notices.c.done_at.is_(None))
        .order_by(notices.c.id)
    )
    found: dict[tuple[bytes, str], list[tuple[int, str]]] = {}
    for row in (await tx.execute(owed)).all():
        found.setdefault((row.drop_id, row.audience), []).append((row.id, json.loads(row.about)["event"]))
    return found


async def settle(store: Store, notice: Notice) -> None:
    """The notice was delivered, or nothing was owed after all."""
    async with store.db.write() as tx:
        await tx.execute(
            update(notices).where(notices.c.id == notice.id).values(done_at=store.clock.now(), lease_until=0)
        )


# A lease is known by its number of tries: whoever comes back after a minute must not undo what a later one does.


async def postpone(store: Store, notice: Notice, seconds: float) -> None:
    """Try again after `seconds`."""
    async with store.db.write() as tx:
        await tx.execute(
            update(notices)
            .where(notices.c.id == notice.id, notices.c.tries == notice.tries, notices.c.done_at.is_(None))
            .values(not_before=store.clock.now() + int(seconds * 1000), lease_until=0)
        )


async def release(store: Store, leased: Sequence[Notice]) -> None:
    """Give notices back untried."""
    if not leased:
        return
    these = tuple_(notices.c.id, notices.c.tries).in_([(notice.id, notice.tries) for notice in leased])
    async with store.db.write() as tx:
        await tx.execute(
            update(notices).where(these, notices.c.done_at.is_(None)).values(lease_until=0, tries=notices.c.tries - 1)
        )


async def is_waiting(store: Store, notice: Notice) -> bool:
    """Whether a postponed notice is still not due."""
    waiting = select(notices.c.id).where(
        notices.c.id == notice.id, notices.c.done_at.is_(None), notices.c.not_before > store.clock.now()
    )
    async with store.db.read() as tx:
        return (await tx.execute(waiting)).first() is not None


async def unsettled(store: Store, ids: Collection[int]) -> set[int]:
    """Those of these notices that are still owed; another program may have told some."""
    if not ids:
        return set()
    owed = select(notices.c.id).where(notices.c.id.in_(ids), notices.c.done_at.is_(None))
    async with store.db.read() as tx:
        return set((await tx.execute(owed)).scalars())


async def present(store: Store) -> int:
    """The time by which notices are settled, in milliseconds, for `settled_since`."""
    async with store.db.read() as tx:
        return (await tx.execute(select(store.clock.now()))).scalar_one()


async def settled_since(store: Store, audience: Audience, since: int) -> int:
    """
    How many of an audience's notices any program has settled after `since`, in milliseconds.

    Zero while one is parked or in somebody's hands: whether the audience takes anything is then not known.
    """
    of_audience = notices.c.audience == audience
    is_held = notices.c.parked.is_not(None) | (notices.c.lease_until > store.clock.now())
    held = select(notices.c.id).where(of_audience, notices.c.done_at.is_(None), is_held).limit(1)
    settled = select(func.count()).where(of_audience, notices.c.done_at > since)
    async with store.db.read() as tx:
        if (await tx.execute(held)).first() is not None:
            return 0
        return (await tx.execute(settled)).scalar_one()


async def park(store: Store, notice: Notice, why: str) -> None:
    """Set a notice aside, with Slack's word for why, until `unpark`.  It is never dropped."""
    async with store.db.write() as tx:
        await tx.execute(
            update(notices)
            .where(notices.c.id == notice.id, notices.c.tries == notice.tries)
            .values(parked=why, lease_until=0)
        )


async def unpark(store: Store, audience: Audience) -> int:
    """Make an audience's parked notices due again, in their order; returns how many there were."""
    is_parked = (notices.c.audience == audience) & notices.c.parked.is_not(None) & notices.c.done_at.is_(None)
    async with store.db.read() as tx:
        if (await tx.execute(select(notices.c.id).where(is_parked).limit(1))).first() is None:
            return 0
    async with store.db.write() as tx:
        unparked = await tx.execute(update(notices).where(is_parked).values(parked=None, not_before=0, lease_until=0))
    return unparked.rowcount
