"""
Connections and transactions, on SQLite and PostgreSQL.

`write()` and `read()` are the two ways in.  Verbs own their transaction: what one `write()` block does commits as a
whole or not at all, and nobody else commits.  What a reader waits for has a shorter way, by statements that are made
once: `look()` at one row, and `change()`, which is a whole commit.
"""

import asyncio
import socket
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import asyncpg
from sqlalchemy import Select, event, exc, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from store.clock import Clock
from store.errors import ConflictError, StoreMismatchError, StoreUnavailableError
from store.prepared import Change, Looked

if TYPE_CHECKING:
    from store.on_postgresql import OnPostgreSQL
    from store.on_sqlite import OnSQLite

_NO_CONNECTION: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)

# PostgreSQL's classes of errors (its manual, appendix A) that say nothing about the statement: connection lost, rolled
# back for somebody else's sake, out of resources, lock not had in time, shutting down or starting up, broken disk.
_PASSING: Final = frozenset({"08", "40", "53", "55", "57", "58"})

_GONE_SECONDS: Final = 10
"""So long nothing is heard of the other host before its connection is given up, on either side."""
_PROBED_SECONDS: Final = 5

SILENT_HOST: Final = {
    "tcp_keepalives_idle": str(_GONE_SECONDS),
    "tcp_keepalives_interval": str(_PROBED_SECONDS),
    "tcp_keepalives_count": "2",
    "tcp_user_timeout": f"{_GONE_SECONDS}s",
}
"""What a session asks of its server, which would otherwise keep it for hours after its host was cut off."""

# As on SQLite: what holds a row for longer than this is answered with "try again", not with a wait.
_POSTGRESQL: Final = {
    "timeout": 5,
    "server_settings": {
        "lock_timeout": "2s",
        "idle_in_transaction_session_timeout": f"{_GONE_SECONDS}s",
        **SILENT_HOST,
    },
}
# macOS names the first otherwise and does not have the last.
_PROBES: Final = {
    "TCP_KEEPIDLE": _GONE_SECONDS,
    "TCP_KEEPALIVE": _GONE_SECONDS,
    "TCP_KEEPINTVL": _PROBED_SECONDS,
    "TCP_KEEPCNT": 2,
    "TCP_USER_TIMEOUT": _GONE_SECONDS * 1000,
}


class Database:
    """An engine with the house rules applied to each of its connections."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.clock = clock
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        # hide_parameters: an exception that printed its bound values would print envelopes and verifiers.
        self._engine = create_async_engine(
            url,
            hide_parameters=True,
            pool_pre_ping=not self.is_sqlite,
            pool_timeout=5,
            pool_size=8,
            connect_args={} if self.is_sqlite else _POSTGRESQL,
        )
        # Of SQLite's writers the busy handler picks one at random.  Inside a program a queue is fair.
        self._writer = asyncio.Lock() if self.is_sqlite else None
        self._direct = _direct(url, self._writer)
        if self.is_sqlite:
            event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self._engine.sync_engine, "begin", _begin_sqlite)
        else:
            event.listen(self._engine.sync_engine, "connect", lambda one, _: probe(one.driver_connection))

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

    async def look(self, statement: "Select[Any]", given: Mapping[str, object]) -> Looked | None:
        """The row of a SELECT by its key, with `clock.PRESENT` in it or not; None where there is none."""
        rows = await self.look_at_all(statement, given)
        return rows[0] if rows else None

    async def look_at_all(self, statement: "Select[Any]", given: Mapping[str, object]) -> list[Looked]:
        """The same for the few rows that one key has."""
        return await self._short(self._direct.look(statement, {**self.clock.parameters(), **given}))

    async def change(self, change: Change) -> Looked | None:
        """
        Commit a change.  The row that its statement returned, None where nothing was to be changed.

        Raises ConflictError, with nothing changed, where a row that it writes is there already.
        """
        rows = await self._short(self._direct.change(change, {**self.clock.parameters(), **change.given}))
        return rows[0] if rows else None

    async def _short(self, act: Awaitable[list[Looked]]) -> list[Looked]:
        try:
            return await act
        except (asyncpg.IntegrityConstraintViolationError, sqlite3.IntegrityError) as error:
            raise ConflictError from error
        except asyncpg.PostgresError as error:
            if (error.sqlstate or "")[:2] not in _PASSING:
                raise
            raise StoreUnavailableError("the database does not answer") from error
        except (OSError, TimeoutError, asyncpg.InterfaceError, sqlite3.OperationalError) as error:
            raise StoreUnavailableError("the database does not answer") from error

    @asynccontextmanager
    async def _transaction(self, *, writes: bool) -> AsyncIterator[AsyncConnection]:
        async with AsyncExitStack() as stack:
            try:
                connection = await stack.enter_async_context(self._engine.connect())
            except (*_NO_CONNECTION, exc.SQLAlchemyError) as error:
                raise StoreUnavailableError("the database does not answer") from error
            await connection.execution_options(writes=writes)
            try:
                async with connection.begin():
                    yield connection
            except exc.DBAPIError as error:
                if not self._is_passing(error):
                    raise
                raise StoreUnavailableError("the database does not answer") from error

    def _is_passing(self, error: exc.DBAPIError) -> bool:
        """Whether the database could not, as opposed to would not, do it: the same may succeed in a moment."""
        if isinstance(error, exc.IntegrityError):
            return False
        if self.is_sqlite:
            return isinstance(error, exc.OperationalError)
        state = getattr(error.orig, "sqlstate", None) or ""
        return error.connection_invalidated or isinstance(error, exc.InterfaceError) or state[:2] in _PASSING

    async def require_durable(self) -> None:
        """
        Raises StoreMismatchError where a commit that was answered can be lost in a crash of the database.

        A lost claim would be a second reader.  On SQLite each connection sets what it needs by itself.
        """
        if self.is_sqlite:
            return
        async with self.read() as tx:
            for setting, weak in (("synchronous_commit", {"off", "local"}), ("fsync", {"off"})):
                if await tx.scalar(text(f"SHOW {setting}")) in weak:
                    raise StoreMismatchError(
                        f"the database has {setting} turned down, so that a crash of it could lose a claim and show a "
                        "secret twice. Turn it on for this database"
                    )

    async def let_go_of_old_pages(self) -> None:
        """
        On SQLite, take what was overwritten out of the write-ahead log too, unless somebody reads it just now.

        PostgreSQL keeps it until VACUUM, and longer in its own log, for as long as it is set to.
        """
        if self.is_sqlite:
            async with self._engine.connect() as connection:
                raw = (await connection.get_raw_connection()).driver_connection
                if raw is not None:
                    await raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    async def close(self) -> None:
        """Close every connection."""
        await self._direct.close()
        await self._engine.dispose()


def _direct(url: str, writer: asyncio.Lock | None) -> "OnSQLite | OnPostgreSQL":
    # Each brings SQLAlchemy's half for its engine along, of which a program has one.
    if writer is not None:
        from store.on_sqlite import OnSQLite

        return OnSQLite(make_url(url), _prepare_sqlite, writer)
    from store.on_postgresql import OnPostgreSQL

    return OnPostgreSQL(make_url(url), _POSTGRESQL, probe)


def is_there(url: str) -> bool:
    """Whether there can be a database; False for a SQLite file that is not there, which opening it would make."""
    path = make_url(url).database
    return not url.startswith("sqlite") or bool(path and Path(path).is_file())


def probe(connection: Any) -> None:
    """
    Have a connection of the driver's notice that the server's host is gone.

    The system would wait a quarter of an hour for what was sent, and for ever for an answer; each wait holds one of the
    pool's few connections.  The driver has no setting for it, and a limit on a statement's time would end long ones.
    """
    line = connection._transport.get_extra_info("socket")  # noqa: SLF001 - see above
    if line.family == socket.AF_UNIX:
        return
    line.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _PROBES.items():
        if hasattr(socket, name):
            line.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


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
