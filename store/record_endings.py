"""
How a record ends: one conditional statement after which nobody can read it, which empties the row; then its key.

A crash in between leaves a key of a record that has ended, which the sweeper erases as soon as it sees it.
"""

import asyncio
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, delete, null, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import events
from store.clock import PRESENT
from store.errors import KeyUnreadableError, UnknownRecordError
from store.formats import base64url
from store.formats.event_v1 import Fact
from store.formats.record_event_v1 import ENDED_BY
from store.keyring import KeyState
from store.opened import Store
from store.record_escrow import no_columns
from store.record_keys import MOST_VERSIONS, KeyName, erase, erase_every
from store.schema import refusals
from store.schema_of_records import record_pages, records
from store.words import Actor, Event, RecordEnd, RecordState

_BATCH: Final = 200
_ORPHAN_SECONDS: Final = 3600
_OVERDUE: Final = (
    select(records.c.id).where(records.c.state == RecordState.LIVE, records.c.expires_at <= PRESENT).limit(_BATCH)
)


async def revoke(store: Store, record_id: bytes, *, by: Actor = Actor.ADMIN) -> bool:
    """
    End a record because its operators say so; nobody can read it when this returns.

    Whether its key was erased, too: not where the keyring is away, and the sweeper then does it once it is back.
    Raises UnknownRecordError where there is none, or it has ended.
    """
    async with store.db.write() as tx:
        if not await revoke_in(tx, store, record_id, by):
            raise UnknownRecordError
    return await erase_every(store, record_id)


async def revoke_in(tx: AsyncConnection, store: Store, record_id: bytes, by: Actor) -> bool:
    """The same within a transaction that does more; False where it has ended.  Every key of it is to be erased next."""
    facts: dict[str, Fact] = {"by": by}
    return await _end_in(tx, store, record_id, RecordState.REVOKED, Event.RECORD_REVOKED, facts) is not None


async def expire_in(
    tx: AsyncConnection, store: Store, record_id: bytes, why: RecordEnd, when: ColumnElement[bool] | None = None
) -> Row[Any] | None:
    """End a live record within a transaction; None where `when` does not hold, or it has ended.  Its key is next."""
    facts: dict[str, Fact] = {"by": ENDED_BY[why], "why": why}
    return await _end_in(tx, store, record_id, RecordState.EXPIRED, Event.RECORD_EXPIRED, facts, when)


async def _end_in(
    tx: AsyncConnection,
    store: Store,
    record_id: bytes,
    state: RecordState,
    event: Event,
    facts: dict[str, Fact],
    when: ColumnElement[bool] | None = None,
) -> Row[Any] | None:
    row = (
        await tx.execute(
            update(records)
            .where(records.c.id == record_id, records.c.state == RecordState.LIVE, true() if when is None else when)
            .values(state=state, proof=null(), sealed=null(), **no_columns(), ended_at=store.clock.now())
            .returning(records.c.version, records.c.ended_at)
        )
    ).one_or_none()
    if row is not None:
        # Of a page its link's verifier stays: whoever holds the link is told how it ended.
        bare = update(record_pages).where(record_pages.c.record_id == record_id).values(header=null(), hint=null())
        await tx.execute(bare)
        await tx.execute(delete(refusals).where(refusals.c.drop_id == record_id))
        facts = {"record": base64url.encode(record_id), **facts}
        await events.append_without_drop(tx, store, event, at=row.ended_at, facts=facts, about=record_id)
    return row


async def sweep(store: Store) -> int:
    """End the records whose time is over; how many."""
    is_overdue = records.c.expires_at <= store.clock.now()
    rows = await store.db.look_at_all(_OVERDUE, {})
    return sum([await _expire(store, row.id, RecordEnd.TIME, is_overdue) for row in rows])


async def _expire(store: Store, record_id: bytes, why: RecordEnd, when: ColumnElement[bool]) -> bool:
    async with store.db.write() as tx:
        row = await expire_in(tx, store, record_id, why, when)
    if row is None:
        return False
    await erase(store, KeyName(record_id, row.version))
    return True


async def sweep_keys(store: Store) -> tuple[int, list[bytes]]:
    """
    Hold the keyring's keys of records against the rows: erase what is over, and end what cannot be read any more.

    How many were erased or ended, and the live records whose key is absent, which nothing automatic may judge.  Raises
    KeyUnreadableError.
    """
    live = await _versions(store, records.c.state == RecordState.LIVE)
    done, seen = 0, set()
    for key_id, age in await asyncio.to_thread(store.keyring.records.ids):
        name = KeyName.of(key_id)
        seen.add(name)
        if live.get(name.id) == name.version:
            if await _state(store, name) is KeyState.ERASED:
                is_it = records.c.version == name.version
                done += await _expire(store, name.id, RecordEnd.LOST, is_it)
        elif await _is_leftover(store, name, age):
            done += await erase(store, name)
    absent = []
    for record_id, version in live.items():
        name = KeyName(record_id, version)
        if name not in seen and await _is_absent(store, name):
            absent.append(record_id)
    return done, absent


async def _is_leftover(store: Store, name: KeyName, age: float) -> bool:
    """Asked again: the row may have been made, rotated or ended since the rows were read."""
    async with store.db.read() as tx:
        now = select(records.c.state, records.c.version).where(records.c.id == name.id)
        row = (await tx.execute(now)).one_or_none()
    if row is not None and row.state == RecordState.LIVE and not _can_have_key(row.version):
        return False
    if row is not None and (row.state != RecordState.LIVE or name.version < row.version):
        return True
    # A key younger than its row, or its version, belongs to what is being made just here.
    return (row is None or name.version > row.version) and age >= _ORPHAN_SECONDS


async def _is_absent(store: Store, name: KeyName) -> bool:
    if _can_have_key(name.version) and await _state(store, name) is not KeyState.ABSENT:
        return False
    still = await _versions(store, records.c.id == name.id, records.c.state == RecordState.LIVE)
    return still.get(name.id) == name.version


def _can_have_key(version: object) -> bool:
    """SQLite keeps whatever somebody puts into a column: one such row must not keep the others from their sweep."""
    return type(version) is int and 0 < version <= MOST_VERSIONS


async def _state(store: Store, name: KeyName) -> KeyState | None:
    try:
        return await store.keyring_act(store.keyring.records.state, name.encoded)
    except KeyUnreadableError:
        return None


async def _versions(store: Store, *which: ColumnElement[bool]) -> dict[bytes, int]:
    async with store.db.read() as tx:
        rows = await tx.execute(select(records.c.id, records.c.version).where(*which))
        return {row.id: row.version for row in rows}
