"""
Invariants broken on purpose, by somebody who owns database and keyring: a soak that does not find one is no soak.

Where the database itself would refuse, its constraint is taken away first.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from store import record_endings
from store.formats import base64url
from store.keyring import KeyState
from store.record_keys import KeyName
from store.schema import drops
from store.schema_of_records import records
from store.words import State
from tests.soak.life import Life
from tests.verifying.attacked import Statement, attack

PLANTS = ("envelope", "key", "claim", "record")


@dataclass(frozen=True)
class Planted:
    """Which invariant is broken, and what must be named for it."""

    invariant: str
    of: str


async def plant(life: Life, what: str) -> Planted:
    """Break it."""
    if what == "record":
        return await _record(life)
    over = await _destroyed(life)
    if what == "key":
        life.bot.keyring.create(over)
    elif what == "envelope":
        back = "UPDATE drops SET envelope = :bytes WHERE id = :id"
        await asyncio.to_thread(attack, life.home, _unguarded(life), (back, {"id": over, "bytes": bytes(300)}))
    else:
        twice = "UPDATE events SET event = 'drop.claimed' WHERE drop_id = :id AND event = 'drop.created'"
        await asyncio.to_thread(attack, life.home, (twice, {"id": over}))
    return Planted("I1" if what == "claim" else "I2", f"drop {base64url.encode(over)}")


async def _destroyed(life: Life) -> bytes:
    async with life.bot.db.read() as tx:
        over: Sequence[bytes] = (
            (await tx.execute(select(drops.c.id).where(drops.c.state == State.DESTROYED))).scalars().all()
        )
    gone = [drop_id for drop_id in over if life.bot.keyring.state(drop_id) is KeyState.ABSENT]
    assert gone, "nothing has been destroyed in so short a time"
    return gone[0]


async def _record(life: Life) -> Planted:
    """The key of a record that has ended comes back, as from a copy of the keyring."""
    while not life.records:
        await life.make_record()
    ended = next((known for known in life.records if known.is_over), life.records[0])
    if not ended.is_over:
        await record_endings.revoke(life.bot, ended.key.id)
    async with life.bot.db.read() as tx:
        version = await tx.scalar(select(records.c.version).where(records.c.id == ended.key.id))
    assert version is not None
    life.bot.keyring.records.create(KeyName(ended.key.id, version).encoded)
    return Planted("I2", f"record {ended.key.id_text}")


def _unguarded(life: Life) -> Statement:
    if life.bot.db.is_sqlite:
        return "PRAGMA ignore_check_constraints = ON", {}
    return "ALTER TABLE drops DROP CONSTRAINT destroyed_means_no_envelope", {}
