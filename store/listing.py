"""
Drops in lists: what needs somebody, what is outstanding, and what is over.

A drop stands in exactly one of the three, and in none once its month was erased and nobody knows whose it was.  Pages
begin after the last drop of the one before, so that the hundredth costs what the first does, and no drop stands on two
because another one came.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, and_, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from store import pseudonyms
from store.attention import candidates, needs_somebody
from store.drops import IS_NAMED, Drop, shown
from store.opened import Store
from store.personal import SENDER
from store.schema import drops
from store.some_rows import word
from store.words import OPEN, Outcome, State

_MONTH_MS: Final = 30 * 86_400_000
_LATE_MS: Final = 7 * 86_400_000
_MOST_MEASURED: Final = 1000
"""Of how many openings the time is looked at: a median of the latest thousand says what all of them do."""
MOST_STANDING: Final = 1000
MOST_LATELY: Final = 10_000
"""Further nothing is counted, however many there are: nobody does anything else at 10,001."""


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
    How many there are, counted to one more than MOST_STANDING, or MOST_LATELY of the last thirty days.

    `opened` and `unopened` are those of the thirty days, by when they ended.
    `seconds_to_open` is the median from creation to claim of those opened; None where there is none.
    """

    attention: int
    outstanding: int
    opened: int
    unopened: int
    seconds_to_open: int | None


async def page(
    store: Store,
    section: Section | None,
    whose: str | None,
    *,
    template: str | None = None,
    after: After | None = None,
    most: int,
) -> Page:
    """
    A page of a sender's drops, or with None of everybody's.  Raises KeyUnreadableError.

    `section` None is all three, which one sender's alone can be asked for.
    """
    conditions = [] if template is None else [drops.c.template == template]
    if after is not None:
        last = tuple_(literal(after.created_at), literal(after.id, drops.c.id.type))
        conditions.append(tuple_(drops.c.created_at, drops.c.id) < last)
    conditions += _standing_in(store, section, whose)
    query = shown().where(*conditions).order_by(*_newest_first(section)).limit(most + 1)
    async with store.db.read() as tx:
        if whose is not None and section in (None, Section.HISTORY):
            rows = await _by_month(tx, query, pseudonyms.latest_first(store, SENDER, whose), most + 1)
        else:
            rows = (await tx.execute(query)).all()
    found = [Drop.of_row(store.months, row) for row in rows[:most]]
    return Page(found, After(found[-1].created_at, found[-1].id) if len(rows) > most else None)


def _newest_first(section: Section | None) -> tuple[ColumnElement[Any], ...]:
    # Few need attention: a database that looks for them along the index of creation reads everything that ever was.
    created_at = drops.c.created_at + 0 if section is Section.ATTENTION else drops.c.created_at
    return created_at.desc(), drops.c.id.desc()


async def _by_month(
    tx: AsyncConnection, query: Select[Any], names: Iterable[Sequence[bytes]], most: int
) -> Sequence[Row[Any]]:
    """
    The first `most` rows of somebody whose drops have another name each month, the latest month first.

    Of one name the index has them in order, and a page ends early; of all at once every drop of theirs would be sorted.
    """
    rows: list[Row[Any]] = []
    for of_month in names:
        is_enough = len(rows) >= most
        for name in of_month:
            rows += (await tx.execute(query.where(drops.c.sender == name))).all()
        if is_enough:  # one month more: of a drop that was made just as it began, the name may be of the one before
            break
    return sorted(rows, key=lambda row: (row.created_at, row.id), reverse=True)[:most]


async def counts(store: Store, whose: str | None) -> Counts:
    """How many there are in all and of late.  Raises KeyUnreadableError."""
    lately = _lately(store, whose).subquery()
    is_opened = lately.c.claimed_at.is_not(None)
    counted = select(func.count().filter(is_opened), func.count().filter(~is_opened)).select_from(lately)
    waits = (lately.c.claimed_at - lately.c.created_at).label("waited")
    latest = select(waits).where(is_opened).order_by(lately.c.created_at.desc()).limit(_MOST_MEASURED)
    async with store.db.read() as tx:
        attention = await _count(tx, *_standing_in(store, Section.ATTENTION, whose))
        outstanding = await _count(tx, *_standing_in(store, Section.OUTSTANDING, whose))
        opened, unopened = (await tx.execute(counted)).one()
        waited = (await tx.execute(latest)).scalars().all()
    return Counts(attention, outstanding, opened, unopened, int(median(waited)) // 1000 if waited else None)


async def _count(tx: Any, *conditions: ColumnElement[bool]) -> int:
    some = select(drops.c.id).where(*conditions).limit(MOST_STANDING + 1).subquery()
    return int((await tx.execute(select(func.count()).select_from(some))).scalar_one())


def _lately(store: Store, whose: str | None) -> Select[Any]:
    """Those that were opened or ended unopened in the last thirty days."""
    since = store.clock.now_seconds() * 1000 - _MONTH_MS
    is_opened = drops.c.claimed_at >= since
    is_unopened = and_(drops.c.claimed_at.is_(None), drops.c.ended_at >= since, drops.c.outcome != Outcome.REVOKED)
    # Nothing is opened after it expires, and what expires ends then unless no program runs.
    is_late = drops.c.expires_at > since - _LATE_MS
    lately: Select[Any] = select(drops.c.created_at, drops.c.claimed_at).where(is_opened | is_unopened, is_late)
    by_index = (drops.c.state.in_(tuple(State)), IS_NAMED) if whose is None else (_is_of(store, whose),)
    return lately.where(*by_index).limit(MOST_LATELY + 1)


def _is_of(store: Store, whose: str) -> ColumnElement[bool]:
    return pseudonyms.is_of(store, drops.c.sender, SENDER, whose)


def _standing_in(store: Store, section: Section | None, whose: str | None) -> tuple[ColumnElement[bool], ...]:
    """For HISTORY of one person's, and for None, without whose they are: that is asked for month by month."""
    if section is None:
        return ()
    stands = _stands_in(store, section)
    if whose is None:
        stands &= IS_NAMED
    if section is Section.HISTORY:
        return (stands,)
    if whose is None:
        # What is open stands in the order of a page, which then ends early.
        is_open = drops.c.state.in_([word(state) for state in OPEN])
        among = is_open if section is Section.OUTSTANDING else drops.c.id.in_(candidates(store))
        return among, stands
    # What is theirs is found by its id: of two indexes, by state or by sender, a database may choose the longer one.
    of_them = func.coalesce(drops.c.sender, drops.c.sender).in_(pseudonyms.of(store, SENDER, whose))
    return drops.c.id.in_(candidates(store, _is_of(store, whose))), of_them, stands


def _stands_in(store: Store, section: Section) -> ColumnElement[bool]:
    needs = needs_somebody(store)
    is_open = drops.c.state.in_(OPEN)
    match section:
        case Section.ATTENTION:
            return needs
        case Section.OUTSTANDING:
            return is_open & ~needs
    return ~is_open & ~needs
