"""A database as the first release made it, holding what another one holds now."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from alembic import command
from sqlalchemy import Connection, Row, text

from store import migrating, personal
from store.clock import Clock
from store.database import Database
from store.opened import Store
from store.schema import disclosures, drops, messages, metadata

_NEW_TO_DROPS = {"way", "paused_at", "month", "personal", "sender", "recipient", "form", "once", "hint"} | {
    "verify",
    "verified_until",
    "rotated_at",
    "variable",
}
SEALED = {"drops", "disclosures", "messages"}
"""The tables that held names in clear."""

LATER = {
    table
    for table in metadata.sorted_tables
    if table.name.startswith(
        (
            *("log_", "forgotten_", "evidence_", "deliver", "orders", "tokens", "token_reads", "asked_revokes"),
            *("watches", "webhook_", "asked_once", "record", "asked_records"),
        )
    )
}
TABLES = [table for table in metadata.sorted_tables if table not in LATER]
SERIALS = {"events": "position", "notices": "id"}


async def copied_into_first_schema(
    source: Store, url: str, submissions: Mapping[bytes, str] = MappingProxyType({})
) -> None:
    """
    Make the first schema at `url` and copy every row of `source` into it, without what came later.

    `submissions` says what made each drop, which only the first release kept.
    """
    target = Database(url, Clock())
    try:
        async with target.write() as tx:
            await tx.run_sync(_upgrade_to_first)
            for table in TABLES:
                async with source.db.read() as reading:
                    rows = (await reading.execute(table.select().order_by(*table.primary_key.columns))).all()
                for row in rows:
                    # Left out so that the sequence behind them counts on from here.
                    kept = _first(source, table.name, row)
                    kept.pop(SERIALS.get(table.name, ""), None)
                    if table is drops:
                        kept["submission"] = submissions.get(row.id)
                    values = ", ".join(f":{name}" for name in kept)
                    await tx.execute(text(f'INSERT INTO "{table.name}" ({", ".join(kept)}) VALUES ({values})'), kept)  # noqa: S608
    finally:
        await target.close()


def _first(store: Store, table: str, row: Row[Any]) -> dict[str, Any]:
    held = dict(row._mapping)
    if table == disclosures.name:
        del held["month"]
        return held | {"disclosure": personal.disclosure_of(store.months, row)}
    if table == messages.name:
        channel, ts = (personal.place_of(store.months, row) or "").split(" ")
        return {"drop_id": row.drop_id, "audience": row.audience, "channel": channel, "ts": ts}
    if table != drops.name:
        return held
    people = personal.of_row(store.months, row)
    return {name: value for name, value in held.items() if name not in _NEW_TO_DROPS} | {
        "team_id": people.team_id,
        "sender_id": people.sender_id,
        "recipient_id": people.recipient_id,
        "recipient_name": people.recipient_name,
        "header": people.header,
        "hint": personal.hint_of(store.months, row),
    }


async def plain_rows(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table that is as it was in the first schema."""
    found = {}
    async with db.read() as tx:
        for table in TABLES:
            if table.name not in SEALED:
                rows = await tx.execute(table.select().order_by(*table.primary_key.columns))
                found[table.name] = [tuple(row) for row in rows]
    return found


async def disclosed(store: Store) -> set[tuple[Any, ...]]:
    """Every disclosure, read."""
    async with store.db.read() as tx:
        rows = (await tx.execute(disclosures.select())).all()
    return {(row.digest, row.jti, row.drop_id, row.name, personal.disclosure_of(store.months, row)) for row in rows}


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
