"""
How the store stands, in numbers: what waits, since when, and where the log has got to.

Read for `/metrics` and for readiness, every ten seconds at most: whoever asks often costs the database nothing.  Each
number comes from an index, however many drops are over.
"""

import asyncio
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, and_, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.errors import StoreUnavailableError
from store.opened import Store
from store.schema import drops, events, log_anchoring, log_checkpoints, log_pending, log_refused, notices
from store.schema_of_webhooks import webhook_deliveries as owed
from store.words import LIVE, Audience, State

FRESH_SECONDS: Final = 10
_READ_SECONDS: Final = 3


@dataclass(frozen=True)
class Outbox:
    """What one audience is owed: notices that wait, those of them that are parked, and the oldest one's age."""

    waiting: int = 0
    parked: int = 0
    oldest_seconds: float = 0.0


@dataclass(frozen=True)
class Figures:
    """
    One reading.  Ages are in seconds by the database's clock; None where there is no such thing so far.

    `webhooks`: for each endpoint how many events wait, and how many were given up.
    """

    drops: Mapping[State, int]
    outbox: Mapping[Audience, Outbox]
    log_waiting: int
    log_oldest_seconds: float
    log_refused: int
    checkpoint_age: float | None
    anchor_age: float | None
    webhooks: Mapping[str, tuple[int, int]]


async def read(store: Store, endpoints: Collection[str] = ()) -> Figures:
    """Read everything; of webhooks only these endpoints, which are those that the operator named."""
    async with store.db.read() as tx:
        now = int(await tx.scalar(select(store.clock.now())) or 0)
        waiting = await tx.scalar(select(func.count()).select_from(log_pending)) or 0
        return Figures(
            drops=await _drops(tx),
            outbox=await _outbox(tx, now),
            log_waiting=waiting,
            log_oldest_seconds=_age(now, await tx.scalar(_oldest_pending())) or 0.0,
            log_refused=await tx.scalar(select(func.count()).select_from(log_refused)) or 0,
            checkpoint_age=_age(now, await tx.scalar(_newest_checkpoint())),
            anchor_age=_age(now, await tx.scalar(select(log_anchoring.c.posted_at))),
            webhooks=await _webhooks(tx, endpoints),
        )


class Reading:
    """The last reading, and until when it is fresh enough.  `endpoints` as for `read`."""

    def __init__(self, store: Store, endpoints: Collection[str] = ()) -> None:
        self._store = store
        self._endpoints = endpoints
        self._last: Figures | None = None
        self._until = 0.0
        self._one_at_a_time = asyncio.Lock()

    async def figures(self) -> Figures | None:
        """At most `FRESH_SECONDS` old; None where the database does not answer."""
        async with self._one_at_a_time:
            if time.monotonic() >= self._until:
                self._last = await self._read()
                self._until = time.monotonic() + FRESH_SECONDS
        return self._last

    async def _read(self) -> Figures | None:
        try:
            async with asyncio.timeout(_READ_SECONDS):
                return await read(self._store, self._endpoints)
        except (StoreUnavailableError, TimeoutError):
            return None


async def _drops(tx: AsyncConnection) -> dict[State, int]:
    counted = select(drops.c.state, func.count()).where(drops.c.state.in_(LIVE)).group_by(drops.c.state)
    found = {State(state): count for state, count in (await tx.execute(counted)).all()}
    return {state: found.get(state, 0) for state in LIVE}


async def _outbox(tx: AsyncConnection, now: int) -> dict[Audience, Outbox]:
    counted = (
        select(notices.c.audience, func.count(), func.count(notices.c.parked), func.min(notices.c.created_at))
        .where(notices.c.done_at.is_(None))
        .group_by(notices.c.audience)
    )
    found = {
        Audience(audience): Outbox(waiting, parked, _age(now, oldest) or 0.0)
        for audience, waiting, parked, oldest in (await tx.execute(counted)).all()
    }
    return {audience: found.get(audience, Outbox()) for audience in Audience}


def _oldest_pending() -> Select[Any]:
    first = select(func.min(log_pending.c.position)).scalar_subquery()
    return select(events.c.at).where(events.c.position == first)


def _newest_checkpoint() -> Select[Any]:
    return select(log_checkpoints.c.at).order_by(log_checkpoints.c.log.desc(), log_checkpoints.c.size.desc()).limit(1)


async def _webhooks(tx: AsyncConnection, endpoints: Collection[str]) -> dict[str, tuple[int, int]]:
    found = {}
    for name in endpoints:
        is_waiting = and_(owed.c.endpoint == name, owed.c.failed_at.is_(None))
        is_failed = and_(owed.c.endpoint == name, owed.c.failed_at.is_not(None))
        counts = [await tx.scalar(select(func.count()).where(one)) or 0 for one in (is_waiting, is_failed)]
        found[name] = (counts[0], counts[1])
    return found


def _age(now: int, at: int | None) -> float | None:
    """Of a time in milliseconds, in seconds; None for none, and for the 0 of what has not happened yet."""
    return max(0, now - at) / 1000 if at else None
