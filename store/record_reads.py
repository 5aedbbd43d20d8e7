"""
Reading a record with its key.

Whatever is wrong is one error, and the same work was done for it: whoever tries keys learns nothing about which records
there are.  The value is opened before the read is granted, and leaves after the commit: a read that nobody could be
given is not counted, and one that was counted has its event.
"""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import events, record_endings
from store.door import Visitor
from store.errors import KeyUnreadableError, StoreUnavailableError, UnknownRecordError
from store.formats import base64url, record_v1
from store.formats.errors import FormatError
from store.formats.event_v1 import Fact
from store.formats.record_key_v1 import ID_BYTES, SECRET_BYTES, RecordKey
from store.opened import Store
from store.record_doors import RecordDoor
from store.record_keys import KeyName
from store.records import is_live, said_of
from store.schema_of_records import records
from store.words import Event, RecordEnd

_NO_KEY: Final = RecordKey(bytes(ID_BYTES), bytes(SECRET_BYTES))
_NO_PROOF: Final = bytes(32)


@dataclass(frozen=True)
class Given:
    """
    What a read gives.

    `over` is the key of the keyring to erase where this was the last read: beside the answer, which must not wait for
    it.  Where nobody does, the sweeper will.
    """

    value: str
    over: KeyName | None


def _always() -> bool:
    return True


async def read(
    store: Store,
    record_id: bytes,
    key: RecordKey | None,
    visitor: Visitor,
    *,
    is_waited_for: Callable[[], bool] = _always,
) -> Given:
    """
    The record's value, and one read less; `key` is None for what is no key.

    `is_waited_for` is asked last before the commit: a read that was given up by then is not counted.

    Raises UnknownRecordError whatever is wrong with id or key or has ended, and KeyUnreadableError, with nothing
    counted, while the keyring is away.  After StoreUnavailableError it may have been counted: the answer to a commit
    can be lost.
    """
    async with store.db.read() as tx:
        asked = select(records.c.id, records.c.version, records.c.proof, _is_live(store).label("live"))
        row = (await tx.execute(asked.where(_is(record_id)))).one_or_none()
    known = _NO_PROOF if row is None or row.proof is None else row.proof
    is_right = hmac.compare_digest((key or _NO_KEY).proof, known)
    if key is None or row is None or not is_right or not row.live:
        raise UnknownRecordError
    value = await _opened(store, key, row, await _sealed(store, row))
    async with store.db.write() as tx:
        is_over = await grant(tx, store, key.id, row.version, visitor) == 0
        if not is_waited_for():
            raise StoreUnavailableError("the database is slow")
    return Given(value, KeyName(key.id, row.version) if is_over else None)


async def _sealed(store: Store, row: Row[Any]) -> bytes:
    """Fetched for the right key alone: how long it is, and takes, would tell whoever tries keys that it is there."""
    of_version = select(records.c.sealed).where(_is(row.id), records.c.version == row.version, _is_live(store))
    async with store.db.read() as tx:
        sealed: bytes | None = (await tx.execute(of_version)).scalar_one_or_none()
    if sealed is None:
        raise UnknownRecordError  # rotated or ended just now
    return sealed


async def _opened(store: Store, key: RecordKey, row: Row[Any], sealed: bytes) -> str:
    ring_key = None
    try:
        ring_key = await store.keyring_act(store.keyring.records.read, KeyName(row.id, row.version).encoded)
    except KeyUnreadableError:
        await _require_version(store, row)  # rotated or ended just now: its key went with it
        raise
    if ring_key is None:
        await _require_version(store, row)
        raise KeyUnreadableError("the key was erased")
    try:
        return record_v1.unseal(key, ring_key, row.version, sealed)
    except FormatError as error:
        raise KeyUnreadableError("what is kept of a record does not open with its keys") from error


async def _require_version(store: Store, row: Row[Any]) -> None:
    still = select(records.c.id).where(_is(row.id), records.c.version == row.version, is_live(store))
    async with store.db.read() as tx:
        if (await tx.execute(still)).first() is None:
            raise UnknownRecordError


async def grant(
    tx: AsyncConnection,
    store: Store,
    record_id: bytes,
    version: int,
    visitor: Visitor,
    door: RecordDoor = RecordDoor.API,
) -> int | None:
    """
    Count the read and record it; how many are left, None where there is no end of them.

    Whoever is given the last of them has the key of the keyring to erase.  Raises UnknownRecordError where it is not
    granted.
    """
    has_reads = or_(records.c.reads_left.is_(None), records.c.reads_left > 0)
    granted = (
        update(records)
        .where(and_(_is(record_id), records.c.version == version, is_live(store), records.c.door == door, has_reads))
        .values(reads=records.c.reads + 1, reads_left=records.c.reads_left - 1, read_at=store.clock.now())
        .returning(records.c.reads, records.c.reads_left, records.c.read_at)
    )
    row = (await tx.execute(granted)).one_or_none()
    if row is None:
        raise UnknownRecordError
    facts: dict[str, Fact] = {"record": base64url.encode(record_id), "version": version, "reads": row.reads}
    facts |= said_of(door)
    left: int | None = row.reads_left
    if left is not None:
        facts["reads_left"] = left
    # The security team is told of a key's first read: an entry for each would hide what is to be seen.
    about = record_id if row.reads == 1 else None
    said, who = Event.RECORD_READ, visitor.personal
    await events.append_without_drop(tx, store, said, at=row.read_at, facts=facts, personal=who, about=about)
    if left == 0:
        await record_endings.expire_in(tx, store, record_id, RecordEnd.READS)
    return left


def _is_live(store: Store) -> ColumnElement[bool]:
    """A record of another door is answered like none."""
    return and_(is_live(store), records.c.door == RecordDoor.API)


def _is(record_id: bytes) -> Any:
    return records.c.id == record_id
