"""
Of all that a client asks for under one key, one thing is made, once.

A client that lost an answer, or was started twice, asks again: it hears of what was made, or that it is being made;
where it shows that what is being made is its own, it goes on with that.  A key names nothing any more after a day, and
is free before that where nothing came of it: the order was refused or ran out unused, or the link of what was sealed
under it did not arrive and the secret was destroyed.
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row, delete, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.clock import PRESENT
from store.errors import AskedOtherwiseError, BeingAskedError
from store.formats import asked_once_v1
from store.opened import Store
from store.schema import drops
from store.schema_of_asked_once import asked_once as table
from store.schema_of_orders import orders
from store.upserting import upserts
from store.words import Delivery, OrderState, Outcome, State

KEPT_MS: Final = 86_400_000
"""For how long a key names what was asked under it."""
_SOME_OVER: Final = select(table.c.id).where(table.c.until <= PRESENT).limit(1)


@dataclass(frozen=True)
class Named:
    """A key and what is asked under it, as they stand under each live pepper: what was asked by the key's own id."""

    asked: Mapping[bytes, bytes] = field(repr=False)


@dataclass(frozen=True)
class Before:
    """What was made under a key before."""

    drop_id: bytes
    state: State | Outcome
    """The outcome of one that is over."""
    delivery: Delivery


@dataclass(frozen=True)
class Underway:
    """The order that an earlier question of the same attempt made."""

    order_id: bytes


IsOwn = Callable[[bytes, bytes], bool]
"""Whether an order, by its id and what is kept of its token, is that of whoever asks."""


def named(store: Store, token_id: bytes, key: str, asked: str) -> Named:
    """For `take`.  Raises MalformedError for what is no key, KeyUnreadableError."""
    asked_once_v1.require_key(key)
    # Newest first: what is made is made under that one.
    peppers = store.keyring.peppers.live
    return Named(
        {
            asked_once_v1.of_key(pepper, token_id, key): asked_once_v1.of_asked(pepper, token_id, key, asked)
            for pepper in peppers
        }
    )


async def take(
    tx: AsyncConnection, store: Store, one: Named, order_id: bytes, present: int, is_own: IsOwn
) -> Before | Underway | None:
    """
    Let the key name this order, in the commit that makes it; what was made under the key before, if anything was.

    Raises AskedOtherwiseError where it names something else, BeingAskedError where nobody can tell so far.
    """
    await tx.execute(delete(table).where(table.c.id.in_(one.asked), table.c.until <= present))
    row = await _found(tx, one)
    if row is None:
        if await _inserted(tx, store, one, order_id, present):
            return None
        # Whoever came at the same time was faster, and has committed by now.
        row = await _found(tx, one)
    if row is not None and row.drop_id is None:
        await _end(tx, store, row.order_id)
        row = await _found(tx, one)
    if row is None:
        raise BeingAskedError(1)
    if _is_free(row) and not _is_again(row, one, present, is_own):
        if await _moved(tx, row, one, order_id, present):
            return None
        # Perhaps by an earlier question of the same attempt, which was on its way for long.
        row = await _found(tx, one)
        if row is None or not _is_again(row, one, present, is_own):
            raise BeingAskedError(1)
    if not hmac.compare_digest(row.asked, one.asked[row.id]):
        raise AskedOtherwiseError
    if _is_again(row, one, present, is_own):
        return Underway(row.order_id)
    if row.drop_id is None:
        raise BeingAskedError(max(1, (row.order_until - present) // 1000 + 1))
    state = State.DESTROYED if row.state is None else State(row.state)
    return Before(
        row.drop_id,
        state if row.outcome is None else Outcome(row.outcome),
        Delivery.PENDING if row.delivery is None else Delivery(row.delivery),
    )


async def settle(tx: AsyncConnection, order_id: bytes, drop_id: bytes) -> None:
    """What was sealed under an order, in the commit that uses it up; an order without a key has no row here."""
    await tx.execute(update(table).where(table.c.order_id == order_id).values(drop_id=drop_id))


async def sweep(store: Store) -> int:
    """Take away what is over; how many."""
    if await store.db.look(_SOME_OVER, {}) is None:
        return 0  # on SQLite a writer would make a claim wait, once a second and for nothing
    async with store.db.write() as tx:
        return (await tx.execute(delete(table).where(table.c.until <= store.clock.now()))).rowcount


async def _found(tx: AsyncConnection, one: Named) -> Row[Any] | None:
    known = (
        select(
            table,
            orders.c.state.label("order_state"),
            orders.c.until.label("order_until"),
            orders.c.proof.label("order_proof"),
            drops.c.state,
            drops.c.outcome,
            drops.c.delivery,
        )
        .outerjoin(orders, orders.c.id == table.c.order_id)
        .outerjoin(drops, drops.c.id == table.c.drop_id)
        .where(table.c.id.in_(one.asked))
    )
    return (await tx.execute(known)).first()


async def _end(tx: AsyncConnection, store: Store, order_id: bytes) -> None:
    """
    Take away the order where its time is over, so that nothing more is sealed under it, nor signed.

    Waits for whoever answers it or seals under it just now, and then goes by what they have left.
    """
    is_unused = orders.c.state.in_((OrderState.ASKED, OrderState.OPEN))
    is_over = orders.c.until <= store.clock.now()
    await tx.execute(delete(orders).where(orders.c.id == order_id, is_unused, is_over))


def _is_free(row: Row[Any]) -> bool:
    """Whether nothing came of it, and nothing can any more: by what stays as it is, and by no clock."""
    if row.drop_id is not None:
        return bool(row.outcome == Outcome.UNDELIVERED)
    return row.order_state in (None, OrderState.REFUSED)


def _is_again(row: Row[Any], one: Named, present: int, is_own: IsOwn) -> bool:
    """Whether the same is asked in the same attempt, and its order still says something: also that it was refused."""
    if row.drop_id is not None or row.order_state is None or row.order_until <= present:
        return False
    return is_own(row.order_id, row.order_proof) and hmac.compare_digest(row.asked, one.asked[row.id])


async def _inserted(tx: AsyncConnection, store: Store, one: Named, order_id: bytes, present: int) -> bool:
    insert = upserts(store.db)
    its_id, asked = next(iter(one.asked.items()))
    new = insert(table).values(id=its_id, asked=asked, order_id=order_id, until=present + KEPT_MS)
    made = await tx.execute(new.on_conflict_do_nothing(index_elements=["id"]).returning(table.c.id))
    return made.first() is not None


async def _moved(tx: AsyncConnection, row: Row[Any], one: Named, order_id: bytes, present: int) -> bool:
    """False where somebody else was faster."""
    # By its old order: of those who saw it free the database lets one have it.
    again = (
        update(table)
        .where(table.c.id == row.id, table.c.order_id == row.order_id)
        .where(table.c.drop_id.is_not_distinct_from(row.drop_id))
        .values(asked=one.asked[row.id], order_id=order_id, drop_id=None, until=present + KEPT_MS)
        .returning(table.c.id)
    )
    return (await tx.execute(again)).first() is not None
