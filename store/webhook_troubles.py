"""
What people are told of endpoints: that one has failed for long, that something was given up, that all is taken again.

Each once for as long as the trouble lasts, whichever bot says it.  Lease, say, settle: it counts as said only when
somebody was reached, so that a crash in between repeats it once, after a while, and never loses it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, or_, select, update

from store.opened import Store
from store.schema_of_webhooks import webhook_deliveries as owed
from store.schema_of_webhooks import webhook_endpoints as endpoints

LEASE_MS: Final = 300_000
"""Longer than it takes to reach every administrator through a slow Slack."""


class Trouble(StrEnum):
    """What can be said of an endpoint."""

    FAILING = "failing"
    GIVEN_UP = "given_up"


@dataclass(frozen=True)
class Over:
    """An endpoint for which nothing is left; `is_forgotten`: some of it was not taken, but thrown away after a time."""

    endpoint: str
    is_forgotten: bool


_TOLD: Final = {Trouble.FAILING: endpoints.c.failing_told_at, Trouble.GIVEN_UP: endpoints.c.given_up_told_at}
_WAS_TOLD: Final = or_(*(told.is_not(None) for told in _TOLD.values()))


async def begin_to_tell(store: Store, name: str, what: Trouble) -> int | None:
    """
    Until when it is this program's to say (milliseconds); None where another one says something of it, or it was said.
    """
    return await _lease(store, name, _TOLD[what].is_(None))


async def begin_to_tell_it_is_over(store: Store, name: str) -> int | None:
    """As `begin_to_tell`."""
    return await _lease(store, name, _WAS_TOLD)


async def _lease(store: Store, name: str, is_owed: ColumnElement[bool]) -> int | None:
    now, until = store.clock.now(), endpoints.c.telling_until
    is_ours = (endpoints.c.name == name) & is_owed & or_(until.is_(None), until <= now)
    async with store.db.read() as tx:
        # Asked every minute while it lasts, and a writer's lock is not to be taken for a no.
        if (await tx.execute(select(endpoints.c.name).where(is_ours))).first() is None:
            return None
    async with store.db.write() as tx:
        leased = update(endpoints).where(is_ours).values(telling_until=now + LEASE_MS).returning(until)
        lease: int | None = (await tx.execute(leased)).scalar_one_or_none()
    return lease


async def told(store: Store, name: str, what: Trouble) -> None:
    """Somebody was reached."""
    async with store.db.write() as tx:
        said = {_TOLD[what]: store.clock.now(), endpoints.c.telling_until: None}
        await tx.execute(update(endpoints).where(endpoints.c.name == name).values(said))


async def told_it_is_over(store: Store, name: str) -> None:
    """Somebody was reached; from now on a trouble is a new one."""
    columns = (*_TOLD.values(), endpoints.c.forgotten_at, endpoints.c.telling_until)
    async with store.db.write() as tx:
        await tx.execute(update(endpoints).where(endpoints.c.name == name).values(dict.fromkeys(columns)))


async def nobody_was_told(store: Store, name: str, lease: int) -> None:
    """It is to be said again, by whoever comes next; `lease` is what was given to say it."""
    # Only one's own: whoever was slow must not have a third say what another says just now.
    is_ours = (endpoints.c.name == name) & (endpoints.c.telling_until == lease)
    async with store.db.write() as tx:
        await tx.execute(update(endpoints).where(is_ours).values(telling_until=None))


async def over(store: Store, names: Collection[str]) -> list[Over]:
    """Of which it was said that they are in trouble, and of which nothing is left that was not taken; by name."""
    # Also what Replay has made due: that it is tried again does not say that it is taken.
    is_left = select(owed.c.id).where(owed.c.endpoint == endpoints.c.name, owed.c.why.is_not(None)).exists()
    which = select(endpoints.c.name, endpoints.c.forgotten_at.is_not(None).label("is_forgotten"))
    some = which.where(endpoints.c.name.in_(names), _WAS_TOLD, ~is_left).order_by(endpoints.c.name)
    async with store.db.read() as tx:
        return [Over(row.name, bool(row.is_forgotten)) for row in (await tx.execute(some)).all()]
