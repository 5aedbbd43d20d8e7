"""
Open drops and live records whose keys are absent: counted, and put on record as lost by somebody who vouches for it.

Nothing automatic may do so: an unmounted folder looks the same.  Whoever calls `mark` says that the keyring is mounted,
whole, and the true one.
"""

import asyncio
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select

from store import endings, record_endings
from store.errors import KeyUnreadableError
from store.keyring import KeyState
from store.keyring_kinds import Keys
from store.opened import Store
from store.record_keys import KeyName
from store.schema import drops
from store.schema_of_records import records
from store.words import LIVE, OPEN, RecordEnd, RecordState, State

_BEGUN: Final = (State.CLAIMED, State.ENDING)


@dataclass(frozen=True)
class Lost:
    """
    What has no key: drops that nobody has claimed, records by id and version.

    `begun` are drops that are claimed or ending, which nobody can claim any more.  A receipt of such an end says that
    we erased the key, and of an absent one we cannot know that.
    """

    drops: tuple[bytes, ...]
    records: tuple[KeyName, ...]
    begun: tuple[bytes, ...]

    def __len__(self) -> int:
        return len(self.drops) + len(self.records)


async def find(store: Store) -> Lost:
    """As it is now; nothing is changed.  Raises KeyUnreadableError where the keyring cannot be read."""
    # Its folders are read first: with one of them away every key would look absent.
    await asyncio.to_thread(store.keyring.ids)
    await asyncio.to_thread(store.keyring.records.ids)
    async with store.db.read() as tx:
        rows = (await tx.execute(select(drops.c.id, drops.c.state).where(drops.c.state.in_(LIVE)))).all()
        live = (
            await tx.execute(select(records.c.id, records.c.version).where(records.c.state == RecordState.LIVE))
        ).all()
    absent = [row for row in rows if await _is_absent(store.keyring, row.id)]
    names = [KeyName(row.id, row.version) for row in live]
    return Lost(
        tuple(row.id for row in absent if row.state in OPEN),
        tuple([name for name in names if await _is_absent(store.keyring.records, name.encoded)]),
        tuple(row.id for row in absent if row.state in _BEGUN),
    )


async def mark(store: Store, lost: Lost) -> int:
    """End them as lost; how many.  What has got its key back meanwhile, or has ended, is left alone."""
    done = 0
    for drop_id in lost.drops:
        if await _is_absent(store.keyring, drop_id):
            done += await endings.lose(store, drop_id)
    for name in lost.records:
        if await _is_absent(store.keyring.records, name.encoded):
            async with store.db.write() as tx:
                is_it = records.c.version == name.version
                done += await record_endings.expire_in(tx, store, name.id, RecordEnd.LOST, is_it) is not None
    return done


async def _is_absent(folder: Keys, key_id: bytes) -> bool:
    try:
        return await asyncio.to_thread(folder.state, key_id) is KeyState.ABSENT
    except KeyUnreadableError:
        return False  # something is there
