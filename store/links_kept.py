"""
Links that their sealer keeps: nobody delivers them, and a bot finds that this is how they were ordered.

Until it has, the drop waits as any other does; the web program, which took it in, may not say that one arrived.
"""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import ColumnElement, Select, select

from store.clock import PRESENT
from store.database import Database
from store.drops import IS_OPEN
from store.schema import drops
from store.schema_of_orders import orders
from store.words import Delivery, Way

_AT_ONCE: Final = 20


def _waiting(now: ColumnElement[int]) -> Select[bytes]:
    # By their orders, of which there are few: it is asked twice a second.
    return (
        select(drops.c.id)
        .join(orders, orders.c.drop_id == drops.c.id)
        .where(
            drops.c.way == Way.SHOWN,
            drops.c.delivery == Delivery.PENDING,
            IS_OPEN,
            drops.c.delivery_until > now,
        )
    )


_SOME_WAITING: Final = _waiting(PRESENT).limit(1)


async def waiting(db: Database, besides: Collection[bytes] = ()) -> Sequence[bytes]:
    """The ids of some drops whose links no bot has looked into so far, oldest first, besides these."""
    if await db.look(_SOME_WAITING, {}) is None:
        return []
    async with db.read() as tx:
        some = _waiting(db.clock.now()).where(drops.c.id.not_in(besides)).order_by(drops.c.created_at).limit(_AT_ONCE)
        return (await tx.scalars(some)).all()
