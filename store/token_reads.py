"""
That somebody looked at something with a token: each time is counted, and an event says so once a minute at most.

A client that polls must not fill the log.  The first look is said at once, how many more there were by the next event
or, where nobody looks any more, by whoever sweeps.
"""

from typing import Final

from sqlalchemy import ColumnElement, and_, delete, insert, select, update

from store import tokens
from store.clock import PRESENT
from store.errors import UnknownTokenError
from store.opened import Store
from store.schema_of_tokens import token_reads
from store.words import Read

MINUTE_MS: Final = 60_000


def _is_over(now: ColumnElement[int]) -> ColumnElement[bool]:
    return token_reads.c.since <= now - MINUTE_MS


_SOME_OVER: Final = select(token_reads.c.what).where(_is_over(PRESENT)).limit(1)


async def record(store: Store, token_id: bytes, what: Read) -> None:
    """Count one look, before anything is shown.  Raises UnknownTokenError where the token has ended."""
    which = and_(token_reads.c.token_id == token_id, token_reads.c.what == what)
    async with store.db.write() as tx:
        at = await tokens.touch(tx, store, token_id)
        if at is None:
            raise UnknownTokenError
        before = (await tx.execute(select(token_reads).where(which).with_for_update())).one_or_none()
        if before is None:
            await tx.execute(insert(token_reads).values(token_id=token_id, what=what, since=at, times=0))
        elif at - before.since < MINUTE_MS:
            await tx.execute(update(token_reads).where(which).values(times=before.times + 1))
            return
        else:
            await tx.execute(update(token_reads).where(which).values(since=at, times=0))
        await tokens.say_used(tx, store, token_id, at, what=what, count=1 + (before.times if before else 0))


async def sweep(store: Store) -> int:
    """Say what is counted and was not said within its minute, and forget what is over; how many were said."""
    if await store.db.look(_SOME_OVER, {}) is None:
        return 0  # on SQLite a writer would make a claim wait, once a second and for nothing
    is_over = _is_over(store.clock.now())
    async with store.db.write() as tx:
        present: int = (await tx.execute(select(store.clock.now()))).scalar_one()
        await tx.execute(delete(token_reads).where(is_over, token_reads.c.times == 0))
        # In one order and locked: of two that sweep, the second finds nothing more to say.
        owed = select(token_reads).where(is_over).order_by(token_reads.c.token_id, token_reads.c.what)
        rows = (await tx.execute(owed.with_for_update())).all()
        for row in rows:
            which = and_(token_reads.c.token_id == row.token_id, token_reads.c.what == row.what)
            await tx.execute(update(token_reads).where(which).values(since=present, times=0))
            await tokens.say_used(tx, store, row.token_id, present, what=row.what, count=row.times)
    return len(rows)
