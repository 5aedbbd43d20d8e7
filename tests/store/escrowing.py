"""Records in escrow for tests: their rows, the folder of the master keys, and what opens."""

from typing import Any

from sqlalchemy import select, update

from store import record_escrow
from store.formats.record_key_v1 import RecordKey
from store.master_keys import MasterKeys
from store.opened import Store
from store.schema_of_records import records as table
from tests.store.recording import VALUE, made


async def escrowed(store: Store, value: str = VALUE) -> RecordKey:
    """The key of a new record in escrow."""
    return await made(store, value=value, escrow=True)


async def row_of(store: Store, key: RecordKey) -> dict[str, Any]:
    """Everything in the row of a record, as a copy of the database has it."""
    async with store.db.read() as tx:
        row = (await tx.execute(select(table).where(table.c.id == key.id))).one()
    return dict(row._mapping)


async def put(store: Store, key: RecordKey, **values: object) -> None:
    """Write the row of a record as nothing of ours does."""
    async with store.db.write() as tx:
        await tx.execute(update(table).where(table.c.id == key.id).values(**values))


async def opened(store: Store, key: RecordKey) -> str:
    """What its escrow opens, for whoever has all of it."""
    return await record_escrow.value_of(store, key.id, (await row_of(store, key))["version"])


def masters(store: Store) -> MasterKeys:
    """The bot's."""
    assert store.masters is not None
    return store.masters


def files(store: Store) -> dict[str, bytes]:
    """Whatever is in the folder of the master keys."""
    return {path.name: path.read_bytes() for path in sorted(masters(store).folder.iterdir())}
