"""
"I was not expecting this": the recipient holds a drop up until its sender says that it is right, or revokes.

A link to the wrong person, or one that somebody sent in the sender's name, must be stoppable by the one person who
sees it first.  Nothing is destroyed by it, so that a mistaken press costs the sender one click.
"""

from typing import Any

from sqlalchemy import Row, Update, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import events, recurrences
from store.errors import NotPausedError
from store.formats.event_v1 import Fact
from store.opened import Store
from store.schema import drops
from store.words import OPEN, Actor, Event


async def pause(store: Store, drop_id: bytes) -> bool:
    """
    Pause a drop on its recipient's word.  False when it is paused already, has ended, or was claimed.

    A claim and a pause cannot both win: each is one statement that asks for what the other takes away.
    """
    now = store.clock.now()
    pausing = (
        update(drops)
        .where(drops.c.id == drop_id, drops.c.state.in_(OPEN), drops.c.paused_at.is_(None), drops.c.expires_at > now)
        .values(paused_at=now, verified_until=None)  # who pressed then has said since that they did not expect it
    )
    async with store.db.write() as tx:
        row = await _counted(tx, store, pausing)
        if row is not None:
            await _record(tx, store, Event.NOT_ME, row, row.paused_at, {"by": Actor.RECIPIENT, "paused": True})
    return row is not None


async def resume(store: Store, drop_id: bytes) -> None:
    """
    The sender says that it is right.  Guesses and their schedule are as they were: this grants none.

    Raises NotPausedError.
    """
    resuming = (
        update(drops)
        .where(
            drops.c.id == drop_id,
            drops.c.state.in_(OPEN),
            drops.c.paused_at.is_not(None),
            drops.c.expires_at > store.clock.now(),
        )
        .values(paused_at=None)
    )
    async with store.db.write() as tx:
        row = await _counted(tx, store, resuming)
        if row is None:
            raise NotPausedError
        await _record(tx, store, Event.UNLOCKED, row, row.present, {"by": Actor.SENDER, "paused": False})


async def deny_opening(store: Store, drop_id: bytes) -> bool:
    """The recipient says of an opened drop that it was not them.  False when that was recorded within the hour."""
    return await recurrences.note(store, Event.NOT_ME, drop_id, by=Actor.RECIPIENT)


async def _counted(tx: AsyncConnection, store: Store, change: Update) -> Row[Any] | None:
    present = store.clock.now().label("present")
    counted = change.values(n=drops.c.n + 1).returning(drops.c.id, drops.c.n, drops.c.paused_at, present)
    row: Row[Any] | None = (await tx.execute(counted)).one_or_none()
    return row


async def _record(
    tx: AsyncConnection, store: Store, event: Event, row: Row[Any], at: int, facts: dict[str, Fact]
) -> None:
    await events.append(tx, store, event, drop_id=row.id, n=row.n, at=at, facts=facts)
