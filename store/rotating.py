"""
The key at its provider, which no ending of a drop changes: when it is to be rotated there, and that it was.

Setting the day changes nothing that anybody relies on, and is no event; that the day came is one, and so is the word of
whoever rotated it.
"""

from sqlalchemy import delete, select, update

from store import events
from store.errors import NothingToRotateError
from store.opened import Store
from store.schema import drops
from store.schema_of_watches import watches
from store.upserting import upserts
from store.words import Actor, Event, Watch


async def remind_on(store: Store, drop_id: bytes, at: int | None) -> bool:
    """
    Tell the sender to rotate the key at this time, in milliseconds, in place of an earlier wish; None: do not.

    False where it was rotated already.
    """
    is_this = (watches.c.drop_id == drop_id) & (watches.c.what == Watch.ROTATE)
    insert = upserts(store.db)
    is_done = select(drops.c.id).where(drops.c.id == drop_id, drops.c.rotated_at.is_not(None))
    async with store.db.write() as tx:
        if (await tx.execute(is_done)).first() is not None:
            return False
        if at is None:
            await tx.execute(delete(watches).where(is_this))
            return True
        wish = insert(watches).values(drop_id=drop_id, what=Watch.ROTATE, at=at)
        again = {"at": at, "told_at": None, "done_at": None}
        await tx.execute(wish.on_conflict_do_update(index_elements=["drop_id", "what"], set_=again))
    return True


async def rotated(store: Store, drop_id: bytes, *, by: Actor) -> None:
    """
    Somebody says that the key was rotated at its provider.

    Raises NothingToRotateError when that was said before, or nobody has seen the key.
    """
    now = store.clock.now()
    async with store.db.write() as tx:
        row = (
            await tx.execute(
                update(drops)
                .where(drops.c.id == drop_id, drops.c.claimed_at.is_not(None), drops.c.rotated_at.is_(None))
                .values(rotated_at=now, n=drops.c.n + 1)
                .returning(drops.c.n, drops.c.rotated_at)
            )
        ).one_or_none()
        if row is None:
            raise NothingToRotateError
        is_this = (watches.c.drop_id == drop_id) & (watches.c.what == Watch.ROTATE)
        await tx.execute(update(watches).where(is_this).values(done_at=row.rotated_at))
        facts = {"by": by}
        await events.append(tx, store, Event.ROTATED, drop_id=drop_id, n=row.n, at=row.rotated_at, facts=facts)
