"""Rows that no program of ours writes: `sendsecret verify --store` says so, and never ends in a traceback."""

import asyncio
import sqlite3

from tests.stores import Home
from tests.verifying.attacked import settled
from tests.verifying.lived import either, live
from tests.verifying.test_whole_store import verify


async def test_more_rows_with_text_for_an_id_than_a_page_holds(sqlite_home: Home) -> None:
    """SQLite keeps text where bytes belong, and the page after such a row cannot be asked for."""
    async with either(sqlite_home) as store:
        await live(store, sqlite_home)
    path = sqlite_home.path / "store.db"
    settled(path)
    connection = sqlite3.connect(path)
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("PRAGMA ignore_check_constraints = ON")
    connection.execute("CREATE TEMP TABLE one AS SELECT * FROM drops LIMIT 1")
    for number in range(1001):
        connection.execute("UPDATE one SET id = ?, once = NULL", (f"zz{number:05}",))
        connection.execute("INSERT INTO drops SELECT * FROM one")
    connection.commit()
    connection.close()
    done = await asyncio.to_thread(verify, sqlite_home, "--store")
    assert done.exit_code == 1
    assert "FAILED  drops: a row has the id 'zz" in done.output
    assert "is of a wrong kind (StatementError)" in done.output
