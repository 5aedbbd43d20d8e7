"""A database as the first release made it, holding what another one holds now."""

from typing import Any

from alembic import command
from sqlalchemy import Connection, text

from store import migrating
from store.clock import Clock
from store.database import Database
from store.schema import metadata

ADDED = {"drops": {"way", "recipient_team", "paused_at"}}
LATER = {table for table in metadata.sorted_tables if table.name.startswith(("log_", "evidence_"))}
TABLES = [table for table in metadata.sorted_tables if table not in LATER]
SERIALS = {"events": "position", "notices": "id"}


async def copied_into_first_schema(source: Database, url: str) -> None:
    """Make the first schema at `url` and copy every row of `source` into it, without what came later."""
    target = Database(url, Clock())
    try:
        async with target.write() as tx:
            await tx.run_sync(_upgrade_to_first)
            for table in TABLES:
                # Left out so that the sequence behind them counts on from here.
                left_out = ADDED.get(table.name, set()) | {SERIALS.get(table.name)}
                async with source.read() as reading:
                    rows = (await reading.execute(table.select().order_by(*table.primary_key.columns))).mappings().all()
                for row in rows:
                    kept = {name: value for name, value in row.items() if name not in left_out}
                    await tx.execute(table.insert().values(**kept))
    finally:
        await target.close()


async def old_rows(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, in the columns of the first schema."""
    found = {}
    async with db.read() as tx:
        for table in TABLES:
            columns = ", ".join(c.name for c in table.columns if c.name not in ADDED.get(table.name, set()))
            order = ", ".join(c.name for c in table.primary_key.columns)
            rows = await tx.execute(text(f'SELECT {columns} FROM "{table.name}" ORDER BY {order}'))  # noqa: S608
            found[table.name] = [tuple(row) for row in rows]
    return found


async def triggers(db: Database) -> list[tuple[Any, ...]]:
    """Name and definition of every trigger."""
    catalogue = (
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
        if db.is_sqlite
        else "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname"
    )
    async with db.read() as tx:
        return [tuple(row) for row in await tx.execute(text(catalogue))]


def _upgrade_to_first(connection: Connection) -> None:
    config = migrating._config()
    config.attributes["connection"] = connection
    command.upgrade(config, "0001")
