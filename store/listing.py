"""
Drops in lists: what needs somebody, what is outstanding, and what is over.

A drop stands in exactly one of the three.  Pages begin after the last drop of the one before, so that the hundredth
costs what the first does, and no drop stands on two because another one came.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, literal, select, tuple_

from store import pseudonyms
from store.attention import OPEN, needs_somebody
from store.drops import Drop, shown
from store.opened import Store
from store.personal import SENDER
from store.schema import drops
from store.words import Outcome

_MONTH_MS: Final = 30 * 86_400_000
_MOST_MEASURED: Final = 1000
"""Of how many openings the time is looked at: a median of the latest thousand says what all of them do."""


class Section(StrEnum):
    """Where in the list a drop stands."""

    ATTENTION = "attention"
    """Locked, held up, not opened in time, asked about, ended unopened this week, or its key is to be rotated."""
    OUTSTANDING = "outstanding"
    """Not opened so far, and nothing is wrong."""
    HISTORY = "history"


@dataclass(frozen=True)
class After:
    """The last drop of a page, with which the next one begins."""

    created_at: int
    id: bytes


@dataclass(frozen=True)
class Page:
    """Some drops, newest first, and where the next page begins; None where this is the last."""

    drops: Sequence[Drop]
    after: After | None


@dataclass(frozen=True)
class Counts:
    """
    How many there are.  `opened` and `unopened` are of the last thirty days, by when they ended.

    `seconds_to_open` is the median from creation to claim of those opened; None where there is none.
    """

    attention: int
    outstanding: int
    opened: int
    unopened: int
    seconds_to_open: int | None


async def page(store: Store, section: Section, whose: str | None, *, after: After | None = None, most: int) -> Page:
    """A page of a sender's drops, or with None of everybody's.  Raises KeyUnreadableError."""
    query = shown().where(_stands_in(store, section), *_of(store, whose))
    if after is not None:
        last = tuple_(literal(after.created_at), literal(after.id, drops.c.id.type))
        query = query.where(tuple_(drops.c.created_at, drops.c.id) < last)
    query = query.order_by(drops.c.created_at.desc(), drops.c.id.desc()).limit(most + 1)
    async with store.db.read() as tx:
        rows = (await tx.execute(query)).all()
    found = [Drop.of_row(store.months, row) for row in rows[:most]]
    return Page(found, After(found[-1].created_at, found[-1].id) if len(rows) > most else None)


async def counts(store: Store, whose: str | None) -> Counts:
    """How many there are in all and of late.  Raises KeyUnreadableError."""
    of = _of(store, whose)
    since = store.clock.now_seconds() * 1000 - _MONTH_MS
    is_opened = drops.c.claimed_at >= since
    is_unopened = and_(drops.c.claimed_at.is_(None), drops.c.ended_at >= since, drops.c.outcome != Outcome.REVOKED)
    waits = (drops.c.claimed_at - drops.c.created_at).label("waited")
    latest = select(waits).where(is_opened, *of).order_by(drops.c.created_at.desc()).limit(_MOST_MEASURED)
    async with store.db.read() as tx:
        attention = await _count(tx, _stands_in(store, Section.ATTENTION), *of)
        outstanding = await _count(tx, _stands_in(store, Section.OUTSTANDING), *of)
        opened, unopened = await _count(tx, is_opened, *of), await _count(tx, is_unopened, *of)
        waited = (await tx.execute(latest)).scalars().all()
    return Counts(attention, outstanding, opened, unopened, int(median(waited)) // 1000 if waited else None)


async def _count(tx: Any, *conditions: ColumnElement[bool]) -> int:
    counted: Select[Any] = select(func.count()).select_from(drops).where(*conditions)
    return int((await tx.execute(counted)).scalar_one())


def _of(store: Store, whose: str | None) -> tuple[ColumnElement[bool], ...]:
    return () if whose is None else (pseudonyms.is_of(store, drops.c.sender, SENDER, whose),)


def _stands_in(store: Store, section: Section) -> ColumnElement[bool]:
    needs = needs_somebody(store)
    is_open = drops.c.state.in_(OPEN)
    match section:
        case Section.ATTENTION:
            return needs
        case Section.OUTSTANDING:
            return is_open & ~needs
    return ~is_open & ~needs
