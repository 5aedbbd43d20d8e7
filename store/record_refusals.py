"""
Wrong keys for a record that there is or was: counted each, in the log once a minute, shown once an hour; and wrong
passphrases, of which each is in the log.

A program that goes on with the key of before tries as often as it likes: the log must say that it went on, and neither
log nor audit channel may be filled by it.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import events
from store.clock import PRESENT
from store.door import Visitor
from store.formats import base64url
from store.formats.event_v1 import Fact
from store.opened import Store
from store.record_doors import RecordDoor
from store.schema_of_records import records
from store.words import Event

_MINUTE_MS: Final = 60_000
_HOUR_MS: Final = 3_600_000
_BATCH: Final = 200


def _is_due(now: ColumnElement[int]) -> ColumnElement[bool]:
    is_time = or_(records.c.refused_told_at.is_(None), records.c.refused_told_at <= now - _MINUTE_MS)
    return (records.c.refused > records.c.refused_told) & is_time


_SOME_DUE: Final = select(records.c.id).where(_is_due(PRESENT)).limit(_BATCH)


async def note(store: Store, record_id: bytes, visitor: Visitor) -> None:
    """Count a wrong key; does nothing, and locks nothing, where there never was such a record."""
    # One that people read has no key: whoever knows its id alone must not make it look attacked.
    is_read_with_keys = and_(records.c.id == record_id, records.c.door == RecordDoor.API)
    async with store.db.read() as tx:
        if (await tx.execute(select(records.c.id).where(is_read_with_keys))).first() is None:
            return
    async with store.db.write() as tx:
        await tx.execute(update(records).where(records.c.id == record_id).values(refused=records.c.refused + 1))
        await _tell(tx, store, record_id, visitor.personal)


async def note_passphrase(
    tx: AsyncConnection, store: Store, record_id: bytes, visitor: Visitor, tries_left: int
) -> None:
    """Record a guess that was paid and wrong, in its transaction: of these there are fifteen at most for a link."""
    counted: Any = (
        update(records)
        .where(records.c.id == record_id)
        .values(refused=records.c.refused + 1, refused_told=records.c.refused + 1, refused_told_at=store.clock.now())
        .returning(records.c.refused, records.c.refused_told_at)
    )
    row = (await tx.execute(counted)).one()
    more: dict[str, Fact] = {"door": RecordDoor.PAGE, "tries_left": tries_left}
    await _say(tx, store, record_id, row, visitor.personal, more)


async def sweep(store: Store) -> None:
    """Tell the log the counts that have waited for their minute."""
    for row in await store.db.look_at_all(_SOME_DUE, {}):
        async with store.db.write() as tx:
            await _tell(tx, store, row.id, {})


async def _tell(tx: AsyncConnection, store: Store, record_id: bytes, who: dict[str, str | None]) -> None:
    told: Any = (
        update(records)
        .where(records.c.id == record_id, _is_due(store.clock.now()))
        .values(refused_told=records.c.refused, refused_told_at=store.clock.now())
        .returning(records.c.refused, records.c.refused_told_at)
    )
    row = (await tx.execute(told)).one_or_none()
    if row is not None:
        await _say(tx, store, record_id, row, who, {})


async def _say(
    tx: AsyncConnection,
    store: Store,
    record_id: bytes,
    row: Row[Any],
    who: dict[str, str | None],
    more: dict[str, Fact],
) -> None:
    at = row.refused_told_at
    is_quiet = or_(records.c.refused_shown_at.is_(None), records.c.refused_shown_at <= at - _HOUR_MS)
    shown = update(records).where(records.c.id == record_id, is_quiet).values(refused_shown_at=at)
    about = record_id if (await tx.execute(shown)).rowcount == 1 else None
    facts: dict[str, Fact] = {"record": base64url.encode(record_id), "count": row.refused, **more}
    said = Event.RECORD_REFUSED
    await events.append_without_drop(tx, store, said, at=at, facts=facts, personal=who, about=about)
