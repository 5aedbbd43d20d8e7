"""
Orders: what the bot allows somebody to seal outside the bot, once, and who may see what it says.

Whoever holds an order's token may look at it as often as they like; only sealing under it uses it up, in the commit
that creates the drop.  What nobody uses is gone when its time is over, and what was used some time after its link.
"""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import asked_once, personal, sealed_links, sending_bounds
from store.clock import PRESENT
from store.errors import OrderUsedError, UnknownOrderError
from store.formats import jws_v1, order_v1
from store.formats.asked_order_v1 import Refusal
from store.formats.errors import MalformedError
from store.formats.order_link_v1 import ID_BYTES, TOKEN_BYTES, OrderLink
from store.formats.order_v1 import Order, Terms
from store.months import month_of
from store.opened import Store
from store.schema import drops
from store.schema_of_orders import orders
from store.words import Delivery, OrderKind, OrderState, SealedBy

LIVES_MS: Final[Mapping[OrderKind, int]] = {
    OrderKind.COMPOSER: 900_000,
    OrderKind.REQUEST: 7 * 86_400_000,
    OrderKind.CLIENT: 300_000,
}
"""For how long somebody may seal under an order."""
_REMEMBERED_MS: Final = 2 * sealed_links.WAIT_MS
"""For how long after it was used: the bot holds the drop against it, and the page asks what became of it."""
_SOME_OVER: Final = select(orders.c.id).where(orders.c.until <= PRESENT).limit(1)


@dataclass(frozen=True)
class Seen:
    """
    An order as its holder sees it.  Times are milliseconds since 1970.

    `terms` are those of an order that was signed; `drop_id` and `delivery` those of a drop that was sealed under it;
    `refusal` says why the bot does not sign one that was asked for.
    """

    state: OrderState
    until: int
    present: int
    terms: Terms | None
    drop_id: bytes | None
    delivery: Delivery | None
    refusal: Refusal | None = None


def new_salt() -> str:
    """For the terms of one order."""
    return secrets.token_urlsafe(order_v1.SALT_BYTES)


async def place(store: Store, terms: Terms) -> OrderLink:
    """
    Let whoever gets this link seal one drop on these terms.  For the bot alone, whose key signs them.

    Raises SendingTooMuchError, of a request for whoever asks.
    """
    link = OrderLink(secrets.token_bytes(ID_BYTES), secrets.token_bytes(TOKEN_BYTES))
    whose = terms.recipient_id if terms.kind == OrderKind.REQUEST else terms.sender_id
    await sending_bounds.require_room(store, whose)
    async with store.db.write() as tx:
        await sending_bounds.require_pace(tx, store, whose)
        # The database's clock, by which the drop will be judged, in the log too.
        present: int = (await tx.execute(select(store.clock.now()))).scalar_one()
        month = month_of(present)
        until = present + LIVES_MS[OrderKind(terms.kind)]
        await tx.execute(
            insert(orders).values(
                id=link.id,
                state=OrderState.OPEN,
                proof=proof_of(link),
                month=month,
                signed=signed(store, link.id, terms, present, until),
                until=until,
                **sealed(store, month, link.id, terms),
            )
        )
    return link


def signed(store: Store, order_id: bytes, terms: Terms, present: int, until: int) -> str:
    """The order on these terms, signed by this program's key; times are milliseconds."""
    sealed_by = SealedBy.CLIENT if terms.kind == OrderKind.CLIENT else SealedBy.PAGE
    order = Order(order_id, until // 1000 + 1, sealed_by, terms.digest)  # whole seconds: never before the row ends
    return store.signer.sign(order_v1.payload(store.issuer, present, order), order_v1.TYPE).leaf.decode()


def sealed(store: Store, month: str, order_id: bytes, terms: Terms) -> dict[str, bytes]:
    """The columns that say who, under the key of the month."""
    key = store.months.to_write(month)
    return {
        "personal": personal.seal_order(key, order_id, terms.encode()),
        "sender": personal.pseudonym(key, personal.SENDER, terms.sender_id),
        "recipient": personal.pseudonym(key, personal.RECIPIENT, terms.recipient_id),
    }


async def look(store: Store, link: OrderLink) -> Seen:
    """
    What the order says, to its holder.  Consumes nothing.

    Raises UnknownOrderError for an unknown id, a wrong token, and an order that is over: one answer for all.
    """
    now = store.clock.now()
    found = (
        select(orders, drops.c.delivery, now.label("present"))
        .outerjoin(drops, drops.c.id == orders.c.drop_id)
        .where(orders.c.id == link.id, orders.c.until > now)
    )
    async with store.db.read() as tx:
        row = (await tx.execute(found)).one_or_none()
    known = bytes(32) if row is None else row.proof
    if not hmac.compare_digest(proof_of(link), known) or row is None:
        raise UnknownOrderError
    return Seen(
        state=OrderState(row.state),
        until=row.until,
        present=row.present,
        terms=None if row.signed is None else terms_of(store, row.month, row.id, row.personal),
        drop_id=row.drop_id,
        delivery=None if row.delivery is None else Delivery(row.delivery),
        refusal=_refusal_of(store, row) if row.state == OrderState.REFUSED else None,
    )


def _refusal_of(store: Store, row: Row[Any]) -> Refusal:
    text = personal.order_of(store.months, row.month, row.id, row.personal)
    if text is None:
        raise UnknownOrderError
    return Refusal.parse(text)


def terms_of(store: Store, month: str, order_id: bytes, sealed_terms: bytes) -> Terms:
    """What was sealed for this order.  Raises UnknownOrderError where its month was erased."""
    text = personal.order_of(store.months, month, order_id, sealed_terms)
    if text is None:
        raise UnknownOrderError
    return Terms.parse(text)


async def use(tx: AsyncConnection, store: Store, order_id: bytes, drop_id: bytes) -> tuple[str, int]:
    """
    Seal this drop under the order, in the commit that creates it; the signed order, and the moment in milliseconds.

    Raises OrderUsedError where somebody was faster, or its time is over.
    """
    now = store.clock.now()
    used = (
        update(orders)
        .where(orders.c.id == order_id, orders.c.state == OrderState.OPEN, orders.c.until > now)
        .values(state=OrderState.USED, drop_id=drop_id, until=now + _REMEMBERED_MS)
        .returning(orders.c.signed, orders.c.until)
    )
    row = (await tx.execute(used)).one_or_none()
    if row is None:
        raise OrderUsedError
    await asked_once.settle(tx, order_id, drop_id)
    return str(row.signed), int(row.until) - _REMEMBERED_MS


async def end_signed_by(tx: AsyncConnection, kid: str) -> None:
    """Take away what a retired key has signed and nobody has used: no log and no bot believes it any more."""
    still_open = select(orders.c.id, orders.c.signed).where(orders.c.state == OrderState.OPEN)
    for row in (await tx.execute(still_open)).all():
        with suppress(MalformedError):  # no order of ours, and nothing that should keep a key from being retired
            if jws_v1.parse(row.signed.encode()).kid == kid:
                await tx.execute(delete(orders).where(orders.c.id == row.id))


async def sweep(store: Store) -> int:
    """Take away what is over; how many."""
    if await store.db.look(_SOME_OVER, {}) is None:
        return 0  # on SQLite a writer would make a claim wait, once a second and for nothing
    async with store.db.write() as tx:
        return (await tx.execute(delete(orders).where(orders.c.until <= store.clock.now()))).rowcount


def proof_of(link: OrderLink) -> bytes:
    """What is kept of an order's token."""
    # The token is 256 random bits: there is nothing to guess that a slower hash would protect.
    return hashlib.sha256(b"sendsecret/order/v1/token\x00" + link.id + link.token).digest()
