"""Looks and changes on PostgreSQL: a change is one statement, which is its own transaction, and so one round trip."""

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import asyncpg
from sqlalchemy import URL, Delete, Dialect, Select, Table, Update, bindparam, exists, insert, select, union_all
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect

from store.errors import StoreUnavailableError
from store.prepared import Change, Looked, Prepared, Row, Rows

_Shape: TypeAlias = tuple[tuple[Table, tuple[str, ...], int], ...]

MOST_CONNECTIONS: Final = 8


class OnPostgreSQL:
    """
    A pool of the driver's own connections, opened as they are needed.

    `options` are those of its `connect`, and `ready` sets a new connection up.
    """

    def __init__(self, url: URL, options: Mapping[str, Any], ready: Callable[[Any], None]) -> None:
        self._ready = ready
        self._dialect: Dialect = asyncpg_dialect()  # type: ignore[no-untyped-call]
        # What SQLAlchemy's own way of connecting knows, and the driver does not.
        known = url.difference_update_query(["prepared_statement_cache_size", "prepared_statement_name_func"])
        _, named = self._dialect.create_connect_args(known)  # type: ignore[no-untyped-call]
        self._options: dict[str, Any] = {**named, **options}
        self._pool: asyncpg.Pool | None = None
        self._looks: dict[Select[Any], Prepared] = {}
        self._changes: dict[tuple[Update, tuple[Delete, ...], _Shape], Prepared] = {}

    async def look(self, statement: "Select[Any]", given: Mapping[str, object]) -> list[Looked]:
        """The rows of a SELECT by a key.  Raises the driver's errors."""
        if statement not in self._looks:
            self._looks[statement] = Prepared(statement, self._dialect)
        return await self._run(self._looks[statement], given)

    async def change(self, change: Change, given: Mapping[str, object]) -> list[Looked]:
        """Commit a change; the row that its statement returned, if it did.  Raises the driver's errors."""
        by_table = _by_table(change.rows)
        shape = tuple((table, tuple(rows[0]), len(rows)) for table, rows in by_table)
        key = change.statement, change.deletes, shape
        if key not in self._changes:
            self._changes[key] = Prepared(_whole(*key), self._dialect)
        every = dict(given)
        for part, (_, rows) in enumerate(by_table):
            for number, row in enumerate(rows):
                every.update({_name(part, number, column): value for column, value in row.items()})
        return await self._run(self._changes[key], every)

    async def close(self) -> None:
        """Close every connection."""
        if self._pool is not None:
            self._pool.terminate()

    async def _init(self, connection: Any) -> None:
        self._ready(connection)

    async def _run(self, prepared: Prepared, given: Mapping[str, object]) -> list[Looked]:
        if self._pool is None:
            self._pool = asyncpg.create_pool(
                **self._options, min_size=0, max_size=MOST_CONNECTIONS, init=self._init, reset=_nothing_to_reset
            )
        try:
            await self._pool  # does nothing once it is made
            connection = await self._pool.acquire(timeout=5)
        except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            # Whatever keeps us out (another password, a database that is being restored), nothing was done.
            raise StoreUnavailableError("the database does not answer") from error
        try:
            return prepared.rows(await connection.fetch(prepared.text, *prepared.arguments(given)))
        finally:
            await self._pool.release(connection)


async def _nothing_to_reset(connection: Any) -> None:
    """A statement by itself leaves nothing behind, and asking for a reset would be a round trip more for each."""


def _by_table(rows: Rows) -> Rows:
    # One INSERT for each: the parts of a WITH are done in no order that anybody promises, and a drop's events are found
    # by their positions in the order of their numbers.
    of_table: dict[Table, list[Row]] = {}
    for table, these in rows:
        of_table.setdefault(table, []).extend(these)
    return list(of_table.items())


def _whole(statement: Update, deletes: tuple[Delete, ...], shape: _Shape) -> "Select[Any]":
    # What stands in WITH is done whether the rest refers to it or not; PostgreSQL's manual, 7.8.4.
    changed = statement.cte("changed")
    parts: list[Any] = []
    for part, (table, columns, count) in enumerate(shape):
        of_rows = [
            select(
                *[bindparam(_name(part, number, name), type_=table.c[name].type).label(name) for name in columns]
            ).select_from(changed)
            for number in range(count)
        ]
        parts.append(insert(table).from_select(list(columns), union_all(*of_rows) if count > 1 else of_rows[0]))
    parts += [one.where(exists(select(1).select_from(changed))) for one in deletes]
    return select(changed).add_cte(*[one.cte(f"part_{number}") for number, one in enumerate(parts)])


def _name(part: int, number: int, column: str) -> str:
    return f"row_{part}_{number}_{column}"
