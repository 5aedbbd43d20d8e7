"""
Records: standing credentials that are read over and over, each with a key of its own; here they are made and listed.

The key of the keyring is durable before the row that needs it commits: the other order would leave, after a crash, a
value that nobody can read.
"""

import json
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, and_, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store import events, personal, record_bounds, record_escrow
from store.errors import (
    KeyUnreadableError,
    RecordTooLongError,
    SendingTooMuchError,
    TooManyRecordsError,
    UnknownRecordError,
)
from store.formats import base64url, record_key_v1, record_v1
from store.formats.event_v1 import Fact
from store.formats.record_key_v1 import RecordKey
from store.months import month_of
from store.opened import Store
from store.record_doors import Opener, RecordDoor, Sealed, WithKey
from store.record_keys import KeyName, erase
from store.schema_of_records import records
from store.words import Actor, Event, RecordState


@dataclass(frozen=True)
class Named:
    """
    What a record is called, and where its key is rotated at the provider; kept under the key of its month.

    `owner` is who made it in Slack, and `recipient` whom its key was handed to: ids, where there are such people.
    `team` is the workspace in which it was made; None where operators made it, who have none.
    """

    label: str
    rotate_url: str | None = None
    owner: str | None = None
    recipient: str | None = None
    team: str | None = None


@dataclass(frozen=True)
class Held:
    """
    A record as its operators see it.  Times are milliseconds since 1970.

    `named` is None where its month was erased, and where it cannot be read just now, which `is_unreadable` says: a
    record must be ended all the same.  `reads` and `read_at` are of the present key.  `master` is the number of the
    master key that opens its escrow; None where it has no escrow.
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
    door: RecordDoor
    master: int | None
    created_at: int
    rotated_at: int | None
    renewed_at: int | None


_OPENED: Final = {"month", "personal"}
HELD: Final = [column for column in records.c if column.name in _OPENED | set(Held.__dataclass_fields__)]
"""What `held_of` is made of: neither the value, which may be long, nor its escrow."""


async def make(
    store: Store,
    named: Named,
    value: str,
    *,
    lives_seconds: int,
    reads: int | None = None,
    escrow: bool = False,
    by: Actor = Actor.ADMIN,
) -> tuple[RecordKey, int]:
    """
    A new record's key, which nobody can be told again, and until when it can be read (milliseconds).

    With `escrow` a master key opens it, too.  Raises MalformedError for a value that is too long or no text,
    KeyUnreadableError, EscrowUnreadableError where there is no master key, and for an owner what
    `record_bounds.require` does.
    """
    record_v1.encoded(value)  # before a key is made for what cannot be stored
    key = new_key(secrets.token_bytes(record_key_v1.ID_BYTES))
    until = await present(store) + lives_seconds * 1000
    await make_for(store, WithKey(key), named, value, until=until, reads=reads, escrow=escrow, by=by)
    return key, until


async def make_for(
    store: Store,
    opener: Opener,
    named: Named,
    value: str,
    *,
    until: int,
    reads: int | None,
    escrow: bool,
    by: Actor,
) -> None:
    """
    A new record that `opener` opens `until` then (milliseconds), whatever its door.

    Raises MalformedError, KeyUnreadableError, EscrowUnreadableError where there is to be an escrow and can be none, and
    what `record_bounds.require` does.
    """
    if escrow:
        await record_escrow.require_possible(store)
    name = KeyName(opener.id, 1)
    ring_key = await store.keyring_act(store.keyring.records.create, name.encoded)
    own = chance()
    sealed = opener.seal(ring_key, name.version, value, own)
    try:
        async with store.db.write() as tx:
            escrowed = await record_escrow.columns(tx, store, name, ring_key, own.data_key) if escrow else {}
            await insert_in(tx, store, opener, sealed, named, until=until, reads=reads, by=by, escrowed=escrowed)
    except (RecordTooLongError, TooManyRecordsError, SendingTooMuchError):
        await erase(store, name)  # surely no row needs it; whoever tries on and on must not fill the keyring
        raise


async def insert_in(
    tx: AsyncConnection,
    store: Store,
    opener: Opener,
    sealed: Sealed,
    named: Named,
    *,
    until: int,
    reads: int | None,
    by: Actor,
    escrowed: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Its first row and its event, once the key of the keyring is durable; as `make_for`."""
    present: int = (await tx.execute(select(store.clock.now()))).scalar_one()
    month = month_of(present)
    month_key = store.months.to_write(month)
    owner = _pseudonym(month_key, personal.SENDER, named.owner)
    if named.owner is not None and owner is not None:
        await record_bounds.require(tx, store, named.owner, owner, until - present)
    await tx.execute(
        insert(records).values(
            id=opener.id,
            state=RecordState.LIVE,
            version=1,
            proof=sealed.proof,
            sealed=sealed.stored,
            door=opener.door,
            month=month,
            personal=personal.seal_record(month_key, opener.id, json.dumps(asdict(named), ensure_ascii=False)),
            reads=0,
            reads_left=reads,
            created_at=present,
            expires_at=until,
            refused=0,
            refused_told=0,
            owner=owner,
            recipient=_pseudonym(month_key, personal.RECIPIENT, named.recipient),
            **escrowed,
        )
    )
    await opener.stand(tx, store, month)
    record = base64url.encode(opener.id)
    facts: dict[str, Fact] = {"record": record, "by": by, "expires_at": until // 1000, "most_reads": reads}
    facts |= said_of(opener.door, is_escrowed=bool(escrowed))
    who = {"label": named.label, personal.SENDER: named.owner, personal.RECIPIENT: named.recipient}
    made = Event.RECORD_CREATED
    await events.append_without_drop(tx, store, made, at=present, facts=facts, personal=who, about=opener.id)


async def present(store: Store) -> int:
    """The present, in milliseconds, as the database has it."""
    async with store.db.read() as tx:
        return int((await tx.execute(select(store.clock.now()))).scalar_one())


def said_of(door: RecordDoor, *, is_escrowed: bool = False) -> dict[str, Fact]:
    """What events say of a door and an escrow: nothing of the door that was there first, and of none."""
    said: dict[str, Fact] = {} if door is RecordDoor.API else {"door": door}
    return said | ({"escrow": True} if is_escrowed else {})


async def find(store: Store, record_id: bytes) -> Held:
    """A record, live or ended.  Raises UnknownRecordError."""
    async with store.db.read() as tx:
        row = (await tx.execute(select(*HELD).where(records.c.id == record_id))).one_or_none()
    if row is None:
        raise UnknownRecordError
    return held_of(store, row)


async def named(store: Store, record_id: bytes) -> Named | None:
    """What a record is called, and whose it is; None where that is kept no more.  Raises KeyUnreadableError."""
    with suppress(UnknownRecordError):
        held = await find(store, record_id)
        if held.is_unreadable:
            raise KeyUnreadableError("what is kept of a record's name cannot be read")
        return held.named
    return None


async def everything(store: Store) -> list[Held]:
    """Every record, live and ended, oldest first, for operators."""
    async with store.db.read() as tx:
        rows = (await tx.execute(select(*HELD).order_by(records.c.created_at, records.c.id))).all()
    return [held_of(store, row) for row in rows]


def is_live(store: Store) -> ColumnElement[bool]:
    """Whether a row of records can be read."""
    return and_(records.c.state == RecordState.LIVE, records.c.expires_at > store.clock.now())


def _pseudonym(month_key: bytes, role: str, person: str | None) -> bytes | None:
    return None if person is None else personal.pseudonym(month_key, role, person)


def new_key(record_id: bytes) -> RecordKey:
    """A key that nobody has had."""
    return RecordKey(record_id, secrets.token_bytes(record_key_v1.SECRET_BYTES))


def chance() -> record_v1.Chance:
    """What one sealing has of its own."""
    nonces = (secrets.token_bytes(record_v1.NONCE_BYTES) for _ in range(3))
    return record_v1.Chance(secrets.token_bytes(record_v1.KEY_BYTES), *nonces)


def held_of(store: Store, row: Row[Any]) -> Held:
    """A record out of a row of `HELD`."""
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
        door=RecordDoor(row.door),
        master=row.master,
        created_at=row.created_at,
        rotated_at=row.rotated_at,
        renewed_at=row.renewed_at,
    )
