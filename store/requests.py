"""
Requests: the message with which somebody is asked to seal something, and taking back what was asked for.

A request is an order of a kind; what is here is what only requests have.
"""

from typing import Any, Final

from sqlalchemy import delete, select, update

from store import personal
from store.deliveries import Place
from store.errors import OrderUsedError, UnknownOrderError
from store.formats import personal_v1
from store.opened import Store
from store.schema_of_orders import orders
from store.words import OrderState

_PLACE: Final = (orders.c.id, orders.c.month, orders.c.place)


async def remember(store: Store, order_id: bytes, place: Place) -> None:
    """Keep where the message stands that asks.  An order that is gone by then has nothing to be edited."""
    async with store.db.write() as tx:
        month = (await tx.execute(select(orders.c.month).where(orders.c.id == order_id))).scalar_one_or_none()
        key = None if month is None else store.months.read(month)
        if key is None:
            return
        sealed = personal.seal_request(key, order_id, f"{place.channel} {place.ts}")
        await tx.execute(update(orders).where(orders.c.id == order_id).values(place=sealed))


async def place_for(store: Store, drop_id: bytes) -> Place | None:
    """Where the message stands that asked for this drop, if one did.  Raises KeyUnreadableError."""
    async with store.db.read() as tx:
        row = (await tx.execute(select(*_PLACE).where(orders.c.drop_id == drop_id))).one_or_none()
    return None if row is None else _place(store, row)


async def take_back(store: Store, order_id: bytes, asker_id: str) -> Place | None:
    """
    Let nobody seal under what this person asked for; where its message stands.

    Raises OrderUsedError where somebody has sealed, and UnknownOrderError for one that is over or another's.
    """
    async with store.db.write() as tx:
        of_order = select(orders).where(orders.c.id == order_id, orders.c.until > store.clock.now())
        row = (await tx.execute(of_order)).one_or_none()
        key = None if row is None else store.months.read(row.month)
        if row is None or key is None:
            raise UnknownOrderError
        if row.recipient != personal_v1.pseudonym(key, personal.RECIPIENT, asker_id):
            raise UnknownOrderError
        # Whoever seals in the same moment uses the same row: one of the two finds it as it was.
        is_open = (orders.c.id == order_id) & (orders.c.state == OrderState.OPEN)
        if not (await tx.execute(delete(orders).where(is_open))).rowcount:
            raise OrderUsedError
    return _place(store, row)


def _place(store: Store, row: Any) -> Place | None:
    text = personal.request_of(store.months, row)
    return None if text is None else Place(*text.split(" ", 1))
