"""
Evidence packs that somebody asked for in Slack: one is made at a time in the whole installation, by whose turn it is.

Whoever makes it holds a lease and renews it.  A program that dies leaves a lease that ends, and the next one begins the
pack anew under the next number of attempt: what the earlier maker, should it live on, still writes counts for nothing.
"""

import secrets
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, auto
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store.clock import PRESENT
from store.database import Database
from store.evidence.request import Request
from store.schema import log_checkpoints, log_published
from store.schema_of_evidence import evidence_owed, evidence_packs
from store.upserting import upserts
from store.words import PackFailure

LIFE_MS: Final = 7 * 86_400_000
LEASE_MS: Final = 60_000
MOST_ATTEMPTS: Final = 5
"""A pack that brings its maker down would otherwise bring it down for ever."""
FRESH_MS: Final = 600_000
"""A pack that is younger is not made anew, whatever was published since."""
MOST_MINUTES: Final = 30
"""Nobody else gets one meanwhile."""

_ID_BYTES: Final = 16


class Standing(Enum):
    """What becomes of somebody's request."""

    BEGUN = auto()
    UNDERWAY = auto()
    """The same is being made already; whoever asks is told of it, too."""
    MADE = auto()
    """The same was made already and shows all that there is; whoever asks is told where it is."""
    OTHER_UNDERWAY = auto()
    """Another one is being made, and this one was not taken."""


@dataclass(frozen=True)
class Asked:
    """What became of a request, and the pack that this is about: its period, and when it was made, if it was."""

    standing: Standing
    request: Request
    made_at: int | None = None


@dataclass(frozen=True)
class Turn:
    """A pack that this program is to make, and the number that says so; how many turns before came to a bad end."""

    pack_id: bytes
    attempt: int
    request: Request
    broken: int = field(default=0, compare=False)

    @property
    def is_mine(self) -> ColumnElement[bool]:
        """Whether it still is this one's turn."""
        return and_(
            evidence_packs.c.id == self.pack_id,
            evidence_packs.c.making == 1,
            evidence_packs.c.attempt == self.attempt,
        )


async def ask(db: Database, request: Request, by: str) -> Asked:
    """Ask for a pack, as `by`; whoever is in time for it is owed the news of it."""
    # Once more where the other one ended between two statements: nobody is told to wait for their own period.
    asked = await _ask(db, request, by) or await _ask(db, request, by)
    return asked or Asked(Standing.OTHER_UNDERWAY, request)


async def _ask(db: Database, request: Request, by: str) -> Asked | None:
    now = db.clock.now()
    is_same = and_(
        evidence_packs.c.first_day == request.first.isoformat(),
        evidence_packs.c.last_day == request.last.isoformat(),
        evidence_packs.c.recipients == ",".join(request.recipients),
    )
    # In the whole installation: another log may have drops of the period by now.
    published = and_(log_published.c.log == log_checkpoints.c.log, log_published.c.size == log_checkpoints.c.size)
    newest_note = select(log_checkpoints.c.note).join(log_published, published).order_by(log_published.c.log.desc())
    is_fresh = or_(
        evidence_packs.c.note == newest_note.limit(1).scalar_subquery(),
        evidence_packs.c.made_at.between(now - FRESH_MS, now),
    )
    is_there = and_(is_same, is_fresh, evidence_packs.c.until > now)
    upsert = upserts(db)
    begun = upsert(evidence_packs).values(
        id=secrets.token_bytes(_ID_BYTES),
        first_day=request.first.isoformat(),
        last_day=request.last.isoformat(),
        recipients=",".join(request.recipients),
        asked_by=by,
        asked_at=now,
        making=1,
        attempt=0,
        stopped=0,
        lease_until=0,
    )
    async with db.write() as tx:
        newest = select(evidence_packs).where(is_there).order_by(evidence_packs.c.made_at.desc()).limit(1)
        there = (await tx.execute(newest)).one_or_none()
        if there is not None:
            await _owe(tx, upsert, there.id, by)
            return Asked(Standing.MADE, request, there.made_at)
        # Two at once, in two programs: the database lets one of them in.
        pack_id = await tx.scalar(begun.on_conflict_do_nothing().returning(evidence_packs.c.id))
        if pack_id is not None:
            await tx.execute(insert(evidence_owed).values(pack_id=pack_id, whom=by, not_before=0, tries=0))
            return Asked(Standing.BEGUN, request)
        other = (await tx.execute(select(evidence_packs).where(evidence_packs.c.making == 1))).one_or_none()
        if other is None:
            return None
        if request_of(other) != request:
            return Asked(Standing.OTHER_UNDERWAY, request_of(other))
        await _owe(tx, upsert, other.id, by)
        return Asked(Standing.UNDERWAY, request)


def _is_due(now: ColumnElement[int]) -> ColumnElement[bool]:
    # A clock that was set back must not block everybody until it has caught up.
    is_free = or_(evidence_packs.c.lease_until <= now, evidence_packs.c.lease_until > now + LEASE_MS)
    return and_(evidence_packs.c.making == 1, is_free)


_SOME_DUE: Final = select(evidence_packs.c.id).where(_is_due(PRESENT)).limit(1)


async def take(db: Database) -> Turn | None:
    """The pack that is to be made, for this program alone while it renews; None where there is none to take."""
    if await db.look(_SOME_DUE, {}) is None:
        return None
    now = db.clock.now()
    taken = (
        update(evidence_packs)
        .where(_is_due(now))
        .values(attempt=evidence_packs.c.attempt + 1, lease_until=now + LEASE_MS)
    )
    async with db.write() as tx:
        row = (await tx.execute(taken.returning(evidence_packs))).one_or_none()
    return None if row is None else Turn(row.id, row.attempt, request_of(row), row.attempt - row.stopped - 1)


async def turn_of(db: Database, pack_id: bytes, attempt: int) -> Turn | None:
    """A turn by its numbers; None where it is over."""
    async with db.read() as tx:
        row = (await tx.execute(select(evidence_packs).where(evidence_packs.c.id == pack_id))).one_or_none()
    is_mine = row is not None and row.making == 1 and row.attempt == attempt
    return Turn(pack_id, attempt, request_of(row)) if is_mine and row is not None else None


async def renew(db: Database, turn: Turn) -> bool:
    """Say that it is still being made; False where somebody else is making it by now."""
    return await _change(db, turn, lease_until=db.clock.now() + LEASE_MS)


async def let_go(db: Database, turn: Turn, pause_ms: int) -> bool:
    """Its maker broke down: leave it to whoever comes first after a pause of a lease at most."""
    return await _change(db, turn, lease_until=db.clock.now() + pause_ms)


async def stop(db: Database, turn: Turn) -> bool:
    """This program ends in good order: leave it to the next at once, and count nothing against the pack."""
    return await _change(db, turn, lease_until=db.clock.now(), stopped=evidence_packs.c.stopped + 1)


async def fail(db: Database, turn: Turn, failure: PackFailure) -> bool:
    """It cannot be made, and why; everybody who asked is owed this."""
    return await _change(db, turn, making=None, failure=failure.value, until=db.clock.now() + LIFE_MS)


def request_of(row: Row[Any]) -> Request:
    """What the pack in this row shows."""
    recipients = tuple(row.recipients.split(",")) if row.recipients else ()
    return Request(date.fromisoformat(row.first_day), date.fromisoformat(row.last_day), recipients)


async def _change(db: Database, turn: Turn, **values: Any) -> bool:
    async with db.write() as tx:
        return (await tx.execute(update(evidence_packs).where(turn.is_mine).values(**values))).rowcount == 1


async def _owe(tx: AsyncConnection, upsert: Any, pack_id: bytes, whom: str) -> None:
    """Whom it is owed already it is owed anew."""
    owed = {"not_before": 0, "tries": 0, "told_at": None}
    await tx.execute(
        upsert(evidence_owed)
        .values(pack_id=pack_id, whom=whom, **owed)
        .on_conflict_do_update(index_elements=["pack_id", "whom"], set_=owed)
    )
