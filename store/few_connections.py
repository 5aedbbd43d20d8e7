"""
A few of PostgreSQL's connections, opened as they are needed, for statements that are whole transactions each.

The driver's own pool makes a task and two timers of every use, which costs a claim more than its statements do: it may
have to wait for a reset, or for a transaction that somebody left open.  Here nobody leaves anything behind.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg

_PATIENCE_SECONDS: Final = 5


class FewConnections:
    """At most `most`, which `connect` opens; who waits for one is served in turn."""

    def __init__(self, connect: Callable[[], Awaitable[Any]], most: int) -> None:
        self._connect = connect
        self._left = most
        self._idle: list[Any] = []
        self._in_use: set[Any] = set()
        self._waiting: deque[asyncio.Future[Any]] = deque()

    @asynccontextmanager
    async def one(self) -> AsyncIterator[Any]:
        """
        A connection for one statement.  What the server answered leaves it as it was; after anything else it is closed.

        Raises TimeoutError where none comes free in time, and whatever `connect` raises.
        """
        connection = self._idle_one() or await self._waited_for()
        is_whole = False
        try:
            yield connection
            is_whole = True
        except asyncpg.PostgresError:
            is_whole = True
            raise
        finally:
            self._give_back(connection, is_whole=is_whole)

    def close(self) -> None:
        """Close every connection, in use or not."""
        for connection in (*self._idle, *self._in_use):
            connection.terminate()

    def _idle_one(self) -> Any | None:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                self._in_use.add(connection)
                return connection
            self._left += 1
        return None

    async def _waited_for(self) -> Any:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            if self._left:
                self._left -= 1
                return await self._opened()
            turn: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            try:
                connection = await turn
            except BaseException:
                if turn.done() and not turn.cancelled():  # handed over in the moment in which nobody wants it any more
                    self._hand_over(turn.result())
                raise
            return await self._opened() if connection is None else connection

    async def _opened(self) -> Any:
        try:
            connection = await self._connect()
        except BaseException:
            self._hand_over(None)
            raise
        self._in_use.add(connection)
        return connection

    def _give_back(self, connection: Any, *, is_whole: bool) -> None:
        if is_whole and not connection.is_closed():
            self._hand_over(connection)
            return
        connection.terminate()
        self._in_use.discard(connection)
        self._hand_over(None)

    def _hand_over(self, connection: Any | None) -> None:
        """A connection to whoever has waited longest; None is the place of one, for somebody to open it."""
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(connection)
                return
        if connection is None:
            self._left += 1
        else:
            self._in_use.discard(connection)
            self._idle.append(connection)
