"""
Connections and transactions, on SQLite and PostgreSQL.

`write()` and `read()` are the only two ways in.  Verbs own their transaction: what one `write()` block does
commits as a whole or not at all, and nobody else commits.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from sqlalchemy import event, exc, make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from store.clock import Clock
from store.errors import StoreUnavailableError


class Database:
    """An engine with the house rules applied to each of its connections."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.clock = clock
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        # hide_parameters: an exception that printed its bound values would print envelopes and verifiers.
        self._engine = create_async_engine(
            url, hide_parameters=True, pool_pre_ping=not self.is_sqlite, pool_timeout=5, pool_size=8
        )
        # Of SQLite's writers the busy handler picks one at random.  Inside a program a queue is fair.
        self._writer = asyncio.Lock() if self.is_sqlite else None
        if self.is_sqlite:
            event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self._engine.sync_engine, "begin", _begin_sqlite)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """
        A transaction that may change things.

        On SQLite it takes the writer's lock at once: a transaction that reads first and writes later fails with
        SQLITE_BUSY without waiting, because its snapshot may be stale.
        """
        async with AsyncExitStack() as stack:
            if self._writer is not None:
                await stack.enter_async_context(self._writer)
            yield await stack.enter_async_context(self._transaction(writes=True))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only looks.  It takes no writer's lock, so that a page view never stalls a claim."""
        async with self._transaction(writes=False) as connection:
            yield connection

    @asynccontextmanager
    async def _transaction(self, *, writes: bool) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.connect() as connection:
                await connection.execution_options(writes=writes)
                async with connection.begin():
                    yield connection
        except exc.IntegrityError:
            raise
        except (exc.OperationalError, exc.InterfaceError, exc.TimeoutError, OSError) as error:
            raise StoreUnavailableError("the database does not answer") from error
        except exc.DBAPIError as error:
            if error.connection_invalidated:
                raise StoreUnavailableError("the database does not answer") from error
            raise

    async def close(self) -> None:
        """Close every connection."""
        await self._engine.dispose()


def _prepare_sqlite(connection: Any, record: Any) -> None:
    # Left alone, the driver begins transactions by itself, and deferred ones.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",  # a claim must be on the disk before its answer is on the wire
        "secure_delete = ON",
        "busy_timeout = 2000",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Any) -> None:
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
