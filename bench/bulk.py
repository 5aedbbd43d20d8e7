"""Rows by the hundred thousand: COPY on PostgreSQL, one transaction without waiting for the disk on SQLite."""

import asyncio
import sqlite3
from collections.abc import Iterable
from typing import Any

import asyncpg
from sqlalchemy import Table, make_url

from store.opened import Store


class Bulk:
    """Into the database of an open store."""

    def __init__(self, store: Store) -> None:
        self._url = store.db._engine.url
        self._is_sqlite = store.db.is_sqlite

    async def add(self, rows: Iterable[tuple[Table, dict[str, Any]]]) -> None:
        """All of them, in the order in which they come within each table."""
        by_table: dict[Table, list[dict[str, Any]]] = {}
        for table, row in rows:
            by_table.setdefault(table, []).append(row)
        if self._is_sqlite:
            await asyncio.to_thread(self._add_to_sqlite, by_table)
        else:
            await self._copy(by_table)

    async def tidy(self) -> None:
        """What PostgreSQL does by itself within minutes, and SQLite never."""
        if not self._is_sqlite:
            connection = await self._connected()
            await connection.execute("VACUUM ANALYZE")
            await connection.execute("CHECKPOINT")
            await connection.close()

    async def _connected(self) -> Any:
        return await asyncpg.connect(self._url.set(drivername="postgresql").render_as_string(hide_password=False))

    async def _copy(self, by_table: dict[Table, list[dict[str, Any]]]) -> None:
        connection = await self._connected()
        for table, rows in by_table.items():
            names = list(rows[0])
            await connection.copy_records_to_table(
                table.name, columns=names, records=[[row[name] for name in names] for row in rows]
            )
        await connection.close()

    def _add_to_sqlite(self, by_table: dict[Table, list[dict[str, Any]]]) -> None:
        connection = sqlite3.connect(str(make_url(self._url).database))
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -400000")
        for table, rows in by_table.items():
            names = list(rows[0])
            said = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join('?' for _ in names)})"  # noqa: S608 - our own names
            connection.executemany(said, ([row[name] for name in names] for row in rows))
        connection.commit()
        connection.close()
