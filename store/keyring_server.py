"""
Asking the PostgreSQL server of KEYRING_URL, from whatever thread: one statement, one round trip, a second and a half.

The connections live on an event loop in a thread of their own, so that a keyring is asked the same way wherever it is.
There is no transaction but the statement's own: what must hold together is one statement.
"""

import asyncio
import ssl
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any, Final

import asyncpg
from sqlalchemy import make_url

from store.database import SILENT_HOST
from store.errors import KeyUnreadableError
from store.few_connections import FewConnections

PATIENCE_SECONDS: Final = 1.5
"""Less than a reader waits for an answer, who is then told that it is the key that cannot be read."""
_QUIET_SECONDS: Final = 1.0
"""For how long nobody else is kept waiting for a server that has just kept somebody waiting."""
_CONNECTIONS: Final = 4
_SETTINGS: Final = {
    "application_name": "sendsecret",
    "statement_timeout": "1500ms",
    "lock_timeout": "1s",
    "synchronous_commit": "on",  # a key that was deleted must not be there again after a crash
    "log_parameter_max_length_on_error": "0",
    **SILENT_HOST,
}
_NO_TRUST: Final = (
    "what `?ssl=` asks for is not known, or the server's certificate cannot be verified: is the file of its authority "
    "named in PGSSLROOTCERT, may the programs read it, and is the server's name in its certificate?"
)
_AWAY: Final = (OSError, TimeoutError, CancelledError, asyncpg.PostgresError, asyncpg.InterfaceError)

Rows = list[Any]


class KeyringServer:
    """
    Connections to the keyring's server.  `own` is the id that it must have: `$1` of every statement.

    Every method blocks, and raises KeyUnreadableError where the server does not answer in time.
    """

    def __init__(self, url: str, own: str) -> None:
        self.own = own
        from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg

        _, self._where = PGDialect_asyncpg().create_connect_args(make_url(url))  # type: ignore[no-untyped-call]
        self._connections = FewConnections(lambda: self._connected(_SETTINGS), _CONNECTIONS)
        self._quiet_until = 0.0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="keyring", daemon=True)
        self._thread.start()

    def ask(self, sql: str, *values: object) -> Rows:
        """The rows of one statement.  `values` are `$2` and on."""
        if time.monotonic() < self._quiet_until:
            raise KeyUnreadableError("the keyring's server has just not answered")
        rows: Rows = self._waited(self._asked(sql, values), PATIENCE_SECONDS)
        return rows

    def alone(self, *statements: str, seconds: float) -> None:
        """Statements that no transaction may hold, on a connection of their own, for as long as `seconds` in all."""
        self._waited(self._done_alone(statements, seconds), seconds)

    def repeat(self, seconds: float, sql: str, take: Callable[[Rows], None]) -> None:
        """Ask one statement again and again, until this is closed; `take` is called with each answer."""

        async def again() -> None:
            while True:
                await asyncio.sleep(seconds)
                with suppress(*_AWAY):  # whoever needs it finds out how old the last one is
                    take(await self._asked(sql, ()))

        asyncio.run_coroutine_threadsafe(again(), self._loop)

    def close(self) -> None:
        """Close every connection.  Idempotent."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(self._ended(), self._loop)
        self._thread.join(PATIENCE_SECONDS)
        if not self._thread.is_alive():
            self._loop.close()

    async def _ended(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        if others:
            await asyncio.wait(others, timeout=PATIENCE_SECONDS / 2)
        self._connections.close()
        await asyncio.sleep(0)  # sockets close with the loop's next turn
        self._loop.stop()

    def _waited(self, work: Coroutine[Any, Any, Any], seconds: float) -> Any:
        if self._loop.is_closed():
            work.close()
            raise KeyUnreadableError("the keyring's server is not asked any more")
        future = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            # A little more than the loop's own limit, which comes first unless the loop itself hangs.
            return future.result(seconds + 0.5)
        except _AWAY as error:
            future.cancel()
            if isinstance(error, TimeoutError):
                self._quiet_until = time.monotonic() + _QUIET_SECONDS
            if isinstance(error, (ssl.SSLError, asyncpg.ClientConfigurationError)):
                raise KeyUnreadableError(_NO_TRUST) from None
            # Without the cause: a driver's message may hold more than its kind.
            raise KeyUnreadableError(f"the keyring's server does not do it ({type(error).__name__})") from None

    async def _asked(self, sql: str, values: tuple[object, ...]) -> Rows:
        async with asyncio.timeout(PATIENCE_SECONDS), self._connections.one() as connection:
            rows: Rows = await connection.fetch(sql, self.own, *values)
            return rows

    async def _connected(self, settings: dict[str, str]) -> Any:
        try:
            return await asyncpg.connect(**self._where, server_settings=settings, timeout=PATIENCE_SECONDS)
        except asyncpg.ClientConfigurationError:  # a ValueError, too: `?ssl=verify-full` without its certificate
            raise
        except (TypeError, ValueError):  # something behind the `?` of the address that the driver does not know
            raise asyncpg.InterfaceError("the address is not understood") from None

    async def _done_alone(self, statements: tuple[str, ...], seconds: float) -> None:
        async with asyncio.timeout(seconds):
            settings = {**_SETTINGS, "statement_timeout": f"{int(seconds)}s", "lock_timeout": "500ms"}
            connection = await self._connected(settings)
            try:
                for statement in statements:
                    await connection.execute(statement)
            finally:
                connection.terminate()
