"""The key at a record's provider: that it was rotated there, as somebody says who may."""

from sqlalchemy import update

from store import events
from store.errors import NothingToRotateError
from store.formats import base64url
from store.formats.event_v1 import Fact
from store.opened import Store
from store.own_records import is_renewable
from store.schema_of_records import records
from store.words import Actor, Event


async def renewed(store: Store, record_id: bytes, *, by: Actor) -> None:
    """
    Note that it was rotated at its provider; a record that is over is asked about no more.

    Nobody can look whether it was.  Raises NothingToRotateError when that was said before, since its last key.
    """
    said = (
        update(records)
        .where(records.c.id == record_id, is_renewable())
        .values(renewed_at=store.clock.now())
        .returning(records.c.renewed_at)
    )
    async with store.db.write() as tx:
        at = (await tx.execute(said)).scalar_one_or_none()
        if at is None:
            raise NothingToRotateError
        facts: dict[str, Fact] = {"record": base64url.encode(record_id), "by": by}
        await events.append_without_drop(tx, store, Event.RECORD_RENEWED, at=at, facts=facts, about=record_id)
