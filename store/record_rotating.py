"""
Rotating a record: another key, and the one of before is dead.

The key of the keyring is durable before the row that needs it commits, and the one of before is erased after.
"""

from typing import Final

from sqlalchemy import and_, update

from store import events
from store.errors import DuplicateDropError, RecordChangedError, UnknownRecordError
from store.formats import record_v1
from store.formats.event_v1 import Fact
from store.formats.record_key_v1 import RecordKey
from store.opened import Store
from store.record_keys import KeyName, erase, erase_every, names
from store.records import chance, find, is_live, new_key
from store.schema_of_records import records
from store.words import Actor, Event, RecordState

_TRIES: Final = 100
"""How many rotations of one record may be underway at once, or be left by crashes within an hour."""


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
    key = new_key(record_id)
    sealed = record_v1.seal(key, ring_key, name.version, value, chance())
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
