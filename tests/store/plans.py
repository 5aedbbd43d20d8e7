"""How a database finds what it is asked for: the statements of an act, and what each of them goes over."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final
from unittest.mock import patch

from sqlalchemy import event

from store.opened import Store
from store.prepared import Prepared

_SCANNED: Final = re.compile(r"SCAN (\w+)(?: AS \w+)?(?: USING (?:COVERING )?INDEX (\w+))?$")
Statement = tuple[str, Any]


async def statements(store: Store, act: Callable[[], Awaitable[object]]) -> list[Statement]:
    """The SELECTs of an act, as they were asked, with what was bound."""
    asked: list[Statement] = []

    def note(connection: Any, cursor: Any, said: str, bound: Any, context: Any, is_many: bool) -> None:
        if said.startswith("SELECT"):
            asked.append((said, bound))

    def arguments(prepared: Prepared, given: Mapping[str, object]) -> list[object]:
        bound = real(prepared, given)
        note(None, None, prepared.text, bound, None, False)
        return bound

    engine, real = store.db._engine.sync_engine, Prepared.arguments
    event.listen(engine, "before_cursor_execute", note)
    with patch.object(Prepared, "arguments", arguments):
        await act()
    event.remove(engine, "before_cursor_execute", note)
    return asked


async def scanned(store: Store, asked: Statement) -> set[tuple[str, str | None]]:
    """On SQLite, what is gone over from one end: tables, and by which index, None for the table itself."""
    async with store.db._engine.connect() as connection:
        plain: Any = (await connection.get_raw_connection()).driver_connection
        rows = await (await plain.execute(f"EXPLAIN QUERY PLAN {asked[0]}", asked[1])).fetchall()
    found = (_SCANNED.fullmatch(row[-1]) for row in rows)
    return {(one[1], one[2]) for one in found if one is not None and not one[1].startswith("anon_")}


async def touched(store: Store, asked: Statement) -> int:
    """On PostgreSQL, how many rows are looked at."""
    async with store.db._engine.connect() as connection:
        plain: Any = (await connection.get_raw_connection()).driver_connection
        plan = await plain.fetchval(f"EXPLAIN (ANALYZE, FORMAT JSON) {asked[0]}", *asked[1])
    return _rows(plan[0]["Plan"])


def _rows(node: dict[str, Any]) -> int:
    own = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    return int(own) + sum(_rows(below) for below in node.get("Plans", []))
