"""
The escrow of a record in its row: made with the row, opened for a rotation that nobody types the value for.

Which master key is the present one is asked within the transaction that makes the row, behind a lock that whoever
erases an old master key has to wait for: asked before, the key could be gone by the time at which the row names it.
"""

import asyncio
import secrets
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, null, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.errors import EscrowAbsentError, EscrowUnreadableError, KeyUnreadableError, RecordChangedError
from store.formats import record_escrow_v1, record_page_v1, record_v1
from store.formats.errors import FormatError
from store.formats.record_escrow_v1 import Place
from store.master_keys import MasterKeys
from store.opened import Store
from store.record_doors import RecordDoor
from store.record_keys import KeyName
from store.schema import installation
from store.schema_of_records import records
from store.words import RecordState


def masters_of(store: Store) -> MasterKeys:
    """The bot's master keys.  Raises EscrowUnreadableError in a program that has none."""
    if store.masters is None:
        raise EscrowUnreadableError("this program has no master keys")
    return store.masters


async def require_possible(store: Store) -> None:
    """Before anything is made for a row with an escrow.  Raises EscrowUnreadableError where none can be made."""
    await asyncio.to_thread(masters_of(store).latest)


async def columns(tx: AsyncConnection, store: Store, name: KeyName, ring_key: bytes, data_key: bytes) -> dict[str, Any]:
    """
    What the row that this transaction makes has of an escrow.  Raises EscrowUnreadableError.

    Until the commit no master key that a row may name is erased; on SQLite because nobody else writes meanwhile.
    """
    await tx.execute(select(installation.c.one).with_for_update(read=True))
    number, master = await asyncio.to_thread(masters_of(store).to_write)
    return {"escrow": wrapped(name, number, master, ring_key, data_key), "master": number}


def no_columns() -> dict[str, Any]:
    """What the row of a record without one has."""
    return {"escrow": null(), "master": null()}


def wrapped(name: KeyName, number: int, master: bytes, ring_key: bytes, data_key: bytes) -> bytes:
    """The escrow of a version of a record, under a master key."""
    nonces = secrets.token_bytes(record_v1.NONCE_BYTES), secrets.token_bytes(record_v1.NONCE_BYTES)
    return record_escrow_v1.wrap(Place(name.id, name.version, number), master, ring_key, data_key, nonces)


async def value_of(store: Store, record_id: bytes, version: int) -> str:
    """
    The value of a live record, opened by its escrow; in memory alone.

    Raises EscrowAbsentError where it has none, EscrowUnreadableError where that does not open, KeyUnreadableError,
    and RecordChangedError where the record is of another version by now.
    """
    known = None
    while True:
        row = await _row(store, record_id, version)
        try:
            data_key, _ = await opened(store, row)
            return record_v1.unboxed(record_id, version, data_key, _box(row))
        except FormatError:
            raise EscrowUnreadableError("its escrow does not open with its keys") from None
        except EscrowUnreadableError:
            # Under another master key since the row was read, and the one of before was erased?
            if row.master == known:
                raise
            known = row.master


async def require_real(store: Store, record_id: bytes, version: int) -> None:
    """
    Before a rotation leaves a record in escrow because its row says that it is in one.

    Whoever writes the database can have a row say so: an escrow that opens, only whoever held the keys has made.
    Raises EscrowUnreadableError for every other one, and RecordChangedError.
    """
    try:
        await value_of(store, record_id, version)
    except EscrowAbsentError:
        raise EscrowUnreadableError("nothing is kept of it") from None
    except KeyUnreadableError:
        raise EscrowUnreadableError("its key in the keyring cannot be read") from None


async def opened(store: Store, row: Row[Any]) -> tuple[bytes, bytes]:
    """
    The data key in a row's escrow, and the keyring's key of that version.

    Raises EscrowUnreadableError, KeyUnreadableError, also for a key that was erased, and MalformedError where it does
    not open with these keys.
    """
    master = await asyncio.to_thread(masters_of(store).read, row.master)
    ring_key = await store.keyring_act(store.keyring.records.read, KeyName(row.id, row.version).encoded)
    if ring_key is None:
        raise KeyUnreadableError("the key was erased")
    place = Place(row.id, row.version, row.master)
    return record_escrow_v1.unwrap(place, master, ring_key, row.escrow), ring_key


async def missing(store: Store) -> list[int]:
    """The numbers of master keys that live records name and that cannot be read; nothing automatic may judge them."""
    async with store.db.read() as tx:
        named = (await tx.execute(select(records.c.master).where(is_escrowed()).distinct())).scalars().all()
    return await asyncio.to_thread(_unreadable, masters_of(store), named)


def is_escrowed() -> ColumnElement[bool]:
    """Whether a row of records names a master key."""
    return and_(records.c.state == RecordState.LIVE, records.c.master.is_not(None))


def _box(row: Row[Any]) -> bytes:
    """The value under its data key, whichever door stands before it.  Raises MalformedError."""
    if row.door == RecordDoor.PAGE:
        return record_page_v1.box_of(row.sealed)
    return record_v1.box_of(row.sealed)


def _unreadable(masters: MasterKeys, numbers: Any) -> list[int]:
    found = []
    for number in numbers:
        try:
            masters.read(number)
        except EscrowUnreadableError:
            found.append(number)
    return sorted(found, key=str)


async def _row(store: Store, record_id: bytes, version: int) -> Row[Any]:
    of_version = select(records).where(records.c.id == record_id, records.c.version == version)
    async with store.db.read() as tx:
        row = (await tx.execute(of_version.where(records.c.state == RecordState.LIVE))).one_or_none()
    if row is None:
        raise RecordChangedError
    if row.escrow is None:
        raise EscrowAbsentError
    return row
