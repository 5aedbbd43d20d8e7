"""
Records by the person in Slack who made them.

What is nobody's any more, because its names were erased, is in no list but the operators'.
"""

from contextlib import suppress

from store import records
from store.errors import UnknownRecordError
from store.opened import Store
from store.records import Held


async def find(store: Store, owner: str, record_id: bytes) -> Held:
    """One of somebody's, live or ended.  Raises UnknownRecordError for every other id alike."""
    held = await records.find(store, record_id)
    if held.named is None or held.named.owner != owner:
        raise UnknownRecordError
    return held


async def is_own(store: Store, owner: str, record_id: bytes) -> bool:
    """Whether it is one of theirs."""
    with suppress(UnknownRecordError):
        await find(store, owner, record_id)
        return True
    return False
