"""Granting five more guesses: the sender's word, twice at most."""

from sqlalchemy import update

from store import events
from store.errors import CannotUnlockError
from store.guesses import MOST_UNLOCKS
from store.opened import Store
from store.schema import drops
from store.words import Actor, Event, State


async def unlock(store: Store, drop_id: bytes, *, by: Actor = Actor.SENDER) -> int:
    """
    Unlock a locked drop and restart the schedule; returns how many unlocks are left.

    Raises CannotUnlockError when it is not locked, has expired, or was unlocked twice: after fifteen refusals a
    drop stays locked until it expires or is revoked.
    """
    now = store.clock.now()
    async with store.db.write() as tx:
        row = (
            await tx.execute(
                update(drops)
                .where(
                    drops.c.id == drop_id,
                    drops.c.state == State.LOCKED,
                    drops.c.unlocks < MOST_UNLOCKS,
                    drops.c.expires_at > now,
                )
                .values(
                    state=State.SEALED,
                    round_guesses=0,
                    next_guess_at=0,
                    unlocks=drops.c.unlocks + 1,
                    n=drops.c.n + 1,
                )
                .returning(drops.c.n, drops.c.unlocks, now)
            )
        ).one_or_none()
        if row is None:
            raise CannotUnlockError
        left: int = MOST_UNLOCKS - row.unlocks
        await events.append(
            tx,
            store,
            Event.UNLOCKED,
            drop_id=drop_id,
            n=row.n,
            at=row[2],
            facts={"by": by, "unlocks_left": left},
        )
    return left
