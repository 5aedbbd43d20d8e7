"""Changes that are committed together on SQLite: what one of them cannot do is no fault of the others."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, MetaData, Table, bindparam, make_url, update

from store.on_sqlite import OnSQLite
from store.prepared import Change, Looked, Row

THINGS = Table("things", MetaData(), Column("id", Integer, primary_key=True), Column("size", Integer))
NOTES = Table("notes", MetaData(), Column("of", ForeignKey(THINGS.c.id)), Column("number", Integer))
PICTURES = Table("pictures", MetaData(), Column("seen", LargeBinary))
SCHEMA = """
    CREATE TABLE things (id INTEGER PRIMARY KEY, size INTEGER);
    CREATE TABLE notes ("of" INTEGER REFERENCES things (id) DEFERRABLE INITIALLY DEFERRED, number INTEGER);
    CREATE TABLE pictures (seen BLOB);
    INSERT INTO things VALUES (1, 0), (2, 0), (3, 0);
"""
RESIZE = update(THINGS).where(THINGS.c.id == bindparam("which")).values(size=bindparam("to")).returning(THINGS.c.id)
TOO_LARGE = 2**63
"""No integer of SQLite's: its driver raises OverflowError, which is no error of a database's."""


class Tried:
    """A database of three things; `connections` are all that were set up so far, each by `_ready`."""

    def __init__(self, path: Path) -> None:
        self._path, self.writer = path, asyncio.Lock()
        self.connections: list[sqlite3.Connection] = []
        self.first = ""
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript(SCHEMA)
        self.made = OnSQLite(make_url(f"sqlite+aiosqlite:///{path}"), self._ready, self.writer)

    def _ready(self, connection: sqlite3.Connection, _: object) -> None:
        connection.isolation_level = None
        self.connections.append(connection)
        if self.first and len(self.connections) == 1:
            connection.execute(self.first)

    def resize(self, which: int, table: Table = NOTES, *rows: Row) -> "asyncio.Task[list[Looked]]":
        """Change the size of one to 7, and write these rows with it; under way."""
        given: dict[str, object] = {"which": which, "to": 7}
        change = Change(RESIZE, given, [(table, list(rows))] if rows else [])
        return asyncio.create_task(self.made.change(change, given))

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """What is begun within waits, and is committed at the end."""
        async with self.writer:
            yield
            await asyncio.sleep(0)

    def changed(self) -> Sequence[Any]:
        """Which were, on the disk."""
        with closing(sqlite3.connect(self._path)) as connection:
            return [one for (one,) in connection.execute("SELECT id FROM things WHERE size = 7 ORDER BY id")]


@pytest.fixture
async def tried(tmp_path: Path) -> AsyncIterator[Tried]:
    """One, closed afterwards."""
    tried = Tried(tmp_path / "tried.db")
    yield tried
    await tried.made.close()


async def test_what_one_cannot_write_fails_alone(tried: Tried) -> None:
    """Half of it was written when it failed: nothing of it stays, and the others of its group are on the disk."""
    async with tried.together():
        begun = [tried.resize(1), tried.resize(2, NOTES, {"of": 2, "number": TOO_LARGE}), tried.resize(3)]
    results = await asyncio.gather(*begun, return_exceptions=True)
    assert isinstance(results[1], OverflowError)
    assert [results[0], results[2]] == [[(1,)], [(3,)]]
    assert tried.changed() == [1, 3]


async def test_whoever_stopped_waiting_has_changed_nothing(tried: Tried) -> None:
    """Cancelled before its turn came: nobody was answered, and nothing is written."""
    async with tried.together():
        begun = [tried.resize(number) for number in (1, 2, 3)]
        await asyncio.sleep(0)
        begun[1].cancel()
    await asyncio.gather(*begun, return_exceptions=True)
    assert begun[1].cancelled()
    assert tried.changed() == [1, 3]


async def test_a_connection_that_could_not_be_set_up_is_not_kept(tried: Tried) -> None:
    """It would commit without being on the disk: it is closed, and the next change has another one."""
    tried.first = "PRAGMA nonsense("
    with pytest.raises(sqlite3.OperationalError):
        await tried.resize(1)
    assert await tried.resize(2) == [(2,)]
    assert tried.changed() == [2]
    assert len(tried.connections) == 2
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        tried.connections[0].execute("SELECT 1")


@pytest.mark.parametrize(
    ("first", "table", "row"),
    [
        ("PRAGMA max_page_count = 1", PICTURES, {"seen": bytes(100_000)}),
        ("PRAGMA foreign_keys = ON", NOTES, {"of": 99, "number": 1}),
    ],
    ids=["full", "commit"],
)
async def test_after_a_commit_that_failed_the_next_one_works(tried: Tried, first: str, table: Table, row: Row) -> None:
    """The disk is full, or the commit itself fails and leaves its transaction open: nothing of it is there later."""
    tried.first = first
    async with tried.together():
        begun = [tried.resize(1), tried.resize(2, table, row)]
    results = await asyncio.gather(*begun, return_exceptions=True)
    assert isinstance(results[1], sqlite3.DatabaseError)
    told = [] if isinstance(results[0], Exception) else [1]
    assert tried.changed() == told, "each was told what became of it"
    assert await tried.resize(3) == [(3,)]
    assert tried.changed() == [*told, 3]
