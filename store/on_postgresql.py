"""Looks and changes on PostgreSQL: a change is one statement, which is its own transaction, and so one round trip."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar, Final, TypeAlias

import asyncpg
from sqlalchemy import URL, Delete, Dialect, Select, Table, Update, bindparam, exists, insert, select, union_all
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect

from store.errors import StoreUnavailableError
from store.few_connections import FewConnections
from store.prepared import Change, Looked, Prepared, Row, Rows

_Shape: TypeAlias = tuple[tuple[Table, tuple[str, ...], int], ...]

MOST_CONNECTIONS: Final = 8


class OnPostgreSQL:
    """
    A few of the driver's own connections.

    `options` are those of its `connect`, and `ready` sets a new connection up.
    """

    # Of the process: what a statement is made into does not depend on the database.
    _looks: ClassVar[dict["Select[Any]", Prepared]] = {}
    _changes: ClassVar[dict[tuple[Update, tuple[Delete, ...], _Shape], "_Whole"]] = {}

    def __init__(self, url: URL, options: Mapping[str, Any], ready: Callable[[Any], None]) -> None:
        self._dialect: Dialect = asyncpg_dialect()  # type: ignore[no-untyped-call]
        # What SQLAlchemy's own way of connecting knows, and the driver does not.
        known = url.difference_update_query(["prepared_statement_cache_size", "prepared_statement_name_func"])
        _, named = self._dialect.create_connect_args(known)  # type: ignore[no-untyped-call]

        async def connect() -> Any:
            try:
                connection = await asyncpg.connect(**{**named, **options})
            except asyncpg.PostgresError as error:
                # Whatever keeps us out (another password, a database that is being restored), nothing was done.
                raise StoreUnavailableError("the database does not answer") from error
            try:
                ready(connection)
            except (AttributeError, OSError):  # the server hung up just now, and there is no socket any more
                connection.terminate()
                raise OSError("the database hung up") from None
            return connection

        self._connections = FewConnections(connect, MOST_CONNECTIONS)

    async def look(self, statement: "Select[Any]", given: Mapping[str, object]) -> list[Looked]:
        """The rows of a SELECT by a key.  Raises the driver's errors."""
        if statement not in self._looks:
            self._looks[statement] = Prepared(statement, self._dialect)
        prepared = self._looks[statement]
        return await self._run(prepared, prepared.arguments(given))

    async def change(self, change: Change, given: Mapping[str, object]) -> list[Looked]:
        """Commit a change; the row that its statement returned, if it did.  Raises the driver's errors."""
        by_table = _by_table(change.rows)
        shape = tuple((table, tuple(rows[0]), len(rows)) for table, rows in by_table)
        key = change.statement, change.deletes, shape
        if key not in self._changes:
            self._changes[key] = _Whole(*key, self._dialect)
        whole = self._changes[key]
        return await self._run(whole, whole.arguments_with(given, by_table))

    async def close(self) -> None:
        """Close every connection."""
        self._connections.close()

    async def _run(self, prepared: Prepared, arguments: Sequence[object]) -> list[Looked]:
        async with self._connections.one() as connection:
            return prepared.rows(await connection.fetch(prepared.text, *arguments))


def _by_table(rows: Rows) -> Rows:
    # One INSERT for each: the parts of a WITH are done in no order that anybody promises, and a drop's events are found
    # by their positions in the order of their numbers.
    of_table: dict[Table, list[Row]] = {}
    for table, these in rows:
        of_table.setdefault(table, []).extend(these)
    return list(of_table.items())


class _Whole(Prepared):
    """A change and the rows that go with it, as one statement."""

    def __init__(self, statement: Update, deletes: tuple[Delete, ...], shape: _Shape, dialect: Dialect) -> None:
        super().__init__(_whole(statement, deletes, shape), dialect)
        places = {
            _name(part, number, column): (part, number, column)
            for part, (_, columns, count) in enumerate(shape)
            for number in range(count)
            for column in columns
        }
        self._places = [(name, places.get(name)) for name in self.order]

    def arguments_with(self, given: Mapping[str, object], by_table: Rows) -> list[object]:
        """As `arguments`, with the values of these rows, which have this shape."""
        return [
            self.argument(name, given) if place is None else by_table[place[0]][1][place[1]][place[2]]
            for name, place in self._places
        ]


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
