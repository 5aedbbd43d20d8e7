"""
Links that their sealer keeps: nobody delivers them, and a bot finds that this is how they were ordered.

Until it has, the drop waits as any other does; the web program, which took it in, may not say that one arrived.
"""

from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import select

from store.database import Database
from store.schema import drops
from store.schema_of_orders import orders
from store.words import OPEN, Delivery, Way

_AT_ONCE: Final = 20


async def waiting(db: Database, besides: Collection[bytes] = ()) -> Sequence[bytes]:
    """The ids of some drops whose links no bot has looked into so far, oldest first, besides these."""
    some = (
        # By their orders, of which there are few: it is asked twice a second.
        select(drops.c.id)
        .join(orders, orders.c.drop_id == drops.c.id)
        .where(
            drops.c.way == Way.SHOWN,
            drops.c.delivery == Delivery.PENDING,
            drops.c.state.in_(OPEN),
            drops.c.delivery_until > db.clock.now(),
            drops.c.id.not_in(besides),
        )
        .order_by(drops.c.created_at)
        .limit(_AT_ONCE)
    )
    async with db.read() as tx:
        return (await tx.scalars(some)).all()
