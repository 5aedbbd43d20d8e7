"""
Saying in the log that a key was rotated or retired: `key.rotated`, once for each, whatever crashes.

A rotation that was cut short is simply done again.  What it had said by then stands already, with the same facts: each
rotation's differ from every other's, by the new key or by a random name.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.errors import StoreError
from store.events import append_without_drop
from store.formats import event_v1
from store.formats.event_v1 import Fact
from store.log.who_may_say import believed, fault
from store.opened import Store
from store.schema import events
from store.words import Event

BY: Final = "operator"


class KeyRefusedError(StoreError):
    """A key that may not be rotated or retired.  Its text is a sentence for operators."""


async def say(tx: AsyncConnection, store: Store, signing_dir: Path, facts: Mapping[str, Fact]) -> int:
    """Record it, unless these facts are recorded by a believed key; the event's position among all events."""
    said, speakers = {**facts, "by": BY}, believed(signing_dir)
    rows = await tx.execute(select(events).where(events.c.event == Event.KEY_ROTATED).order_by(events.c.position))
    for row in rows:
        if fault(row, speakers) is None and said.items() <= event_v1.unverified(row.leaf).items():
            return int(row.position)
    at = (await tx.execute(select(store.clock.now()))).scalar_one()
    return await append_without_drop(tx, store, Event.KEY_ROTATED, at=at, facts=said)
