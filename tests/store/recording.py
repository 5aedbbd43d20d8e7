"""Records for tests: made, read, and what the log says of them."""

from typing import Any

from sqlalchemy import select

from store import record_reads, records
from store.door import Visitor
from store.formats import event_v1
from store.formats.record_key_v1 import RecordKey
from store.keyring import KEY_BYTES
from store.opened import Store
from store.record_keys import KeyName, erase
from store.records import Named
from store.schema import events, notices
from store.words import Audience

VALUE = "sk_live_canary\n"
LABEL = "Stripe restricted key"
VISITOR = Visitor("192.0.2.0/24", "curl")


async def made(
    store: Store,
    *,
    value: str = VALUE,
    lives_seconds: int = 3600,
    reads: int | None = None,
    escrow: bool = False,
) -> RecordKey:
    """The key of a new record."""
    key, _ = await records.make(store, Named(LABEL), value, lives_seconds=lives_seconds, reads=reads, escrow=escrow)
    return key


async def read(store: Store, key: RecordKey, *, of: bytes | None = None) -> str:
    """What a program gets with a key, of another record if one is named; then what the web program does beside it."""
    given = await record_reads.read(store, key.id if of is None else of, key, VISITOR)
    if given.over is not None:
        await erase(store, given.over)
    return given.value


async def said(store: Store) -> list[dict[str, Any]]:
    """What the log says of records, without what every event has."""
    async with store.db.read() as tx:
        of_records = select(events.c.leaf).where(events.c.event.like("record.%")).order_by(events.c.position)
        leaves = (await tx.execute(of_records)).scalars().all()
    common = {"iss", "iat", "jti", "_sd", "_sd_alg"}
    claims = [event_v1.unverified(leaf) for leaf in leaves]
    return [{name: value for name, value in one.items() if name not in common} for one in claims]


async def words(store: Store) -> list[str]:
    """The same, the events' words alone."""
    return [one["evt"].removeprefix("record.") for one in await said(store)]


async def told(store: Store) -> list[str]:
    """What the security team is owed."""
    async with store.db.read() as tx:
        owed = select(notices.c.about).where(notices.c.audience == Audience.AUDIT).order_by(notices.c.id)
        return [str(one) for one in (await tx.execute(owed)).scalars()]


def key_files(store: Store) -> dict[KeyName, bytes]:
    """Every key of a record in the keyring."""
    keys = store.keyring.records
    return {KeyName.of(key_id): keys.read(key_id) or bytes(KEY_BYTES) for key_id, _ in keys.ids()}
