"""
One time for every program that shares a database.

Conditions are judged by one SQL expression: `clock_timestamp()` on PostgreSQL, so that several hosts agree and a
statement that waited for a row lock sees the time at which it got it; the host's clock on SQLite, where one
host is all there is.  Milliseconds since 1970.

Tests move time through a file that every program reads; settings refuse it unless readers are on localhost.
"""

import json
import time
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, bindparam, func
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _HostNow(FunctionElement[int]):
    type = BigInteger()
    inherit_cache = True
    name = "host_now"


@compiles(_HostNow, "sqlite")
def _sqlite_now(element: Any, compiler: Any, **options: Any) -> str:
    # unixepoch('subsec') would be shorter, but needs SQLite 3.42.
    return "CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)"


@compiles(_HostNow, "postgresql")
def _postgresql_now(element: Any, compiler: Any, **options: Any) -> str:
    return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"


PRESENT: ColumnElement[int] = func.coalesce(
    bindparam("held_ms", type_=BigInteger), _HostNow() + bindparam("shift_ms", type_=BigInteger)
)
"""The same as `Clock.now`, for SQL that is made once: with `Clock.parameters` for each time that it is run."""


class Clock:
    """The time expression, and its Python twin for what is sealed before a database is asked."""

    def __init__(self, test_file: Path | None = None) -> None:
        self._test_file = test_file
        # Asked when a statement runs, and once for each: what was put together before and after somebody moved the time
        # would have two, which no clock does.
        self._held = bindparam("clock_held_ms", type_=BigInteger, callable_=lambda: self._moved().get("held_ms"))
        self._shift = bindparam("clock_shift_ms", type_=BigInteger, callable_=lambda: self._moved().get("shift_ms", 0))

    def now(self) -> ColumnElement[int]:
        """The present, in milliseconds, as SQL: that of when the statement runs, one for all of a statement."""
        if self._test_file is None:
            return _HostNow()
        return func.coalesce(self._held, _HostNow() + self._shift)

    def parameters(self) -> dict[str, int | None]:
        """What PRESENT needs."""
        moved = self._moved()
        return {"held_ms": moved.get("held_ms"), "shift_ms": moved.get("shift_ms", 0)}

    def now_seconds(self) -> int:
        """The present on this host in whole Unix seconds."""
        moved = self._moved()
        held = moved.get("held_ms")
        present = time.time() * 1000 + moved.get("shift_ms", 0) if held is None else held
        return int(present // 1000)

    def _moved(self) -> dict[str, int]:
        if self._test_file is None:
            return {}
        try:
            moved: dict[str, int] = json.loads(self._test_file.read_text())
        except FileNotFoundError:
            return {}
        return moved
