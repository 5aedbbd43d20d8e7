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

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, literal, or_, select, tuple_

from store import pseudonyms
from store.drops import Drop, shown
from store.opened import Store
from store.personal import SENDER
from store.schema import drops, recurrences
from store.schema_of_watches import watches
from store.words import Event, Outcome, State, Watch

_DAY_MS: Final = 86_400_000
_WEEK_MS: Final = 7 * _DAY_MS
_MONTH_MS: Final = 30 * _DAY_MS
_MOST_MEASURED: Final = 1000
"""Of how many openings the time is looked at: a median of the latest thousand says what all of them do."""

_OPEN: Final = (State.SEALED, State.LOCKED)
_CAME_TO_NOTHING: Final = (Outcome.EXPIRED, Outcome.UNDELIVERED, Outcome.LOCKED_OUT, Outcome.LOST)
_ALARMS: Final = ((Event.NOT_ME, ""), (Event.RECIPIENT_REFUSED, ""), (Event.SECOND_CONSUMER, "passphrase=right"))
"""What of `recurrences` says that somebody else has the link, and with which fact."""


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
    needs = _needs_somebody(store)
    is_open = drops.c.state.in_(_OPEN)
    match section:
        case Section.ATTENTION:
            return needs
        case Section.OUTSTANDING:
            return is_open & ~needs
    return ~is_open & ~needs


def _needs_somebody(store: Store) -> ColumnElement[bool]:
    now = store.clock.now_seconds() * 1000
    is_open = drops.c.state.in_(_OPEN)
    is_stuck = (drops.c.state == State.LOCKED) | drops.c.paused_at.is_not(None)
    is_late = _has_watch((Watch.UNVIEWED, Watch.HOUR_LEFT), watches.c.told_at.is_not(None))
    # Asked for something by somebody who can still get it; or somebody else knows too much, until the key is another.
    is_called = or_(is_open & _called(Event.ASKED, "", now), drops.c.rotated_at.is_(None) & _alarmed(now))
    came_to_nothing = (
        drops.c.outcome.in_(_CAME_TO_NOTHING) & drops.c.claimed_at.is_(None) & (drops.c.ended_at > now - _WEEK_MS)
    )
    is_to_be_rotated = (
        drops.c.claimed_at.is_not(None)
        & drops.c.rotated_at.is_(None)
        & _has_watch((Watch.ROTATE,), watches.c.at <= now)
    )
    needs = or_(is_open & or_(is_stuck, is_late), is_called, came_to_nothing, is_to_be_rotated)
    return func.coalesce(needs, false())  # of a drop that has not ended, much is neither true nor false


def _has_watch(what: Sequence[Watch], condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(watches.c.drop_id == drops.c.id, watches.c.what.in_(what), condition)


def _alarmed(now: int) -> ColumnElement[bool]:
    return or_(*(_called(event, fact, now) for event, fact in _ALARMS))


def _called(event: Event, fact: str, now: int) -> ColumnElement[bool]:
    is_recent = recurrences.c.told_at > now - _WEEK_MS
    is_this = recurrences.c.what.startswith(event) & recurrences.c.what.contains(fact)
    return exists().where(recurrences.c.drop_id == drops.c.id, is_this, is_recent)
