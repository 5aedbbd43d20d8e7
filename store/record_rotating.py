"""
Rotating a record: another key, and the one of before is dead.

The key of the keyring is durable before the row that needs it commits, and the one of before is erased after.
"""

from typing import Final

from sqlalchemy import and_, update

from store import events, record_escrow
from store.errors import DuplicateDropError, RecordChangedError, UnknownRecordError
from store.formats import base64url, record_v1
from store.formats.event_v1 import Fact
from store.formats.record_key_v1 import RecordKey
from store.opened import Store
from store.record_doors import Opener, RecordDoor, WithKey
from store.record_keys import KeyName, erase, erase_every, names
from store.records import Held, chance, find, is_live, new_key, said_of
from store.schema_of_records import records
from store.words import Actor, Event, RecordState

_TRIES: Final = 100
"""How many rotations of one record may be underway at once, or be left by crashes within an hour."""


async def rotate(
    store: Store,
    record_id: bytes,
    value: str | None,
    *,
    version: int | None = None,
    escrow: bool | None = None,
    by: Actor = Actor.ADMIN,
) -> tuple[RecordKey, bool]:
    """
    Another key for a record; the one before is dead when this returns.

    And whether what the keyring had for it was erased, too: where not, the sweeper does it once it can.  The value is
    given anew, or None to keep the one that its escrow opens: without that, and without the key of before, nobody can
    read it.  `escrow` says whether it has one from here on; None leaves it as it is.  `version` is the one that was
    looked at before somebody typed the value: where another stands there by now, that is newer, and nothing is kept.

    Raises UnknownRecordError, RecordChangedError, MalformedError, KeyUnreadableError, EscrowAbsentError and
    EscrowUnreadableError, also where it is to stay in an escrow that does not open.
    """
    if value is not None:
        record_v1.encoded(value)
    held = await live(store, record_id, RecordDoor.API, version)
    key = new_key(record_id)
    return key, await rotate_for(store, held, WithKey(key), value, escrow=escrow, by=by)


async def live(store: Store, record_id: bytes, door: RecordDoor, version: int | None) -> Held:
    """A record that can be rotated, of this door and version.  Raises UnknownRecordError and RecordChangedError."""
    held = await find(store, record_id)
    if held.state is not RecordState.LIVE or held.door is not door:
        raise UnknownRecordError
    if version not in {None, held.version}:
        raise RecordChangedError
    return held


async def rotate_for(
    store: Store, held: Held, opener: Opener, value: str | None, *, escrow: bool | None, by: Actor
) -> bool:
    """
    Let `opener` open it from now on, and nothing of before; `value` and `escrow` as `rotate` has them.

    Whether what the keyring had for it was erased, too.  Raises RecordChangedError, MalformedError, KeyUnreadableError,
    EscrowAbsentError and EscrowUnreadableError.
    """
    is_kept, is_escrowed = value is None, held.master is not None if escrow is None else escrow
    if value is None:
        value = await record_escrow.value_of(store, held.id, held.version)
    elif escrow is None and is_escrowed:
        await record_escrow.require_real(store, held.id, held.version)
    if is_escrowed:
        await record_escrow.require_possible(store)
    name, ring_key = await _next_key(store, KeyName(held.id, held.version))
    own = chance()
    sealed = opener.seal(ring_key, name.version, value, own)
    rotated = {"version": name.version, "proof": sealed.proof, "sealed": sealed.stored, "reads": 0, "read_at": None}
    is_still = and_(records.c.id == held.id, records.c.version == held.version, is_live(store))
    async with store.db.write() as tx:
        escrowed = record_escrow.no_columns()
        if is_escrowed:
            escrowed = await record_escrow.columns(tx, store, name, ring_key, own.data_key)
        values = {**rotated, **escrowed, "rotated_at": store.clock.now()}
        changed = update(records).where(is_still).values(values).returning(records.c.rotated_at, records.c.month)
        row = (await tx.execute(changed)).one_or_none()
        if row is not None:
            await opener.stand(tx, store, row.month)
            facts: dict[str, Fact] = {"record": base64url.encode(held.id), "version": name.version, "by": by}
            facts |= said_of(opener.door, is_escrowed=is_escrowed)
            facts |= {"kept": True} if is_kept else {}
            said, at = Event.RECORD_ROTATED, row.rotated_at
            await events.append_without_drop(tx, store, said, at=at, facts=facts, about=held.id)
    if row is None:
        await erase(store, name)
        raise RecordChangedError
    return await erase_every(store, held.id, before=name.version)


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
