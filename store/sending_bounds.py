"""
How much one person may send: so many in ten minutes, and so many at once that nobody has opened.

Somebody's account, or one token of theirs, that a stranger has taken over would otherwise fill the database and the
audit channel, and have the bot write to everybody.  What is counted is what is stored, so that several bots count
together and a restart forgets nothing: drops, orders under which nobody has sealed so far, requests by whoever asks,
and records.
"""

import math
from typing import Final

from sqlalchemy import Select, func, literal, select, text, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from store import personal, pseudonyms
from store.errors import SendingTooOftenError, TooManyOpenError
from store.months import month_of
from store.opened import Store
from store.personal import RECIPIENT, SENDER
from store.schema import drops
from store.schema_of_orders import orders
from store.schema_of_records import records
from store.words import OPEN, OrderState

WINDOW_MS: Final = 600_000
MOST_IN_WINDOW: Final = 100
"""Ten a minute: a form has ten recipients at most, and nobody fills in ten of them in ten minutes."""
MOST_OPEN: Final = 1000
"""How many of one person's may be open at once; a few more where several are sent in the same moment."""
_LOCK: Final = 0x5E4D70E  # any number that no other lock has, as long as every release uses the same
_REQUEST_MS: Final = 7 * 86_400_000
_SHORT_MS: Final = 900_000
"""No order but a request is open for longer: so its end tells which is one, and when that was made."""


async def require_room(store: Store, person: str, count: int = 1) -> None:
    """
    Before anything is sealed, or any order signed, for this person: whether `count` more are within both bounds.

    Raises TooManyOpenError and SendingTooOftenError.
    """
    async with store.db.read() as tx:
        present: int = (await tx.execute(select(store.clock.now()))).scalar_one()
        if await _open(tx, store, person, present) + count > MOST_OPEN:
            raise TooManyOpenError
        await _require_pace(tx, store, person, present, count)


async def require_pace(tx: AsyncConnection, store: Store, person: str) -> None:
    """
    In the transaction that makes one more: whoever else makes one for this person waits until it is committed.

    Raises SendingTooOftenError.
    """
    present: int = (await tx.execute(select(store.clock.now()))).scalar_one()
    if not store.db.is_sqlite:
        # Of two that count at once, each would find room for one.  On SQLite there is one writer anyway.
        name = personal.pseudonym(store.months.to_write(month_of(present)), SENDER, person)
        whose = {"lock": _LOCK, "owner": int.from_bytes(name[:4], signed=True)}
        await tx.execute(text("SELECT pg_advisory_xact_lock(:lock, :owner)"), whose)
    await _require_pace(tx, store, person, present, 1)


async def _require_pace(tx: AsyncConnection, store: Store, person: str, present: int, count: int) -> None:
    months = {month_of(present), month_of(present - WINDOW_MS)}
    names = {role: pseudonyms.readable(store, role, person, months) for role in (SENDER, RECIPIENT)}
    newest = [some.limit(MOST_IN_WINDOW + 1).subquery() for some in _until(present, names)]
    ends = sorted((await tx.execute(union_all(*(select(some) for some in newest)))).scalars())
    excess = len(ends) + count - MOST_IN_WINDOW
    if excess > 0:
        free_at = ends[min(excess, len(ends)) - 1]
        raise SendingTooOftenError(max(1, math.ceil((free_at - present) / 1000)))


def _until(present: int, names: dict[str, list[bytes]]) -> tuple[Select[tuple[int]], ...]:
    """Until when each counts, of drops, records, orders and requests."""
    since = present - WINDOW_MS
    is_open = orders.c.state == OrderState.OPEN
    return (
        select(drops.c.created_at + WINDOW_MS)
        .where(drops.c.sender.in_(names[SENDER]), drops.c.created_at > since)
        .order_by(drops.c.created_at.desc()),
        select(records.c.created_at + WINDOW_MS)
        .where(records.c.owner.in_(names[SENDER]), records.c.created_at > since)
        .order_by(records.c.created_at.desc()),
        # A request in its last minutes is for whoever was asked, who must not be kept from sending by those who ask.
        select(orders.c.until)
        .where(orders.c.sender.in_(names[SENDER]), orders.c.until > present, orders.c.until <= present + _SHORT_MS)
        .where(is_open, orders.c.place.is_(None)),
        select(orders.c.until - literal(_REQUEST_MS - WINDOW_MS))
        .where(orders.c.recipient.in_(names[RECIPIENT]), orders.c.until > since + _REQUEST_MS)
        .where(is_open),
    )


async def _open(tx: AsyncConnection, store: Store, person: str, present: int) -> int:
    """Drops that nobody has opened, and requests that nobody has answered, of every month whose key is there."""
    # No column alone: by the index of states SQLite would read everybody's open drops, and not this person's.
    is_open = drops.c.state.concat("").in_(OPEN)
    sent = select(drops.c.id).where(drops.c.sender.in_(pseudonyms.readable(store, SENDER, person)), is_open)
    asked = select(orders.c.id).where(
        orders.c.recipient.in_(pseudonyms.readable(store, RECIPIENT, person)),
        orders.c.until > present + _SHORT_MS,
        orders.c.state == OrderState.OPEN,
    )
    counts = [select(func.count()).select_from(some.limit(MOST_OPEN).subquery()) for some in (sent, asked)]
    return sum([int((await tx.execute(count)).scalar_one()) for count in counts])
