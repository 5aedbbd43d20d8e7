"""Finding a drop by what people have of it: its short id, its receipt, or that it was among the latest."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Select, select

from store import pseudonyms
from store.drops import IS_NAMED, Drop, shown
from store.formats import base64url
from store.formats.errors import MalformedError
from store.formats.link_v1 import ID_BYTES
from store.opened import Store
from store.personal import SENDER
from store.receipts import JTI
from store.schema import drops, events
from store.words import Event

LEAST_CHARACTERS: Final = 6
"""As many as are shown of an id; 36 bits, which tell a company's drops apart."""
_CHARACTERS: Final = 22


async def by_short(store: Store, text: str, *, most: int) -> Sequence[Drop]:
    """The drops whose ids begin with this text, `most` of them at most; none where it cannot begin an id."""
    bounds = _bounds(text)
    if bounds is None:
        return []
    return await _found(store, shown().where(drops.c.id.between(*bounds)).order_by(drops.c.id).limit(most))


async def by_receipt(store: Store, rid: str) -> Sequence[Drop]:
    """The drop with the receipt of this id, 32 hexadecimal characters, or none."""
    of_receipt = select(events.c.drop_id).where(events.c.jti == JTI + rid, events.c.event == Event.RECEIPT)
    return await _found(store, shown().where(drops.c.id.in_(of_receipt)))


async def latest(store: Store, whose: str | None, *, most: int) -> Sequence[Drop]:
    """A sender's latest drops, or with None everybody's.  Raises KeyUnreadableError."""
    query = shown().order_by(drops.c.created_at.desc(), drops.c.id.desc()).limit(most)
    query = query.where(IS_NAMED if whose is None else pseudonyms.is_of(store, drops.c.sender, SENDER, whose))
    return await _found(store, query)


async def _found(store: Store, query: Select[Any]) -> Sequence[Drop]:
    async with store.db.read() as tx:
        rows = (await tx.execute(query)).all()
    return [Drop.of_row(store.months, row) for row in rows]


def _bounds(text: str) -> tuple[bytes, bytes] | None:
    """The first and the last id that begin with this text."""
    if not LEAST_CHARACTERS <= len(text) <= _CHARACTERS:
        return None
    try:
        if len(text) == _CHARACTERS:
            whole = base64url.decode(text, ID_BYTES)
            return whole, whole
        # 24 characters are 18 bytes, of which the last two are no part of an id.
        low, high = (base64url.decode(text.ljust(24, digit)) for digit in "A_")
    except MalformedError:
        return None
    return low[:ID_BYTES], high[:ID_BYTES]
