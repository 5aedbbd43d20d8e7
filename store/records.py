"""
Records: standing credentials that programs read over and over, each with a key of its own.

Here they are made, rotated and listed.  The key of the keyring is durable before the row that needs it commits, and the
one of before is erased after: the other order would leave, after a crash, a value that nobody can read.
"""

import json
import secrets
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, insert, select, update

from store import events, personal
from store.errors import DuplicateDropError, KeyUnreadableError, RecordChangedError, UnknownRecordError
from store.formats import record_key_v1, record_v1
from store.formats.event_v1 import Fact
from store.formats.record_key_v1 import RecordKey
from store.months import month_of
from store.opened import Store
from store.record_keys import KeyName, erase, erase_every, names
from store.schema_of_records import records
from store.words import Actor, Event, RecordState

_TRIES: Final = 100
"""How many rotations of one record may be underway at once, or be left by crashes within an hour."""


@dataclass(frozen=True)
class Named:
    """What a record is called, and where its key is rotated at the provider; kept under the key of its month."""

    label: str
    rotate_url: str | None = None


@dataclass(frozen=True)
class Held:
    """
    A record as its operators see it.  Times are milliseconds since 1970.

    `named` is None where its month was erased, and where it cannot be read just now, which `is_unreadable` says: a
    record must be ended all the same.  `reads` and `read_at` are of the present key.
    """

    id: bytes
    state: RecordState
    named: Named | None
    version: int
    reads: int
    reads_left: int | None
    refused: int
    expires_at: int
    read_at: int | None
    ended_at: int | None
    is_unreadable: bool


async def make(
    store: Store, named: Named, value: str, *, lives_seconds: int, reads: int | None = None, by: Actor = Actor.ADMIN
) -> tuple[RecordKey, int]:
    """
    A new record's key, which nobody can be told again, and until when it can be read (milliseconds).

    Raises MalformedError for a value that is too long or no text, and KeyUnreadableError.
    """
    record_v1.encoded(value)  # before a key is made for what cannot be stored
    key = _new_key(secrets.token_bytes(record_key_v1.ID_BYTES))
    name = KeyName(key.id, 1)
    ring_key = await store.keyring_act(store.keyring.records.create, name.encoded)
    sealed = record_v1.seal(key, ring_key, name.version, value, _chance())
    async with store.db.write() as tx:
        present: int = (await tx.execute(select(store.clock.now()))).scalar_one()
        month, until = month_of(present), present + lives_seconds * 1000
        month_key = store.months.to_write(month)
        await tx.execute(
            insert(records).values(
                id=key.id,
                state=RecordState.LIVE,
                version=name.version,
                proof=key.proof,
                sealed=sealed,
                month=month,
                personal=personal.seal_record(month_key, key.id, json.dumps(asdict(named), ensure_ascii=False)),
                reads=0,
                reads_left=reads,
                created_at=present,
                expires_at=until,
                refused=0,
                refused_told=0,
            )
        )
        facts: dict[str, Fact] = {"record": key.id_text, "by": by, "expires_at": until // 1000, "most_reads": reads}
        who = {"label": named.label}
        made = Event.RECORD_CREATED
        await events.append_without_drop(tx, store, made, at=present, facts=facts, personal=who, about=key.id)
    return key, until


async def rotate(store: Store, record_id: bytes, value: str, *, by: Actor = Actor.ADMIN) -> tuple[RecordKey, bool]:
    """
    Another key for a record; the one before is dead when this returns.

    And whether what the keyring had for it was erased, too: where not, the sweeper does it once it can.  The value is
    given anew: without the key of before nobody can read it.  Raises UnknownRecordError, RecordChangedError,
    MalformedError and KeyUnreadableError.
    """
    record_v1.encoded(value)
    held = await find(store, record_id)
    if held.state is not RecordState.LIVE:
        raise UnknownRecordError
    name, ring_key = await _next_key(store, KeyName(record_id, held.version))
    key = _new_key(record_id)
    sealed = record_v1.seal(key, ring_key, name.version, value, _chance())
    is_still = and_(records.c.id == record_id, records.c.version == held.version, is_live(store))
    rotated = (
        update(records)
        .where(is_still)
        .values(
            version=name.version,
            proof=key.proof,
            sealed=sealed,
            reads=0,
            read_at=None,
            rotated_at=store.clock.now(),
        )
        .returning(records.c.rotated_at)
    )
    async with store.db.write() as tx:
        at = (await tx.execute(rotated)).scalar_one_or_none()
        if at is not None:
            facts: dict[str, Fact] = {"record": key.id_text, "version": name.version, "by": by}
            await events.append_without_drop(tx, store, Event.RECORD_ROTATED, at=at, facts=facts, about=record_id)
    if at is None:
        await erase(store, name)
        raise RecordChangedError
    return key, await erase_every(store, record_id, before=name.version)


async def find(store: Store, record_id: bytes) -> Held:
    """A record, live or ended.  Raises UnknownRecordError."""
    async with store.db.read() as tx:
        row = (await tx.execute(select(records).where(records.c.id == record_id))).one_or_none()
    if row is None:
        raise UnknownRecordError
    return _held(store, row)


async def label_of(store: Store, record_id: bytes) -> str | None:
    """What a record is called; None where that is kept no more.  Raises KeyUnreadableError."""
    with suppress(UnknownRecordError):
        held = await find(store, record_id)
        if held.is_unreadable:
            raise KeyUnreadableError("what is kept of a record's name cannot be read")
        return None if held.named is None else held.named.label
    return None


async def everything(store: Store) -> list[Held]:
    """Every record, live and ended, oldest first, for operators."""
    async with store.db.read() as tx:
        rows = (await tx.execute(select(records).order_by(records.c.created_at, records.c.id))).all()
    return [_held(store, row) for row in rows]


def is_live(store: Store) -> ColumnElement[bool]:
    """Whether a row of records can be read."""
    return and_(records.c.state == RecordState.LIVE, records.c.expires_at > store.clock.now())


async def _next_key(store: Store, present: KeyName) -> tuple[KeyName, bytes]:
    """A key of the keyring for a later version; one that is taken belongs to a rotation underway, or to a crash."""
    # Later than each that is there, whatever the row says: those before it are erased.
    latest = max([present.version, *(name.version for name in await names(store, present.id))])
    for step in range(1, _TRIES):
        name = KeyName(present.id, latest + step)
        try:
            return name, await store.keyring_act(store.keyring.records.create, name.encoded)
        except DuplicateDropError:
            continue
    raise RecordChangedError


def _new_key(record_id: bytes) -> RecordKey:
    return RecordKey(record_id, secrets.token_bytes(record_key_v1.SECRET_BYTES))


def _chance() -> record_v1.Chance:
    nonces = (secrets.token_bytes(record_v1.NONCE_BYTES) for _ in range(3))
    return record_v1.Chance(secrets.token_bytes(record_v1.KEY_BYTES), *nonces)


def _held(store: Store, row: Row[Any]) -> Held:
    is_unreadable = False
    try:
        text = personal.record_of(store.months, row.month, row.id, row.personal)
        named = None if text is None else Named(**json.loads(text))
    except (KeyUnreadableError, ValueError, TypeError):
        named, is_unreadable = None, True
    return Held(
        id=row.id,
        state=RecordState(row.state),
        named=named,
        version=row.version,
        reads=row.reads,
        reads_left=row.reads_left,
        refused=row.refused,
        expires_at=row.expires_at,
        read_at=row.read_at,
        ended_at=row.ended_at,
        is_unreadable=is_unreadable,
    )
