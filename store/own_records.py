"""
Records by the person in Slack who made them, and by whom their key was handed to.

Newest first, in pages: the hundredth costs what the first does.  The database knows the person, and of the workspace
only what is sealed: what was made in another one is left out here.  What is nobody's any more, because its names were
erased, is in no list but the operators'.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, and_, literal, or_, select, tuple_

from store import pseudonyms
from store import records as all_records
from store.errors import KeyUnreadableError, UnknownRecordError
from store.listing import After
from store.opened import Store
from store.personal import RECIPIENT, SENDER
from store.records import HELD, Held, held_of
from store.schema_of_records import records
from store.words import RecordState

_MOST_LOOKED_THROUGH: Final = 5
"""Pages for one answer: somebody with thousands in another workspace must not make it slow."""
_MOST_COUNTED: Final = 500
KNOWS: Final = "knows"
"""Either: what opens a record may have been shown to whoever made it, as well as to whom it was handed."""
_COLUMNS: Final = {SENDER: records.c.owner, RECIPIENT: records.c.recipient}


@dataclass(frozen=True)
class Page:
    """Some records, newest first, and where the next page begins; None where this is the last."""

    records: Sequence[Held]
    after: After | None


async def page(
    store: Store,
    person: str,
    team: str | None,
    role: str = SENDER,
    *,
    owner: str | None = None,
    after: After | None = None,
    most: int,
) -> Page:
    """
    A page of what somebody made, with RECIPIENT of what was handed to them, with KNOWS of both.

    `owner` is the only person whose records are looked at then, or None.  Of another workspace than `team` there is
    none among them, and with None, for operators, those of all; a page may hold fewer than `most` and not be the last.
    Raises KeyUnreadableError.
    """
    found: list[Held] = []
    for _ in range(_MOST_LOOKED_THROUGH):
        some = await _page(store, person, role, owner, after, most - len(found))
        found += [held for held in some.records if team is None or _is_in(team, held)]
        after = some.after
        if after is None or len(found) >= most:
            break
    return Page(found, after)


async def _page(store: Store, person: str, role: str, owner: str | None, after: After | None, most: int) -> Page:
    query = select(*HELD).where(_is_of(store, person, role))
    if owner is not None:
        query = query.where(_is_of(store, owner, SENDER))
    if after is not None:
        last = tuple_(literal(after.created_at), literal(after.id, records.c.id.type))
        query = query.where(tuple_(records.c.created_at, records.c.id) < last)
    query = query.order_by(records.c.created_at.desc(), records.c.id.desc()).limit(most + 1)
    async with store.db.read() as tx:
        rows = (await tx.execute(query)).all()
    found = [held_of(store, row) for row in rows[:most]]
    return Page(found, After(found[-1].created_at, found[-1].id) if len(rows) > most else None)


async def find(store: Store, owner: str, team: str, record_id: bytes) -> Held:
    """
    One that somebody made in a workspace, live or ended.  Raises UnknownRecordError for every other id alike.

    Raises KeyUnreadableError where nobody can tell whose it is just now: that is no refusal.
    """
    held = await all_records.find(store, record_id)
    if held.is_unreadable:
        raise KeyUnreadableError("what is kept of a record's name cannot be read")
    if held.named is None or held.named.owner != owner or held.named.team != team:
        raise UnknownRecordError
    return held


async def is_own(store: Store, owner: str, team: str, record_id: bytes) -> bool:
    """Whether it is one of theirs.  Raises KeyUnreadableError."""
    with suppress(UnknownRecordError):
        await find(store, owner, team, record_id)
        return True
    return False


async def due(store: Store, owner: str, team: str, *, most: int) -> tuple[Sequence[Held], int]:
    """
    The latest of somebody's that are over while the key at the provider is the one that was read; and how many.

    The count goes to 500.  Raises KeyUnreadableError.
    """
    which = and_(_is_of(store, owner, SENDER), _is_due())
    query = select(*HELD).where(which).order_by(records.c.ended_at.desc(), records.c.id).limit(_MOST_COUNTED)
    async with store.db.read() as tx:
        rows = (await tx.execute(query)).all()
    found = [held for held in (held_of(store, row) for row in rows) if _is_in(team, held)]
    return found[:most], len(found)


def _is_in(team: str, held: Held) -> bool:
    # What cannot be read names nobody, and must not be missed by whoever has to end it.
    return held.is_unreadable or (held.named is not None and held.named.team == team)


def is_due(held: Held) -> bool:
    """Whether a record is over, somebody may have read it, and nobody has said that its key was rotated since."""
    was_read = held.reads > 0 or held.rotated_at is not None
    return held.state is not RecordState.LIVE and was_read and not is_renewed(held)


def is_renewed(held: Held) -> bool:
    """Whether it was said that the key at its provider was rotated, and no other was put into the record since."""
    return held.renewed_at is not None and (held.rotated_at is None or held.renewed_at >= held.rotated_at)


def is_renewable() -> ColumnElement[bool]:
    """The opposite of `is_renewed`, for a row."""
    return or_(records.c.renewed_at.is_(None), records.c.renewed_at < records.c.rotated_at)


def _is_due() -> ColumnElement[bool]:
    was_read = or_(records.c.reads > 0, records.c.rotated_at.is_not(None))
    return and_(records.c.state != RecordState.LIVE, was_read, is_renewable())


def _is_of(store: Store, person: str, role: str) -> ColumnElement[bool]:
    roles = (SENDER, RECIPIENT) if role == KNOWS else (role,)
    return or_(*(pseudonyms.is_of(store, _COLUMNS[one], one, person) for one in roles))
