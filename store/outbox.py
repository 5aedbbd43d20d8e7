"""
What is owed to somebody in Slack: notices, written by `store.events` with the change that owes them.

Lease, call Slack with no transaction open, settle.  A crash in between repeats a notice and never loses one.  Of one
drop and audience only the earliest unsettled notice can be leased, so that the order holds even while one of them
is being retried for hours.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select, update

from store.opened import Store
from store.schema import notices
from store.words import Audience

LEASE_MS: Final = 60_000


@dataclass(frozen=True)
class Notice:
    """One thing to tell one audience: `about` has event, n, at (milliseconds) and the event's facts."""

    id: int
    drop_id: bytes
    audience: Audience
    about: Mapping[str, Any]
    tries: int


async def lease(store: Store, *, most: int = 20) -> list[Notice]:
    """Take up to `most` notices that are due, for a minute."""
    now = store.clock.now()
    earlier = notices.alias()
    is_waiting = (notices.c.done_at.is_(None)) & (notices.c.not_before <= now) & (notices.c.lease_until <= now)
    due = (
        select(notices.c.id)
        .where(
            is_waiting,
            notices.c.parked.is_(None),
            ~select(earlier.c.id)
            .where(
                earlier.c.drop_id == notices.c.drop_id,
                earlier.c.audience == notices.c.audience,
                earlier.c.id < notices.c.id,
                earlier.c.done_at.is_(None),
            )
            .exists(),
        )
        .order_by(notices.c.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    async with store.db.write() as tx:
        ids = (await tx.execute(due)).scalars().all()
        if not ids:
            return []
        rows = (
            await tx.execute(
                update(notices)
                .where(notices.c.id.in_(ids), is_waiting)
                .values(lease_until=now + LEASE_MS, tries=notices.c.tries + 1)
                .returning(notices)
            )
        ).all()
    return [
        Notice(row.id, row.drop_id, Audience(row.audience), json.loads(row.about), row.tries)
        for row in sorted(rows, key=lambda row: row.id)
    ]


async def settle(store: Store, notice: Notice) -> None:
    """The notice was delivered, or nothing was owed after all."""
    async with store.db.write() as tx:
        await tx.execute(
            update(notices).where(notices.c.id == notice.id).values(done_at=store.clock.now(), lease_until=0)
        )


async def postpone(store: Store, notice: Notice, seconds: float) -> None:
    """Try again after `seconds`."""
    async with store.db.write() as tx:
        await tx.execute(
            update(notices)
            .where(notices.c.id == notice.id, notices.c.done_at.is_(None))
            .values(not_before=store.clock.now() + int(seconds * 1000), lease_until=0)
        )


async def park(store: Store, notice: Notice, why: str) -> None:
    """Set a notice aside, with Slack's word for why, until `unpark`.  It is never dropped."""
    async with store.db.write() as tx:
        await tx.execute(update(notices).where(notices.c.id == notice.id).values(parked=why, lease_until=0))


async def unpark(store: Store, audience: Audience) -> int:
    """Make an audience's parked notices due again, in their order; returns how many there were."""
    async with store.db.write() as tx:
        unparked = await tx.execute(
            update(notices)
            .where(notices.c.audience == audience, notices.c.parked.is_not(None))
            .values(parked=None, not_before=0, lease_until=0)
        )
    return unparked.rowcount
