"""
What somebody is told in time: that nobody opened it, that an hour is left, that the key is to be rotated.

Each is told once, by whichever program comes first: the statement that takes a watch asks for one that nobody has
taken, and the event and its notices are written in the same transaction.  What has become pointless by then (it was
opened, or has ended) is taken without a word.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, bindparam, exists, select, update

from store import events
from store.clock import PRESENT
from store.drops import IS_OPEN
from store.errors import StoreUnavailableError
from store.formats.event_v1 import Fact
from store.opened import Store
from store.schema import drops
from store.schema_of_watches import watches
from store.words import OPEN, Delivery, Event, State, Watch

_EVENTS: Final = {
    Watch.UNVIEWED: Event.UNVIEWED,
    Watch.HOUR_LEFT: Event.UNVIEWED,
    Watch.ROTATE: Event.ROTATE_DUE,
}


def _is_due(now: ColumnElement[int]) -> ColumnElement[bool]:
    """
    What is to be rotated waits until somebody has seen the key, or nobody can any more; and everything about a drop
    that its recipient holds up waits until that is over.
    """
    is_early = IS_OPEN & ((watches.c.what == Watch.ROTATE) | drops.c.paused_at.is_not(None))
    waits = exists().where(drops.c.id == watches.c.drop_id, is_early)
    return watches.c.told_at.is_(None) & (watches.c.at <= now) & ~waits


_DUE: Final = (
    select(watches.c.drop_id, watches.c.what)
    .where(_is_due(PRESENT))
    .order_by(watches.c.at)
    .limit(bindparam("most", type_=Integer))
)


async def tell_due(store: Store, *, most: int = 100) -> int:
    """Take the watches that are due, oldest first, and record what there is to say; how many events that made."""
    told, failed = 0, None
    for row in await store.db.look_at_all(_DUE, {"most": most}):
        try:
            told += await _tell(store, row.drop_id, Watch(row.what))
        except StoreUnavailableError as error:  # one that cannot be told must not hold up everybody else's
            failed = error
    if failed is not None:
        raise failed
    return told


async def _tell(store: Store, drop_id: bytes, what: Watch) -> bool:
    now = store.clock.now()
    is_this = (watches.c.drop_id == drop_id) & (watches.c.what == what)
    async with store.db.write() as tx:
        # The drop first, as every verb does: in another order two programs could wait for each other.  Whoever waited
        # here sees in the next statement what the other one took; a statement that waited itself would not.
        await tx.execute(select(drops.c.id).where(drops.c.id == drop_id).with_for_update())
        taken = await tx.execute(update(watches).where(is_this, _is_due(now)).values(told_at=now))
        if taken.rowcount == 0:
            return False
        row: Any = (
            await tx.execute(
                update(drops)
                .where(drops.c.id == drop_id, *_is_of_use(store, what))
                .values(n=drops.c.n + 1)
                .returning(drops.c.n, now.label("at"))
            )
        ).one_or_none()
        if row is None:
            if what is Watch.ROTATE:
                await tx.execute(update(watches).where(is_this).values(done_at=now))
            return False
        facts: dict[str, Fact] = {} if what is Watch.ROTATE else {"watch": what}
        await events.append(tx, store, _EVENTS[what], drop_id=drop_id, n=row.n, at=row.at, facts=facts)
    return True


def _is_of_use(store: Store, what: Watch) -> tuple[ColumnElement[bool], ...]:
    if what is Watch.ROTATE:
        return drops.c.claimed_at.is_not(None), drops.c.rotated_at.is_(None)
    # Whoever has been told that it is locked is told no more than that its last hour has come.
    states = (State.SEALED,) if what is Watch.UNVIEWED else OPEN
    return (
        drops.c.state.in_(states),
        drops.c.delivery == Delivery.DELIVERED,
        drops.c.paused_at.is_(None),
        drops.c.expires_at > store.clock.now(),
    )
