"""
Which events an endpoint of another program has not taken so far.

What is sent is the published log, in the order of its leaves, and not what the writers of events say: an event costs
nothing more for being told, and none can be missed, since its leaf stands in the same transaction as the change.  One
transaction writes what an endpoint is owed and how far it was told, so that of several bots each event is owed once.

Lease, send with no transaction open, settle.  A crash in between repeats a delivery and never loses one.  Of one
subject and endpoint one event has its turn at a time, which is what `not_before` says: whatever takes it away gives it
to the next in the same transaction.  So a look goes over turns alone, and costs nothing for what waits behind them.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, case, delete, func, insert, null, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.clock import PRESENT
from store.opened import Store
from store.schema import events, log_leaves, log_openings, log_published
from store.schema_of_webhooks import webhook_deliveries as owed
from store.schema_of_webhooks import webhook_endpoints as endpoints
from store.upserting import upserts
from store.webhook_subjects import subject_of

LEASE_MS: Final = 60_000
TRIED_FOR_MS: Final = 3 * 86_400_000
"""From the first try on, or, for what waited behind something that was given up, from when it happened."""
KEPT_FOR_MS: Final = 90 * 86_400_000
"""From when it was given up."""
_MOST_LEAVES: Final = 200
_SWEPT_AT_ONCE: Final = 200
_SOME_OVER: Final = select(owed.c.id).where(owed.c.failed_at <= PRESENT - KEPT_FOR_MS).limit(1)
_MOST_WAITING: Final = 20_000
"""Subjects of one endpoint, not events: a refused one, however long it becomes, must not keep the others from it."""


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
    upsert = upserts(store.db)
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
        if (await tx.execute(_turns(name).offset(_MOST_WAITING - 1).limit(1))).first() is not None:
            return False
    async with store.db.write() as tx:
        await _alone(tx, name)
        row = (await tx.execute(reached)).one_or_none()
        leaves = [] if row is None else (await tx.execute(_leaves(row.log, row.leaf_index))).all()
        if not leaves:
            return False
        await _owe(tx, name, [leaf for leaf in leaves if wants(leaf.event)], await tx.scalar(select(store.clock.now())))
        further = update(endpoints).where(endpoints.c.name == name)
        await tx.execute(further.values(log=leaves[-1].log, leaf_index=leaves[-1].leaf_index + 1))
    return True


async def _alone(tx: AsyncConnection, name: str) -> None:
    """Until the commit nobody else gives turns: one that ends as the next event comes would leave its turn to none."""
    await tx.execute(select(endpoints.c.name).where(endpoints.c.name == name).with_for_update())


def _turns(name: str) -> Select[Any]:
    return select(owed.c.subject).where(owed.c.endpoint == name, owed.c.not_before.is_not(None))


def _leaves(log: int, index: int) -> Select[Any]:
    """The next leaves from one on, of this log and of those that were opened after it."""
    shown = and_(log_published.c.log == log_leaves.c.log, log_published.c.size > log_leaves.c.leaf_index)
    return (
        select(
            log_leaves.c.log,
            log_leaves.c.leaf_index,
            events.c.position,
            events.c.drop_id,
            events.c.event,
            case((events.c.drop_id.is_(None), events.c.leaf)).label("leaf"),
        )
        .join(log_published, shown)
        .join(events, events.c.position == log_leaves.c.position)
        .where(tuple_(log_leaves.c.log, log_leaves.c.leaf_index) >= (log, index))
        .order_by(log_leaves.c.log, log_leaves.c.leaf_index)
        .limit(_MOST_LEAVES)
    )


async def _owe(tx: AsyncConnection, name: str, leaves: Collection[Any], now: int | None) -> None:
    subjects = [subject_of(leaf.drop_id, leaf.event, leaf.leaf) for leaf in leaves]
    busy: set[bytes] = set((await tx.scalars(_turns(name).where(owed.c.subject.in_(set(subjects))))).all())
    rows = []
    for leaf, subject in zip(leaves, subjects, strict=True):
        turn = None if subject in busy else now
        busy.add(subject)
        owes = {"endpoint": name, "position": leaf.position, "subject": subject, "not_before": turn}
        rows.append(owes | {"tries": 0, "lease_until": 0})
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
    return (owed.c.not_before <= now) & (owed.c.lease_until <= now)


def _due(store: Store, name: str) -> Select[tuple[int]]:
    due = select(owed.c.id).where(owed.c.endpoint == name, _is_waiting(store))
    return due.order_by(owed.c.not_before, owed.c.id)


async def settle(store: Store, delivery: Owed) -> None:
    """The endpoint has taken it, whoever has leased it since."""
    # By its position: on SQLite the number of a row that is gone is given to another one.
    is_it = (owed.c.endpoint == delivery.endpoint) & (owed.c.position == delivery.position)
    async with store.db.write() as tx:
        await _alone(tx, delivery.endpoint)
        subject = (await tx.execute(delete(owed).where(is_it).returning(owed.c.subject))).scalar_one_or_none()
        await _let_next(tx, store, delivery.endpoint, subject)


async def _let_next(
    tx: AsyncConnection, store: Store, name: str, subject: bytes | None, *, behind_a_failed_one: bool = False
) -> None:
    """Give the turn to the earliest of a subject that waits, unless one has it."""
    other = owed.alias()
    waits = and_(other.c.endpoint == name, other.c.subject == subject, other.c.failed_at.is_(None))
    first = select(other.c.id).where(waits).order_by(other.c.id).limit(1).scalar_subquery()
    is_taken = select(other.c.id).where(waits, other.c.not_before.is_not(None)).exists()
    turn: dict[str, Any] = {"not_before": store.clock.now()}
    if behind_a_failed_one:
        # From when it happened: with days of its own each of many that are refused would add three to what comes last.
        turn["first_at"] = select(events.c.at).where(events.c.position == owed.c.position).scalar_subquery()
    await tx.execute(update(owed).where(owed.c.id == first, ~is_taken).values(turn))


# A lease is known by its try and its end: whoever comes back after a minute must not undo what a later one does.


async def put_off(store: Store, delivery: Owed, seconds: float, why: str) -> bool:
    """Try again after `seconds`, or when the three days are over; False where they are, and it is given up."""
    now = store.clock.now()
    end = owed.c.first_at + TRIED_FOR_MS
    again = now + int(seconds * 1000)
    changed = {
        "failed_at": case((end <= now, now)),
        "not_before": case((end <= now, null()), (again < end, again), else_=end),
        "lease_until": 0,
        "why": why,
    }
    row = await _not_taken(store, delivery, changed)
    return row is None or row.failed_at is None


async def give_up(store: Store, delivery: Owed, why: str) -> None:
    """The endpoint will never take it; it is kept for KEPT_FOR_MS, for whoever says Replay."""
    failed = {"failed_at": store.clock.now(), "not_before": None, "lease_until": 0, "why": why}
    await _not_taken(store, delivery, failed)


async def _not_taken(store: Store, delivery: Owed, changed: Mapping[str, Any]) -> Row[Any] | None:
    async with store.db.write() as tx:
        await _alone(tx, delivery.endpoint)
        put = update(owed).where(_is_ours(delivery)).values(changed).returning(owed.c.failed_at, owed.c.subject)
        row = (await tx.execute(put)).one_or_none()
        if row is not None and row.failed_at is not None:
            await _let_next(tx, store, delivery.endpoint, row.subject, behind_a_failed_one=True)
    return row


def _is_ours(delivery: Owed) -> ColumnElement[bool]:
    return and_(
        owed.c.endpoint == delivery.endpoint,
        owed.c.position == delivery.position,
        owed.c.tries == delivery.tries,
        owed.c.lease_until == delivery.lease_until,
    )


async def replay(store: Store, name: str) -> int:
    """
    Make what an endpoint was not told in three days due once more, for three days; how many are tried again.

    What waits for its next try is due at once, too, and counts: whoever says Replay has just repaired the endpoint.
    """
    now = store.clock.now()
    is_failed = and_(owed.c.endpoint == name, owed.c.failed_at.is_not(None))
    is_put_off = and_(owed.c.endpoint == name, owed.c.not_before > now)
    is_idle = or_(owed.c.lease_until == 0, owed.c.lease_until <= now)
    async with store.db.write() as tx:
        await _alone(tx, name)
        put_off = await tx.execute(update(owed).where(is_put_off, is_idle).values(not_before=now))
        afresh = {"failed_at": None, "first_at": None, "tries": 0, "lease_until": 0}
        failed = await tx.execute(update(owed).where(is_failed).values(afresh))
        other = owed.alias()
        waits = select(func.min(other.c.id)).where(other.c.endpoint == name, other.c.failed_at.is_(None))
        nobodys = waits.group_by(other.c.subject).having(func.count(other.c.not_before) == 0)
        await tx.execute(update(owed).where(owed.c.id.in_(nobodys)).values(not_before=now))
    return failed.rowcount + put_off.rowcount


async def sweep(store: Store) -> int:
    """Take away what was given up long ago, some at a time; how many.  The log has it."""
    is_over = owed.c.failed_at <= store.clock.now() - KEPT_FOR_MS
    if await store.db.look(_SOME_OVER, {}) is None:
        return 0  # on SQLite a writer would make a claim wait, once a second and for nothing
    async with store.db.write() as tx:
        # Waiting for no row: two that sweep, or one and a Replay, would wait for each other.
        some = select(endpoints.c.name).where(endpoints.c.name.in_(select(owed.c.endpoint).where(is_over)))
        idle = (await tx.scalars(some.with_for_update(skip_locked=True))).all()
        over = select(owed.c.id).where(is_over, owed.c.endpoint.in_(idle)).limit(_SWEPT_AT_ONCE)
        ids = (await tx.scalars(over.with_for_update(skip_locked=True))).all()
        swept = (await tx.scalars(delete(owed).where(owed.c.id.in_(ids)).returning(owed.c.endpoint))).all()
        # With the last of it gone the endpoint would look like one that took everything; see webhook_troubles.
        forgotten = update(endpoints).where(endpoints.c.name.in_(set(swept)))
        await tx.execute(forgotten.values(forgotten_at=store.clock.now()))
        return len(swept)
