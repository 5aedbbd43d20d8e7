"""Making and upgrading a database."""

import asyncio
import subprocess
import sys

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text

from store.errors import StoreMismatchError
from store.opened import Store
from store.schema import metadata
from tests.stores import Home


async def test_the_migrations_make_just_the_schema_that_the_code_uses(store: Store) -> None:
    """Comparing the migrated database with the tables of the code finds no difference."""
    async with store.db.read() as tx:
        differences = await tx.run_sync(lambda c: compare_metadata(MigrationContext.configure(c), metadata))
    assert differences == []


async def test_indexes_of_some_rows_have_the_conditions_that_the_code_names(sqlite_home: Home) -> None:
    """Which the comparison passes over: the code says them for readers alone.  SQLite gives them back verbatim."""
    named = {one.name: one.info["where"] for table in metadata.tables.values() for one in table.indexes if one.info}
    async with sqlite_home.open() as store, store.db.read() as tx:
        made = (await tx.execute(text("SELECT name, sql FROM sqlite_master WHERE sql LIKE '%INDEX% WHERE %'"))).all()
    assert {one.name: one.sql.partition(" WHERE ")[2] for one in made} == named
    assert len(named) > 6


async def test_migrating_again_changes_nothing(home: Home) -> None:
    """Running it at every start is fine, also several at once."""
    await asyncio.gather(*(home.prepare() for _ in range(3)))
    async with home.open():
        pass


async def test_another_schema_is_refused(home: Home) -> None:
    """A program that meets an unknown schema says which command to run."""
    async with home.open() as store, store.db.write() as tx:
        await tx.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreMismatchError, match="sendsecret migrate"):
        async with home.open():
            pass


def test_programs_do_not_load_what_migrates() -> None:
    """It would be a fifth of the time until they answer."""
    script = "import bot.program, reveal_web.program, sys; print([name for name in sys.modules if 'alembic' in name])"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_durability_is_on(store: Store) -> None:
    """A claim is on the disk before its answer is on the wire."""
    async with store.db.write() as tx:
        if store.db.is_sqlite:
            assert await tx.scalar(text("PRAGMA synchronous")) == 2
            assert await tx.scalar(text("PRAGMA journal_mode")) == "wal"
            assert await tx.scalar(text("PRAGMA secure_delete")) == 1
        else:
            assert await tx.scalar(text("SHOW synchronous_commit")) == "on"
