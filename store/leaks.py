"""
Drops that are sent in place of a message in which their secret stood: what the log says of it, and whether whoever
wrote that message has been asked to delete it.

Whose message it is and where, the store is not told; an order carries it, in words of the bot's.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store import events, orders
from store.errors import UnknownOrderError
from store.opened import Store
from store.schema import drops, recurrences
from store.schema import events as all_events
from store.schema_of_orders import orders as all_orders
from store.words import Actor, Delivery, Event, SealedBy

_ASKED: Final = "asked_to_delete"


async def tell(tx: AsyncConnection, store: Store, drop_id: bytes) -> None:
    """Record that a drop takes the place of a message, in the transaction that has just recorded what allows that."""
    n, at = await events.next_number(tx, store, drop_id)
    await events.append(tx, store, Event.LEAK_REPLACED, drop_id=drop_id, n=n, at=at, facts={"by": Actor.SENDER})


async def is_now_to_be_asked(store: Store, drop_id: bytes) -> bool:
    """
    Whether to ask now for the message of this drop, which has arrived, to be deleted.

    True once for each form, whichever of its drops arrives first and whoever brings it.  False for a drop that takes
    the place of no message.
    """
    async with store.db.write() as tx:
        of_form = await _of_one_form(tx, store, drop_id)
        # Locked: of two bots that bring two drops of a form the second waits, and then sees what the first has written.
        await tx.execute(select(drops.c.id).where(drops.c.id.in_(of_form)).order_by(drops.c.id).with_for_update())
        if not of_form or await _was_asked(tx, of_form):
            return False
        await tx.execute(insert(recurrences).values(drop_id=drop_id, what=_ASKED, told_at=store.clock.now(), count=1))
    return True


async def was_not_asked(store: Store, drop_id: bytes) -> None:
    """Take back that `is_now_to_be_asked` was True for this drop: nobody could be asked, and its form may ask again."""
    async with store.db.write() as tx:
        await tx.execute(delete(recurrences).where(recurrences.c.drop_id == drop_id, recurrences.c.what == _ASKED))


async def is_left_standing(store: Store, drop_id: bytes) -> bool:
    """
    Whether this drop was to take the place of a message which nobody is asked to delete, because no drop of its form
    has arrived or is on its way.
    """
    async with store.db.read() as tx:
        of_form = await _of_one_form(tx, store, drop_id)
        others = select(drops.c.id).where(drops.c.id.in_(of_form), drops.c.delivery != Delivery.UNDELIVERED)
        return bool(of_form) and (await tx.execute(others.limit(1))).first() is None


async def _was_asked(tx: AsyncConnection, of_form: Sequence[bytes]) -> bool:
    asked = select(recurrences.c.drop_id).where(recurrences.c.drop_id.in_(of_form), recurrences.c.what == _ASKED)
    return (await tx.execute(asked.limit(1))).first() is not None


async def _of_one_form(tx: AsyncConnection, store: Store, drop_id: bytes) -> Sequence[bytes]:
    """The drops that one form makes in place of one message, this one among them; none where it replaces no message."""
    of_drop = select(drops.c.form, drops.c.sealed_by).where(drops.c.id == drop_id)
    drop = (await tx.execute(of_drop)).one_or_none()
    if drop is None:
        return []
    if drop.sealed_by != SealedBy.BOT:
        return await _under_such_orders(tx, store, drop_id)
    told = (
        select(drops.c.id)
        .join(all_events, all_events.c.drop_id == drops.c.id)
        .where(drops.c.form == drop.form, all_events.c.event == Event.LEAK_REPLACED)
    )
    return (await tx.execute(told)).scalars().all()


async def _under_such_orders(tx: AsyncConnection, store: Store, drop_id: bytes) -> Sequence[bytes]:
    """As above, by the orders that a form has placed; they are there for as long as one of them can be used."""
    order = (await tx.execute(select(all_orders).where(all_orders.c.drop_id == drop_id))).one_or_none()
    replaced = None if order is None else _replaced(store, order)
    if order is None or replaced is None:
        return []
    of_sender = select(all_orders).where(all_orders.c.sender == order.sender, all_orders.c.drop_id.is_not(None))
    rows = (await tx.execute(of_sender)).all()
    return [row.drop_id for row in rows if _replaced(store, row) == replaced]


def _replaced(store: Store, order: Any) -> str | None:
    try:
        return orders.terms_of(store, order.month, order.id, order.personal).replaces
    except UnknownOrderError:
        return None
