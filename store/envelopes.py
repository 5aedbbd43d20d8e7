"""
Reading a stored envelope: apart from its row, which everybody with a link may have read, and only by who may have it.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, case, select

from store.errors import KeyUnreadableError
from store.formats import stored_v1
from store.formats.errors import DamagedEnvelopeError
from store.opened import Store
from store.prepared import Looked
from store.schema import drops

SMALL: Final[ColumnElement[Any]] = case((drops.c.envelope_bytes <= 16_384, drops.c.envelope)).label("small")
"""An envelope that is read along with its row; a larger one is fetched only when there is room for it in memory."""


async def unwrapped(store: Store, row: Looked, drop_key: bytes) -> bytes | None:
    """
    The envelope of a drop as it was sealed.  None where the drop has ended since its row was read.

    `row` may have brought a small one along, as `small`.  Raises KeyUnreadableError.
    """
    wrapped = row.small
    if wrapped is None:
        async with store.db.read() as tx:
            wrapped = await tx.scalar(select(drops.c.envelope).where(drops.c.id == row.id))
    if wrapped is None:
        return None
    try:
        return stored_v1.unwrap(drop_key, row.id, wrapped)
    except DamagedEnvelopeError as error:
        raise KeyUnreadableError("the stored envelope is damaged, or the key is another's") from error
