"""
What becomes of drops whose keys a crash of the keyring's server has taken (KEYRING_URL): they are put on record.

An UNLOGGED table is empty after a crash of its server.  That this happened, and that it is not another server, nor one
that was promoted or recovered while the one of before runs on, is seen from what is left there
(`KeyringOnServer.note_emptied`); then an absent key is known to be gone, and stands as erased:
whoever was open ends as lost, and what had begun to end is finished, by the sweep that follows.
"""

import asyncio

from sqlalchemy import select

from store.keys_on_server import KeyringOnServer
from store.opened import Store
from store.schema import drops
from store.words import LIVE


async def note(store: Store) -> bool:
    """
    Whether the keys of drops were emptied lately.  Idempotent, by any number of programs at once.

    Raises KeyUnreadableError, also where its server was promoted or recovered.
    """
    keyring = store.keyring
    if not isinstance(keyring, KeyringOnServer):
        return False
    was_emptied, is_old = await asyncio.to_thread(keyring.note_emptied)
    if not was_emptied:
        return False
    # The rows after the notice: what is made from then on has its key in the new table before it has a row.
    async with store.db.read() as tx:
        live = list((await tx.execute(select(drops.c.id).where(drops.c.state.in_(LIVE)))).scalars())
    await asyncio.to_thread(keyring.put_emptied, live)
    if is_old:
        await asyncio.to_thread(keyring.settle_emptied)
    return True
