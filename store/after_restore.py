"""
What a restored database must be told before anybody may use it: what was destroyed since stays destroyed.

A backup has drops open that were claimed, revoked or destroyed after it was made.  Of what was destroyed the key is
gone, and only the row has to be ended.  But what was claimed in the last minute before the database was lost has its
key still, and nobody can tell it from what nobody claimed: left open, it would have a second reader.  So that every
open drop of a backup is closed, unless somebody says that nothing was claimed since.
"""

import asyncio
from dataclasses import dataclass

from sqlalchemy import select

from store import emptied, endings, lost_keys, record_endings
from store.keyring import KeyState
from store.opened import Store
from store.schema import drops
from store.words import LIVE, OPEN, Actor


@dataclass(frozen=True)
class Settled:
    """How many drops and records were lost, how many endings finished, how many drops revoked and how many kept."""

    lost: int
    finished: int
    revoked: int
    kept: int


async def settle(store: Store, *, keep_open: bool) -> Settled:
    """
    End what cannot or must not be opened any more.  Idempotent: after a crash it is done again.

    Raises KeyUnreadableError where the keyring cannot be read, and StoreUnavailableError.
    """
    await emptied.note(store)  # before a receipt says that somebody erased what a crash took
    absent = await lost_keys.find(store)
    lost = await lost_keys.mark(store, absent)
    for drop_id in absent.begun:
        # A file goes only after it was overwritten and its row destroyed: the row has come back, and the key cannot.
        await asyncio.to_thread(store.keyring.put_back_erased, drop_id)
    async with store.db.read() as tx:
        rows = (await tx.execute(select(drops.c.id, drops.c.state).where(drops.c.state.in_(LIVE)))).all()
    erased = {row.id for row in rows if await store.keyring_act(store.keyring.state, row.id) is KeyState.ERASED}
    finished = 0
    for row in rows:
        if row.state not in OPEN:
            finished += await endings.finish(store, row.id, claimed_by=Actor.ADMIN)
        elif row.id in erased:
            lost += await endings.lose(store, row.id)
    left = [row.id for row in rows if row.state in OPEN and row.id not in erased]
    revoked = 0 if keep_open else await _revoke(store, left)
    await record_endings.sweep_keys(store)
    return Settled(lost, finished, revoked, len(left) - revoked)


async def _revoke(store: Store, open_drops: list[bytes]) -> int:
    # All of them closed first: an ending takes a moment each, and a link that is waiting must not be quicker.
    begun = await endings.begin_revoking(store, [(drop_id, Actor.ADMIN) for drop_id in open_drops])
    for drop_id in begun:
        await endings.finish(store, drop_id)
    return len(begun)
