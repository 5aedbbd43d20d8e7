"""That the keyring's server is not the database itself, one backup of which would have each key beside its envelope."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import text

from store.database import Database
from store.errors import KeyUnreadableError, StoreMismatchError, StoreUnavailableError
from store.keyring_server import KeyringServer

_MAY: Final = "has_function_privilege('pg_control_system()', 'execute')"
_SYSTEM: Final = "(SELECT system_identifier::text FROM pg_control_system())"
_DATABASE: Final = "current_database()::text, to_regclass('alembic_version') IS NOT NULL"


@dataclass(frozen=True)
class Identity:
    """Which cluster, None where this user may not know it; which database in it, and whether it holds a store."""

    system: str | None
    database: str
    has_store: bool

    def is_same_server(self, other: "Identity") -> bool | None:
        """None where it cannot be told."""
        return None if self.system is None or other.system is None else self.system == other.system


async def of_database(db: Database) -> Identity | None:
    """None on SQLite, which is no server.  Raises StoreUnavailableError."""
    if db.is_sqlite:
        return None
    async with db.read() as tx:
        may = await tx.scalar(text(f"SELECT {_MAY}"))
        row: Any = (await tx.execute(text(f"SELECT {_SYSTEM if may else 'NULL'}, {_DATABASE}"))).one()
    return Identity(*row)


def of_keyring(server: KeyringServer) -> Identity:
    """Blocks.  Raises KeyUnreadableError."""
    (may,) = server.ask(f"SELECT {_MAY} AND $1 <> '' AS is_it")
    (row,) = server.ask(f"SELECT {_SYSTEM if may['is_it'] else 'NULL'}, {_DATABASE} WHERE $1 <> ''")
    return Identity(*row)


async def require_apart(db: Database, keyring_url: str) -> None:
    """
    Raises StoreMismatchError where both are one database of one server, as far as the servers may say which they are.

    Another database of the same server is let pass, and `sendsecret doctor` says what that weakens.
    """
    if not keyring_url:
        return
    server = KeyringServer(keyring_url, "any")
    try:
        theirs, ours = await of_database(db), await asyncio.to_thread(of_keyring, server)
    except KeyUnreadableError as error:
        raise StoreUnavailableError(f"KEYRING_URL: {error}. Nothing was changed") from error
    finally:
        await asyncio.to_thread(server.close)
    if theirs is None or theirs.database != ours.database:
        return
    is_same = theirs.is_same_server(ours)
    if ours.has_store if is_same is None else is_same:
        raise StoreMismatchError(
            "KEYRING_URL and DATABASE_URL name the same database, whose backups and WAL keys must not be in; nothing "
            "was changed. Name a server of its own"
        )
