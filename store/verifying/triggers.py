"""
That the database still refuses by itself what no code may do: every trigger of the migrations is there.

What was undone while they were gone shows in the rows; that they are gone says that somebody meant to, or that a table
was rebuilt by a tool that forgets them.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.verifying.findings import Findings

TABLE_OF: Final[Mapping[str, str]] = {
    "events_are_never_changed": "events",
    "events_are_never_deleted": "events",
    "events_are_owed_to_the_log": "events",
    "destroyed_is_for_ever": "drops",
    "one_claim_for_ever": "drops",
    "a_log_is_never_changed": "log_openings",
    "a_log_is_never_deleted": "log_openings",
    "leaves_are_never_changed": "log_leaves",
    "leaves_are_never_deleted": "log_leaves",
    "checkpoints_are_never_changed": "log_checkpoints",
    "checkpoints_are_never_deleted": "log_checkpoints",
    "tiles_only_grow": "log_tiles",
    "tiles_are_never_deleted": "log_tiles",
    "what_was_published_stays": "log_published",
}
TRUNCATED: Final[Mapping[str, str]] = {
    "events_are_never_truncated": "events",
    "log_openings_is_never_truncated": "log_openings",
    "log_leaves_is_never_truncated": "log_leaves",
    "log_tiles_is_never_truncated": "log_tiles",
    "log_checkpoints_is_never_truncated": "log_checkpoints",
}
"""On PostgreSQL only: SQLite has no TRUNCATE."""

_IN_SQLITE: Final = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
# A disabled one ("D"), or one for replication only ("R"), refuses nothing here.
_IN_POSTGRESQL: Final = (
    "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND c.relnamespace = current_schema()::regnamespace"
)


async def check(tx: AsyncConnection, findings: Findings, *, is_sqlite: bool) -> None:
    """One failure for each that is missing, or stands on another table."""
    expected = TABLE_OF if is_sqlite else {**TABLE_OF, **TRUNCATED}
    found = {one[0]: one[1] for one in await tx.execute(text(_IN_SQLITE if is_sqlite else _IN_POSTGRESQL))}
    for name, table in expected.items():
        if found.get(name) != table:
            findings.fail(
                "triggers",
                f"{name} on {table} is gone or switched off: what it forbids can be done, and may have been. Find out "
                "by whom; the statement that puts it back stands in store/migrations/versions",
            )
    findings.close("triggers", f"{len(expected)}, each where the migrations put it")
