"""
Which schema this release works with.

The programs only compare: what migrates is a library that takes a fifth of their start to load, and a check of
readiness reads this each second.
"""

from typing import Any, Final

from sqlalchemy import Connection, column, inspect, select, table

from store.database import Database
from store.errors import StoreMismatchError

CURRENT: Final = "0021"
"""The newest of `migrations/versions`."""
_VERSIONS: Final = table("alembic_version", column("version_num"))


async def require_current_schema(db: Database) -> None:
    """Raises StoreMismatchError for any schema but this release's own."""
    async with db.read() as tx:
        known = await tx.run_sync(found)
    if known != CURRENT:
        raise StoreMismatchError(
            f"the database has schema {known or 'none'} and this release needs {CURRENT}; run `sendsecret migrate`"
        )


def found(connection: Connection) -> Any:
    """The schema of this database, None for one without."""
    if not inspect(connection).has_table(_VERSIONS.name):
        return None
    return connection.execute(select(_VERSIONS.c.version_num)).scalar_one_or_none()
