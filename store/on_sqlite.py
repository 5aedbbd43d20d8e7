"""
Looks and changes on SQLite, whose driver blocks: one thread that writes, one that reads and never waits for it.

Changes that wait while one is being committed are committed together: the disk is waited for once for all of them, and
each is answered when it is on the disk.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, Final

from sqlalchemy import URL, Delete, Select, Update
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect

from store.hands import Hands
from store.prepared import Change, Looked, Prepared

MOST_TOGETHER: Final = 64

_Waiting = tuple[Change, Mapping[str, object], "asyncio.Future[list[Looked]]"]


class OnSQLite:
    """
    Two connections of the driver's own.

    `ready` sets a new connection up.  `writer` is held while something is written: whoever else writes in this program
    waits in the same queue.
    """

    # Of the process: what a statement is made into does not depend on the database.
    _known: ClassVar[dict["Select[Any] | Update | Delete", Prepared]] = {}

    def __init__(self, url: URL, ready: Callable[[Any, Any], None], writer: asyncio.Lock) -> None:
        self._dialect = sqlite_dialect()
        (self._path,), self._options = self._dialect.create_connect_args(url)
        self._ready, self._writer = ready, writer
        self._hands = {name: Hands(f"sqlite-{name}") for name in ("read", "write")}
        self._connections: dict[str, sqlite3.Connection] = {}
        self._waiting: deque[_Waiting] = deque()
        self._writing: asyncio.Task[None] | None = None

    async def look(self, statement: "Select[Any]", given: Mapping[str, object]) -> list[Looked]:
        """The rows of a SELECT by a key.  Raises the driver's errors."""
        prepared = self._prepared(statement)
        found: list[Looked] = await self._in_thread("read", lambda connection: _run(connection, prepared, given))
        return found

    async def change(self, change: Change, given: Mapping[str, object]) -> list[Looked]:
        """Commit a change; the row that its statement returned, if it did.  Raises the driver's errors."""
        done: asyncio.Future[list[Looked]] = asyncio.get_running_loop().create_future()
        self._waiting.append((change, given, done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())
        return await done

    async def close(self) -> None:
        """Close both connections, after what is under way."""
        if self._writing is not None:
            await asyncio.wait({self._writing})
        for hands in self._hands.values():
            await asyncio.to_thread(hands.close)
        for connection in self._connections.values():
            connection.close()

    async def _write(self) -> None:
        while self._waiting:
            async with self._writer:
                # Whoever was cancelled while it waited has written nothing.
                waiting = [self._waiting.popleft() for _ in range(min(MOST_TOGETHER, len(self._waiting)))]
                together = [one for one in waiting if not one[2].done()]
                try:
                    results = await self._in_thread("write", lambda connection: self._commit(connection, together))  # noqa: B023
                except BaseException as error:
                    for _, _, done in together:
                        _tell(done, error if isinstance(error, Exception) else sqlite3.OperationalError("stopped"))
                    if not isinstance(error, Exception):
                        raise
                    continue
            for (_, _, done), result in zip(together, results, strict=True):
                _tell(done, result)

    def _commit(self, connection: sqlite3.Connection, together: Sequence[_Waiting]) -> list[list[Looked] | Exception]:
        results: list[list[Looked] | Exception] = []
        connection.execute("BEGIN IMMEDIATE")
        try:
            for change, given, _ in together:
                connection.execute("SAVEPOINT one")
                try:
                    results.append(self._apply(connection, change, given))
                except Exception as error:
                    if not connection.in_transaction:  # some errors, a full disk among them, roll back everything
                        raise
                    connection.execute("ROLLBACK TO one")  # nothing of this one, and all of the others
                    results.append(error)
                connection.execute("RELEASE one")
            connection.execute("COMMIT")
        except BaseException:
            # Another one next time: whatever state this one is in, it is the last that waits for it.
            self._connections.pop("write").close()
            raise
        return results

    def _apply(self, connection: sqlite3.Connection, change: Change, given: Mapping[str, object]) -> list[Looked]:
        changed = _run(connection, self._prepared(change.statement), given)
        if not changed:
            return changed
        for table, rows in change.rows:
            connection.executemany(_insert(table.name, tuple(rows[0])), rows)
        for one in change.deletes:
            prepared = self._prepared(one)
            connection.execute(prepared.text, prepared.arguments(given))
        return changed

    def _prepared(self, statement: "Select[Any] | Update | Delete") -> Prepared:
        if statement not in self._known:
            self._known[statement] = Prepared(statement, self._dialect)
        return self._known[statement]

    async def _in_thread(self, name: str, act: Callable[[sqlite3.Connection], Any]) -> Any:
        return await self._hands[name].do(lambda: act(self._connected(name)))

    def _connected(self, name: str) -> sqlite3.Connection:
        if name not in self._connections:
            # Each is used by its own thread, and closed by another once that has ended.
            connection = sqlite3.connect(self._path, **{**self._options, "check_same_thread": False})
            try:
                self._ready(connection, None)
            except BaseException:
                connection.close()
                raise
            self._connections[name] = connection
        return self._connections[name]


def _tell(done: "asyncio.Future[list[Looked]]", result: list[Looked] | Exception) -> None:
    if done.done():
        return
    if isinstance(result, Exception):
        done.set_exception(result)
    else:
        done.set_result(result)


@cache
def _insert(table: str, columns: tuple[str, ...]) -> str:
    names, values = ", ".join(f'"{name}"' for name in columns), ", ".join(f":{name}" for name in columns)
    return f'INSERT INTO "{table}" ({names}) VALUES ({values})'  # noqa: S608 - names of our own schema


def _run(connection: sqlite3.Connection, prepared: Prepared, given: Mapping[str, object]) -> list[Looked]:
    # All of it: a result that is not read to its end keeps its snapshot, and the log file grows.
    return prepared.rows(connection.execute(prepared.text, prepared.arguments(given)).fetchall())
