"""
Who is to be told of a pack: everybody who asked for it, and the audit channel.

Told under a lease, like a notice of the outbox, which is for drops: a program that dies while it tells leaves it to
another one, and at worst somebody reads the same twice.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, or_, select, update

from store.clock import PRESENT
from store.database import Database
from store.evidence.asking import request_of
from store.evidence.request import Request
from store.schema_of_evidence import evidence_owed, evidence_packs
from store.words import PackFailure

AUDIT: Final = "audit"
"""In place of a person's id."""

_LEASE_MS: Final = 60_000
_LONGEST_PAUSE_MS: Final = 900_000


@dataclass(frozen=True)
class Owed:
    """Somebody is to be told that a pack is there until `until`, or why it is not."""

    pack_id: bytes
    whom: str
    asked_by: str
    request: Request
    failure: PackFailure | None
    until: int
    drops: int
    faults: int
    tries: int
    made_at: int | None


def _is_due(now: ColumnElement[int]) -> ColumnElement[bool]:
    # A clock that was set back must not silence anybody until it has caught up.
    is_free = or_(evidence_owed.c.not_before <= now, evidence_owed.c.not_before > now + _LONGEST_PAUSE_MS)
    return and_(evidence_owed.c.told_at.is_(None), is_free)


_SOME_DUE: Final = select(evidence_owed.c.whom).where(_is_due(PRESENT)).limit(1)


async def take(db: Database) -> Owed | None:
    """What is owed next, for this program alone for a minute."""
    if await db.look(_SOME_DUE, {}) is None:
        return None
    now = db.clock.now()
    is_due = _is_due(now)
    of_packs = (
        select(evidence_packs, evidence_owed.c.whom, evidence_owed.c.tries)
        .join(evidence_owed, evidence_owed.c.pack_id == evidence_packs.c.id)
        .where(evidence_packs.c.until > now, is_due)
        .order_by(evidence_packs.c.asked_at, evidence_owed.c.whom)
        .limit(1)
    )
    async with db.read() as tx:
        row = (await tx.execute(of_packs)).one_or_none()
    if row is None:
        return None
    is_this = and_(evidence_owed.c.pack_id == row.id, evidence_owed.c.whom == row.whom)
    taken = update(evidence_owed).where(is_this, is_due)
    async with db.write() as tx:
        if (await tx.execute(taken.values(not_before=now + _LEASE_MS, tries=row.tries + 1))).rowcount == 0:
            return None
    return Owed(
        pack_id=row.id,
        whom=row.whom,
        asked_by=row.asked_by,
        request=request_of(row),
        failure=None if row.failure is None else PackFailure(row.failure),
        until=row.until,
        drops=row.drops or 0,
        faults=row.faults or 0,
        tries=row.tries + 1,
        made_at=row.made_at,
    )


async def settle(db: Database, owed: Owed) -> None:
    """It was told, or nobody is there who could be."""
    await _change(db, owed, told_at=db.clock.now())


async def postpone(db: Database, owed: Owed, seconds: float) -> None:
    """It could not be told now."""
    await _change(db, owed, not_before=db.clock.now() + min(_LONGEST_PAUSE_MS, round(seconds * 1000)))


async def _change(db: Database, owed: Owed, **values: object) -> None:
    # Whoever has asked once more meanwhile is owed it anew, and has no tries behind them.
    is_this = and_(
        evidence_owed.c.pack_id == owed.pack_id,
        evidence_owed.c.whom == owed.whom,
        evidence_owed.c.tries == owed.tries,
    )
    async with db.write() as tx:
        await tx.execute(update(evidence_owed).where(is_this).values(**values))
