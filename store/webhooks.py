"""
Which events an endpoint of another program has not taken so far.

What is sent is the published log, in the order of its leaves, and not what the writers of events say: an event costs
nothing more for being told, and none can be missed, since its leaf stands in the same transaction as the change.  One
transaction writes what an endpoint is owed and how far it was told, so that of several bots each event is owed once.

Lease, send with no transaction open, settle.  A crash in between repeats a delivery and never loses one.  Of one drop
and endpoint only the earliest can be leased that is neither taken nor given up; events of no drop are one such row.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, insert, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from store.opened import Store
from store.schema import events, log_leaves, log_openings, log_published
from store.schema_of_webhooks import webhook_deliveries as owed
from store.schema_of_webhooks import webhook_endpoints as endpoints

LEASE_MS: Final = 60_000
TRIED_FOR_MS: Final = 3 * 86_400_000
"""From the first try on."""
_MOST_LEAVES: Final = 200
_MOST_WAITING: Final = 20_000
"""For one endpoint: each look goes over all that waits, and the log keeps what is behind it."""


@dataclass(frozen=True)
class Owed:
    """One event for one endpoint, leased; `at` is when it happened, in milliseconds, `tries` counts this one."""

    endpoint: str
    position: int
    jti: str
    event: str
    at: int
    leaf: bytes = field(repr=False)
    tries: int
    lease_until: int


async def enrol(store: Store, names: Collection[str]) -> None:
    """Let endpoints that are new here be told of what comes after the log as it is now."""
    if not names:
        return
    upsert: Any = sqlite_insert if store.db.is_sqlite else postgresql_insert
    async with store.db.write() as tx:
        log = await tx.scalar(select(func.max(log_openings.c.log))) or 0
        last = await tx.scalar(select(func.max(log_leaves.c.leaf_index)).where(log_leaves.c.log == log))
        index = 0 if last is None else last + 1
        new = [{"name": name, "log": log, "leaf_index": index} for name in sorted(names)]
        await tx.execute(upsert(endpoints).on_conflict_do_nothing(), new)


async def fan_out(store: Store, name: str, wants: Callable[[str], bool]) -> bool:
    """Write down what an endpoint is owed of the next published leaves, if it `wants` their events; whether any were
    looked at."""
    reached = select(endpoints.c.log, endpoints.c.leaf_index).where(endpoints.c.name == name)
    async with store.db.read() as tx:
        # Asked every second, and a writer's lock is not to be taken for a no.
        row = (await tx.execute(reached)).one_or_none()
        if row is None or (await tx.execute(_leaves(row.log, row.leaf_index).limit(1))).first() is None:
            return False
        if (await tx.execute(_waiting(name).offset(_MOST_WAITING - 1).limit(1))).first() is not None:
            return False
    async with store.db.write() as tx:
        # Whoever finds the row locked leaves the turn to the other program.
        row = (await tx.execute(reached.with_for_update(skip_locked=True))).one_or_none()
        leaves = [] if row is None else (await tx.execute(_leaves(row.log, row.leaf_index))).all()
        if not leaves:
            return False
        await _owe(tx, name, [leaf for leaf in leaves if wants(leaf.event)], await tx.scalar(select(store.clock.now())))
        further = update(endpoints).where(endpoints.c.name == name)
        await tx.execute(further.values(log=leaves[-1].log, leaf_index=leaves[-1].leaf_index + 1))
    return True


def _waiting(name: str) -> Select[tuple[int]]:
    return select(owed.c.id).where(owed.c.endpoint == name, owed.c.failed_at.is_(None))


def _leaves(log: int, index: int) -> Select[Any]:
    """The next leaves from one on, of this log and of those that were opened after it."""
    shown = and_(log_published.c.log == log_leaves.c.log, log_published.c.size > log_leaves.c.leaf_index)
    return (
        select(log_leaves.c.log, log_leaves.c.leaf_index, events.c.position, events.c.drop_id, events.c.event)
        .join(log_published, shown)
        .join(events, events.c.position == log_leaves.c.position)
        .where(tuple_(log_leaves.c.log, log_leaves.c.leaf_index) >= (log, index))
        .order_by(log_leaves.c.log, log_leaves.c.leaf_index)
        .limit(_MOST_LEAVES)
    )


async def _owe(tx: AsyncConnection, name: str, leaves: Collection[Any], now: int | None) -> None:
    rows = [
        {
            "endpoint": name,
            "position": leaf.position,
            "drop_id": leaf.drop_id or b"",
            "not_before": now,
            "tries": 0,
            "lease_until": 0,
        }
        for leaf in leaves
    ]
    if rows:
        await tx.execute(insert(owed), rows)


async def lease(store: Store, name: str) -> Owed | None:
    """The next event for an endpoint, for a minute; None where nothing is due."""
    due = _due(store, name).limit(1)
    async with store.db.read() as tx:
        if (await tx.execute(due)).first() is None:
            return None
    now = store.clock.now()
    async with store.db.write() as tx:
        found = (await tx.execute(due.with_for_update(skip_locked=True))).scalar_one_or_none()
        leased = {
            "lease_until": now + LEASE_MS,
            "tries": owed.c.tries + 1,
            "first_at": func.coalesce(owed.c.first_at, now),
        }
        taken = update(owed).where(owed.c.id == found, _is_waiting(store)).values(leased).returning(owed)
        row = None if found is None else (await tx.execute(taken)).one_or_none()
        if row is None:
            return None
        said: Any = (await tx.execute(select(events).where(events.c.position == row.position))).one()
    return Owed(name, row.position, said.jti, said.event, said.at, said.leaf, row.tries, row.lease_until)


def _is_waiting(store: Store) -> ColumnElement[bool]:
    now = store.clock.now()
    return (owed.c.failed_at.is_(None)) & (owed.c.not_before <= now) & (owed.c.lease_until <= now)


def _due(store: Store, name: str) -> Select[tuple[int]]:
    earlier = owed.alias()
    is_overtaking = (
        select(earlier.c.id)
        .where(
            earlier.c.endpoint == owed.c.endpoint,
            earlier.c.drop_id == owed.c.drop_id,
            earlier.c.id < owed.c.id,
            earlier.c.failed_at.is_(None),
        )
        .exists()
    )
    return select(owed.c.id).where(owed.c.endpoint == name, _is_waiting(store), ~is_overtaking).order_by(owed.c.id)


async def settle(store: Store, delivery: Owed) -> None:
    """The endpoint has taken it, whoever has leased it since."""
    # By its position: on SQLite the number of a row that is gone is given to another one.
    is_it = (owed.c.endpoint == delivery.endpoint) & (owed.c.position == delivery.position)
    async with store.db.write() as tx:
        await tx.execute(delete(owed).where(is_it))


# A lease is known by its try and its end: whoever comes back after a minute must not undo what a later one does.


async def put_off(store: Store, delivery: Owed, seconds: float, why: str) -> bool:
    """Try again after `seconds`, or when the three days are over; False where they are, and it is given up."""
    now = store.clock.now()
    end = owed.c.first_at + TRIED_FOR_MS
    again = now + int(seconds * 1000)
    changed = {
        "failed_at": case((end <= now, now)),
        "not_before": case((again < end, again), else_=end),
        "lease_until": 0,
        "why": why,
    }
    async with store.db.write() as tx:
        put = update(owed).where(_is_ours(delivery)).values(changed).returning(owed.c.failed_at)
        row = (await tx.execute(put)).one_or_none()
    return row is None or row.failed_at is None


async def give_up(store: Store, delivery: Owed, why: str) -> None:
    """The endpoint will never take it; it is kept until somebody says Replay."""
    async with store.db.write() as tx:
        failed = {"failed_at": store.clock.now(), "lease_until": 0, "why": why}
        await tx.execute(update(owed).where(_is_ours(delivery)).values(failed))


def _is_ours(delivery: Owed) -> ColumnElement[bool]:
    return and_(
        owed.c.endpoint == delivery.endpoint,
        owed.c.position == delivery.position,
        owed.c.tries == delivery.tries,
        owed.c.lease_until == delivery.lease_until,
    )


async def replay(store: Store, name: str) -> int:
    """
    Make what an endpoint was not told in three days due once more, for three days; how much that was.

    What waits for its next try is due at once, too: whoever says Replay has just repaired the endpoint.
    """
    now = store.clock.now()
    is_failed = and_(owed.c.endpoint == name, owed.c.failed_at.is_not(None))
    is_put_off = and_(owed.c.endpoint == name, owed.c.failed_at.is_(None), owed.c.not_before > now)
    is_idle = or_(owed.c.lease_until == 0, owed.c.lease_until <= now)
    async with store.db.write() as tx:
        afresh = {"failed_at": None, "first_at": None, "not_before": now, "tries": 0, "lease_until": 0}
        failed = await tx.execute(update(owed).where(is_failed).values(afresh))
        await tx.execute(update(owed).where(is_put_off, is_idle).values(not_before=now))
    return failed.rowcount
