"""Installations whose keys are on a server (KEYRING_URL): a copy of a prepared one, with tables of its own there."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import asyncpg
from sqlalchemy import make_url, update

from store.clock import Clock
from store.database import Database
from store.keyring import ON_SERVER
from store.keyring_making import make_tables
from store.schema import installation
from tests.stores import Home


def moved(home: Home, keyring_url: str) -> Home:
    """The same installation, with an empty keyring on that server; nobody has made anything in it so far."""
    path = home.keyring / "keyring.id"
    keyring_id = ON_SERVER + path.read_text().strip()
    path.write_text(keyring_id)
    for name in ("drops", "records", "months"):
        for left in (home.keyring / name).iterdir():
            left.unlink()
        (home.keyring / name).rmdir()

    async def renamed() -> None:
        db = Database(home.database_url, Clock())
        async with db.write() as tx:
            await tx.execute(update(installation).values(keyring_id=keyring_id))
        await db.close()

    _in_thread(renamed())
    make_tables(home.keyring, keyring_url)
    return replace(home, keyring_url=keyring_url)


def told(url: str, sql: str, *values: object) -> list[Any]:
    """What a database answers to whoever asks it behind the store's back."""

    async def asked() -> list[Any]:
        connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(False))
        try:
            rows: list[Any] = await connection.fetch(sql, *values)
            return rows
        finally:
            connection.terminate()

    found: list[Any] = _in_thread(asked())
    return found


@asynccontextmanager
async def looked_at(url: str) -> AsyncIterator[None]:
    """Somebody's transaction stands open that may see everything as it is now; it holds no table."""
    connection = await asyncpg.connect(make_url(url).set(drivername="postgresql").render_as_string(False))
    try:
        await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        await connection.fetch("SELECT 1")
        yield
    finally:
        await connection.close()


def _in_thread(work: Coroutine[Any, Any, Any]) -> Any:
    # The tests' own event loop may be running here.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()
