"""How it stands with the endpoints of other programs: what waits, and what was given up."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, func, select, tuple_

from store.opened import Store
from store.schema import log_leaves
from store.schema_of_webhooks import webhook_deliveries as owed
from store.schema_of_webhooks import webhook_endpoints as endpoints

_IS_AHEAD: Final = tuple_(log_leaves.c.log, log_leaves.c.leaf_index) >= tuple_(endpoints.c.log, endpoints.c.leaf_index)
_AHEAD: Final = select(func.count()).select_from(log_leaves).where(_IS_AHEAD).scalar_subquery()

STUCK_AFTER_MS: Final = 300_000
"""A restart of the endpoint is not worth a word."""


@dataclass(frozen=True)
class Failed:
    """What one endpoint was not told and is tried no more; `since` is when the first was given up, in milliseconds."""

    endpoint: str
    count: int
    since: int
    why: str


@dataclass(frozen=True)
class Stuck:
    """
    What one endpoint has not taken so far, though it was tried; `since` is the oldest of these first tries.

    `count` events wait with it, what comes after them too, and `ahead` leaves of the log were not looked at.
    """

    endpoint: str
    count: int
    ahead: int
    since: int
    why: str


@dataclass(frozen=True)
class Standing:
    """
    One endpoint: how many deliveries wait and failed, and why the last one that is still here was not taken.

    `ahead` leaves of the log were not looked at for it so far.
    """

    endpoint: str
    ahead: int
    waiting: int
    failed: int
    why: str | None


async def failed(store: Store, names: Collection[str]) -> list[Failed]:
    """What was given up, of these endpoints, by name."""
    if not names:
        return []
    is_failed = and_(owed.c.failed_at.is_not(None), owed.c.endpoint.in_(names))
    counted = select(owed.c.endpoint, func.count().label("count"), func.min(owed.c.failed_at).label("since"))
    last = select(func.max(owed.c.id)).where(is_failed).group_by(owed.c.endpoint)
    whys = select(owed.c.endpoint, owed.c.why).where(owed.c.id.in_(last))
    async with store.db.read() as tx:
        rows = (await tx.execute(counted.where(is_failed).group_by(owed.c.endpoint))).all()
        why = {row.endpoint: row.why for row in (await tx.execute(whys)).all()} if rows else {}
    return sorted(
        (Failed(row.endpoint, row[1], row.since, why.get(row.endpoint) or "") for row in rows),
        key=lambda one: one.endpoint,
    )


async def stuck(store: Store, names: Collection[str], *, after_ms: int = STUCK_AFTER_MS) -> list[Stuck]:
    """Where something waits for its next try, so long after its first one, of these endpoints, by name."""
    if not names:
        return []
    now = store.clock.now()
    # Not what Replay has made due: that was not tried since.
    is_refused = and_(owed.c.not_before > now, owed.c.first_at <= now - after_ms, owed.c.endpoint.in_(names))
    oldest = select(owed.c.endpoint, func.min(owed.c.first_at).label("since"), func.max(owed.c.id).label("last"))
    found = []
    async with store.db.read() as tx:
        for row in (await tx.execute(oldest.where(is_refused).group_by(owed.c.endpoint))).all():
            waits = select(func.count()).where(owed.c.endpoint == row.endpoint, owed.c.failed_at.is_(None))
            count = (await tx.execute(waits)).scalar_one()
            ahead = (await tx.execute(select(_AHEAD).where(endpoints.c.name == row.endpoint))).scalar_one()
            why = (await tx.execute(select(owed.c.why).where(owed.c.id == row.last))).scalar_one()
            found.append(Stuck(row.endpoint, count, ahead, row.since, why or ""))
    return sorted(found, key=lambda one: one.endpoint)


async def standing(store: Store) -> list[Standing]:
    """Every endpoint that ever was one here, by name."""
    counted = select(owed.c.endpoint, func.count(), func.count(owed.c.failed_at)).group_by(owed.c.endpoint)
    last = select(func.max(owed.c.id)).where(owed.c.why.is_not(None)).group_by(owed.c.endpoint)
    async with store.db.read() as tx:
        known = (await tx.execute(select(endpoints.c.name, _AHEAD).order_by(endpoints.c.name))).all()
        counts = {row[0]: (row[1], row[2]) for row in (await tx.execute(counted)).all()}
        whys = select(owed.c.endpoint, owed.c.why).where(owed.c.id.in_(last))
        why = {row.endpoint: row.why for row in (await tx.execute(whys)).all()}
    found = []
    for row in known:
        whole, given_up = counts.get(row[0], (0, 0))
        found.append(Standing(row[0], row[1], whole - given_up, given_up, why.get(row[0])))
    return found
