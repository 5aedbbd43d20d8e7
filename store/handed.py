"""
Everything that was ever handed to one person, for the day on which their laptop is gone.

What they have seen and nobody has rotated comes first, then what they can still open, then the rest; each newest first.
Pages begin after the last drop of the one before: one that is said to be rotated moves to the end, and must not draw
another one over the edge of a page, unseen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, true, tuple_

from store import personal, pseudonyms
from store.drops import Drop, shown
from store.keyring import KeyState
from store.opened import Store
from store.personal import RECIPIENT, SENDER
from store.schema import drops
from store.words import OPEN, State

_STOPPABLE: Final = (*OPEN, State.ENDING)
"""What can be revoked, and what was and is not destroyed so far."""


class Need(IntEnum):
    """What is to be done about a drop whose recipient's laptop is gone, most urgent first."""

    ROTATE = 0
    """Somebody has seen it, and nobody has said that it was rotated."""
    REVOKE = 1
    """It can still be opened."""
    NOTHING = 2


@dataclass(frozen=True)
class After:
    """The last drop of a page, with which the next one begins."""

    need: Need
    created_at: int
    id: bytes


@dataclass(frozen=True)
class Page:
    """Some drops, the most urgent first; `before` them stand so many others, and `after` says where the next begins."""

    drops: Sequence[Drop]
    before: int
    after: After | None


@dataclass(frozen=True)
class Counts:
    """How many there are of each need."""

    rotate: int
    revoke: int
    nothing: int

    @property
    def all(self) -> int:
        """All of them."""
        return self.rotate + self.revoke + self.nothing


@dataclass(frozen=True)
class Erased:
    """
    What cannot be found by a name any more.

    `months` are those whose names are erased, like `2026-11`; `forgotten` is how many other drops name no recipient,
    because they were asked to be forgotten.
    """

    months: Sequence[str]
    forgotten: int


def need_of(drop: Drop) -> Need:
    """What is to be done about a drop, as `page` sorts it."""
    if drop.claimed_at is not None and drop.rotated_at is None:
        return Need.ROTATE
    return Need.REVOKE if drop.state in OPEN else Need.NOTHING


_is_to_be_rotated = and_(drops.c.claimed_at.is_not(None), drops.c.rotated_at.is_(None))
_is_open = drops.c.state.in_(OPEN)
_need = case((_is_to_be_rotated, int(Need.ROTATE)), (_is_open, int(Need.REVOKE)), else_=int(Need.NOTHING))


async def to(store: Store, person: str, whose: str | None = None) -> Sequence[Drop]:
    """All of them.  `person` and `whose` as in `page`.  Raises KeyUnreadableError."""
    async with store.db.read() as tx:
        rows = (await tx.execute(_sorted(_of(store, person, whose)))).all()
    return [Drop.of_row(store.months, row) for row in rows]


async def page(store: Store, person: str, whose: str | None, *, after: After | None = None, most: int) -> Page:
    """
    Some of what was handed to somebody, by a Slack user id or an e-mail address, with regard to no capitals.

    `whose` is the only sender whose drops are looked at, or None.  Raises KeyUnreadableError.
    """
    of = _of(store, person, whose)
    behind = true() if after is None else _is_behind(after)
    async with store.db.read() as tx:
        rows = (await tx.execute(_sorted(and_(of, behind)).limit(most + 1))).all()
        before = 0 if after is None else await _count(tx, and_(of, ~behind))
    found = [Drop.of_row(store.months, row) for row in rows[:most]]
    last = found[-1] if len(rows) > most else None
    return Page(found, before, None if last is None else After(need_of(last), last.created_at, last.id))


async def counts(store: Store, person: str, whose: str | None) -> Counts:
    """How many there are.  Raises KeyUnreadableError."""
    counted = select(*(func.count().filter(_need == int(need)) for need in Need)).select_from(drops)
    async with store.db.read() as tx:
        row = (await tx.execute(counted.where(_of(store, person, whose)))).one()
    return Counts(row[0], row[1], row[2])


async def count_stoppable(store: Store, person: str, whose: str | None, *, team_id: str | None = None) -> int:
    """
    How many can be revoked, or were and are not destroyed so far; with `team_id` of one workspace's alone.

    Raises KeyUnreadableError.
    """
    condition = and_(_of(store, person, whose), drops.c.state.in_(_STOPPABLE))
    people = select(drops.c.id, drops.c.month, drops.c.personal, drops.c.created_at, drops.c.expires_at)
    async with store.db.read() as tx:
        if team_id is None:
            return await _count(tx, condition)
        rows: Sequence[Any] = (await tx.execute(people.where(condition))).all()
    # Of which workspace a drop is stands under the key of its month.
    return sum(personal.of_row(store.months, row).team_id == team_id for row in rows)


async def stoppable(store: Store, person: str, whose: str | None, *, after: bytes = b"", most: int) -> Sequence[Drop]:
    """Some of what can be revoked, or was and is not destroyed so far, in the order of their ids behind `after`."""
    is_next = and_(drops.c.state.in_(_STOPPABLE), drops.c.id > after)
    query = shown().where(_of(store, person, whose), is_next).order_by(drops.c.id).limit(most)
    async with store.db.read() as tx:
        rows = (await tx.execute(query)).all()
    return [Drop.of_row(store.months, row) for row in rows]


async def erased(store: Store, whose: str | None = None) -> Erased:
    """What of everybody's, or of one sender's drops, no name leads to any more."""
    months = sorted(month for month, state in store.months.states().items() if state is KeyState.ERASED)
    nameless = and_(drops.c.recipient.is_(None), drops.c.month.not_in(months), _sent_by(store, whose))
    async with store.db.read() as tx:
        return Erased(months, await _count(tx, nameless))


async def _count(tx: Any, condition: ColumnElement[bool]) -> int:
    return int((await tx.execute(select(func.count()).select_from(drops).where(condition))).scalar_one())


def _of(store: Store, person: str, whose: str | None) -> ColumnElement[bool]:
    return and_(pseudonyms.is_of(store, drops.c.recipient, RECIPIENT, person), _sent_by(store, whose))


def _sent_by(store: Store, whose: str | None) -> ColumnElement[bool]:
    return true() if whose is None else pseudonyms.is_of(store, drops.c.sender, SENDER, whose)


def _sorted(condition: ColumnElement[bool]) -> Select[Any]:
    return shown().where(condition).order_by(_need, drops.c.created_at.desc(), drops.c.id.desc())


def _is_behind(after: After) -> ColumnElement[bool]:
    last = tuple_(literal(after.created_at), literal(after.id, drops.c.id.type))
    is_later = tuple_(drops.c.created_at, drops.c.id) < last
    return or_(_need > int(after.need), and_(_need == int(after.need), is_later))
