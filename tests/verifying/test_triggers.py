"""The triggers that the migrations made: all of them are looked for, and a missing one is a failure."""

import asyncio

import pytest
from sqlalchemy import text

from store.verifying import triggers
from tests.stores import Home
from tests.verifying.attacked import checked, failed

EVERYWHERE = list(triggers.TABLE_OF)


async def taken_away(home: Home, statement: str) -> list[str]:
    async with home.open("bot") as bot, bot.db.write() as tx:
        await tx.execute(text(statement))
    return failed(await asyncio.to_thread(checked, home))


async def test_every_trigger_of_the_migrations_is_looked_for(home: Home) -> None:
    """The list here is the one that a new database has."""
    async with home.open("bot") as bot, bot.db.read() as tx:
        sqlite = bot.db.is_sqlite
        catalogue = (
            "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
            if sqlite
            else "SELECT tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
        )
        found = {one[0]: one[1] for one in await tx.execute(text(catalogue))}
    assert found == {**triggers.TABLE_OF, **({} if sqlite else triggers.TRUNCATED)}


@pytest.mark.parametrize("name", EVERYWHERE)
async def test_a_trigger_that_is_gone_is_missed(sqlite_home: Home, name: str) -> None:
    """Each by its name, with the table on which it stood."""
    [line] = await taken_away(sqlite_home, f"DROP TRIGGER {name}")
    assert line.startswith(f"triggers: {name} on {triggers.TABLE_OF[name]} is gone or switched off")


async def test_a_trigger_that_is_switched_off_or_elsewhere_is_missed(home: Home) -> None:
    """PostgreSQL can switch one off; the name alone, on another table, guards nothing."""
    async with home.open("bot") as bot:
        sqlite = bot.db.is_sqlite
    if not sqlite:
        [line] = await taken_away(home, "ALTER TABLE log_leaves DISABLE TRIGGER log_leaves_is_never_truncated")
        assert line.startswith("triggers: log_leaves_is_never_truncated on log_leaves is gone")
        return
    assert len(await taken_away(home, "DROP TRIGGER tiles_only_grow")) == 1
    elsewhere = "CREATE TRIGGER tiles_only_grow BEFORE UPDATE ON notices BEGIN SELECT 1; END"
    assert len(await taken_away(home, elsewhere)) == 1
