"""How it stands with the endpoints of other programs: what waits, and what was given up."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select

from store.opened import Store
from store.schema import log_leaves
from store.schema_of_webhooks import webhook_deliveries as owed
from store.schema_of_webhooks import webhook_endpoints as endpoints


@dataclass(frozen=True)
class Failed:
    """What one endpoint was not told in three days; `since` is when the first was given up, in milliseconds."""

    endpoint: str
    count: int
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


async def standing(store: Store) -> list[Standing]:
    """Every endpoint that ever was one here, by name."""
    is_ahead = or_(
        log_leaves.c.log > endpoints.c.log,
        and_(log_leaves.c.log == endpoints.c.log, log_leaves.c.leaf_index >= endpoints.c.leaf_index),
    )
    ahead = select(func.count()).select_from(log_leaves).where(is_ahead).scalar_subquery()
    counted = select(owed.c.endpoint, func.count(), func.count(owed.c.failed_at)).group_by(owed.c.endpoint)
    last = select(func.max(owed.c.id)).where(owed.c.why.is_not(None)).group_by(owed.c.endpoint)
    async with store.db.read() as tx:
        known = (await tx.execute(select(endpoints.c.name, ahead).order_by(endpoints.c.name))).all()
        counts = {row[0]: (row[1], row[2]) for row in (await tx.execute(counted)).all()}
        whys = select(owed.c.endpoint, owed.c.why).where(owed.c.id.in_(last))
        why = {row.endpoint: row.why for row in (await tx.execute(whys)).all()}
    found = []
    for row in known:
        whole, given_up = counts.get(row[0], (0, 0))
        found.append(Standing(row[0], row[1], whole - given_up, given_up, why.get(row[0])))
    return found
