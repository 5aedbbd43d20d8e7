"""
Links that somebody else sealed, on their way to the bot.

The row is written with its drop and is gone with the commit that records delivery, that ends the drop, or that finds
its fifteen minutes over.  A bot takes one under a lease: a bot that dies with a link in hand leaves it to the next one,
which may post the same link a second time, and nobody loses it.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.clock import PRESENT
from store.database import Database
from store.drops import IS_OPEN, held
from store.errors import StoreError, UnknownDropError
from store.formats import base64url, derivation_v1, header_v1, link_v1
from store.formats.errors import FormatError
from store.opened import Store
from store.personal import of_row
from store.schema import drops
from store.schema_of_deliveries import deliveries
from store.words import Delivery, Way

WAIT_MS: Final = 900_000
"""How long a link may wait for a bot that is away, before its drop counts as undelivered."""
LEASE_MS: Final = 90_000
"""Longer than every call to Slack that delivers one link, with the waits between them."""
_LOOKED_AT: Final = 20


class ForeignLinkError(StoreError):
    """What was sealed is no link of this drop at this address, or opens something else; it must not be posted."""


@dataclass(frozen=True)
class Taken:
    """A sealed link, for this program alone until `lease_until`.  Times are milliseconds since 1970."""

    drop_id: bytes
    sealed_link: bytes = field(repr=False)
    until: int
    lease_until: int
    present: int

    @property
    def seconds_left(self) -> float:
        """For how long it may still be delivered."""
        return (self.until - self.present) / 1000


async def add(tx: AsyncConnection, drop_id: bytes, sealed_link: bytes, until: int) -> None:
    """Let the bot find it, with the commit that creates its drop."""
    await tx.execute(insert(deliveries).values(drop_id=drop_id, sealed_link=sealed_link, until=until, lease_until=0))


async def remove(tx: AsyncConnection, drop_id: bytes) -> None:
    """Nobody is to deliver it any more, from this commit on."""
    await tx.execute(delete(deliveries).where(deliveries.c.drop_id == drop_id))


async def take(db: Database, ways: Collection[Way] = frozenset(Way)) -> Taken | None:
    """The next link to be delivered in one of these ways; None where none waits, or others have them all."""
    now = db.clock.now()
    if await db.look(_SOME_WAITING, {}) is None:
        return None
    due = _waiting(now).where(drops.c.way.in_(ways)).order_by(deliveries.c.until).limit(_LOOKED_AT)
    async with db.read() as tx:
        seen = (await tx.execute(due)).all()
    for row in seen:
        mine = (
            update(deliveries)
            .where(deliveries.c.drop_id == row.drop_id, deliveries.c.lease_until == row.lease_until)
            .values(lease_until=now + LEASE_MS)
            .returning(deliveries, now.label("present"))
        )
        async with db.write() as tx:
            taken = (await tx.execute(mine)).one_or_none()
        if taken is not None:
            return Taken(**taken._mapping)  # noqa: SLF001 - documented
    return None


async def renew(db: Database, taken: Taken) -> Taken:
    """Go on holding it; as it was where another has it by now, or it is gone."""
    longer = (
        update(deliveries)
        .where(deliveries.c.drop_id == taken.drop_id, deliveries.c.lease_until == taken.lease_until)
        .values(lease_until=db.clock.now() + LEASE_MS)
        .returning(deliveries.c.lease_until)
    )
    async with db.write() as tx:
        lease_until = (await tx.execute(longer)).scalar_one_or_none()
    return taken if lease_until is None else replace(taken, lease_until=lease_until)


async def postpone(db: Database, taken: Taken, seconds: float) -> bool:
    """
    Leave it to whoever comes first after so many seconds.

    False where that would be too late: it stays with this program, to be given up.  What another has by now is theirs.
    """
    again_at = db.clock.now() + int(seconds * 1000)
    is_in_time = deliveries.c.until > again_at
    later = (
        update(deliveries)
        .where(deliveries.c.drop_id == taken.drop_id, deliveries.c.lease_until == taken.lease_until)
        .values(lease_until=case((is_in_time, again_at), else_=deliveries.c.until))
        .returning(deliveries.c.until > deliveries.c.lease_until)
    )
    async with db.write() as tx:
        return (await tx.execute(later)).scalar_one_or_none() is not False


async def own_link(store: Store, drop_id: bytes, text: str) -> link_v1.Link:
    """
    The link in a text that somebody sealed for this drop.  Raises ForeignLinkError for any other text.

    Whoever seals could seal a link to a page of their own, which would then come from us.
    """
    before = f"{store.issuer.rstrip('/')}/s/{base64url.encode(drop_id)}#"
    if not text.startswith(before):
        raise ForeignLinkError
    try:
        link = link_v1.parse(base64url.encode(drop_id), text.removeprefix(before))
    except FormatError:
        raise ForeignLinkError from None
    try:
        row = await held(store, drop_id, derivation_v1.link_proof(link))
    except UnknownDropError:
        raise ForeignLinkError from None
    # The proof says nothing of the mode, and under another one than its header's a link opens nothing.
    if header_v1.parse(of_row(store.months, row).header).mode != link.mode:
        raise ForeignLinkError
    return link


def _waiting(now: ColumnElement[int]) -> "Select[Any]":
    return (
        select(deliveries.c.drop_id, deliveries.c.lease_until)
        .join(drops, drops.c.id == deliveries.c.drop_id)
        .where(
            _is_free(now),
            drops.c.delivery == Delivery.PENDING,
            IS_OPEN,
        )
    )


def _is_free(now: ColumnElement[int]) -> ColumnElement[bool]:
    # A clock that was set back must not hold a link up until it has caught up.
    is_free = or_(deliveries.c.lease_until <= now, deliveries.c.lease_until > now + WAIT_MS)
    return and_(deliveries.c.until > now, is_free)


_SOME_WAITING: Final = _waiting(PRESENT).limit(1)
