"""
What people are told of endpoints: that one has failed for long, that something was given up, that all is taken again.

Each once for as long as the trouble lasts, whichever bot says it: whoever is to say it notes so first, and takes that
back where nobody was reached.
"""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from sqlalchemy import or_, select, update

from store.opened import Store
from store.schema_of_webhooks import webhook_deliveries as owed
from store.schema_of_webhooks import webhook_endpoints as endpoints


class Trouble(StrEnum):
    """What can be said of an endpoint."""

    FAILING = "failing"
    GIVEN_UP = "given_up"


_TOLD: Final = {Trouble.FAILING: endpoints.c.failing_told_at, Trouble.GIVEN_UP: endpoints.c.given_up_told_at}


async def begin_to_tell(store: Store, name: str, what: Trouble) -> bool:
    """Whether it is this program's to say; it was said by another one, or before, where it is not."""
    told = _TOLD[what]
    is_untold = (endpoints.c.name == name) & told.is_(None)
    async with store.db.read() as tx:
        # Asked every minute while it lasts, and a writer's lock is not to be taken for a no.
        if (await tx.execute(select(endpoints.c.name).where(is_untold))).first() is None:
            return False
    async with store.db.write() as tx:
        ours = update(endpoints).where(is_untold).values({told: store.clock.now()})
        return (await tx.execute(ours)).rowcount == 1


async def nobody_was_told(store: Store, name: str, what: Trouble) -> None:
    """It is to be said again."""
    async with store.db.write() as tx:
        await tx.execute(update(endpoints).where(endpoints.c.name == name).values({_TOLD[what]: None}))


async def over(store: Store, names: Collection[str]) -> list[str]:
    """Of which it was said that they are in trouble, and of which nothing is left that was not taken; by name."""
    # Also what Replay has made due: that it is tried again does not say that it is taken.
    is_left = select(owed.c.id).where(owed.c.endpoint == endpoints.c.name, owed.c.why.is_not(None)).exists()
    was_told = or_(*(told.is_not(None) for told in _TOLD.values()))
    some = select(endpoints.c.name).where(endpoints.c.name.in_(names), was_told, ~is_left).order_by(endpoints.c.name)
    async with store.db.read() as tx:
        return list((await tx.execute(some)).scalars())


async def begin_to_tell_it_is_over(store: Store, name: str) -> bool:
    """Whether it is this program's to say; from now on a trouble is a new one."""
    was_told = or_(*(told.is_not(None) for told in _TOLD.values()))
    ended = update(endpoints).where(endpoints.c.name == name, was_told).values(dict.fromkeys(_TOLD.values()))
    async with store.db.write() as tx:
        return (await tx.execute(ended)).rowcount == 1
