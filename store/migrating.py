"""
Bringing a database and a keyring into being, and up to date.

Runs in a short process of its own, under a lock, before either program starts: neither of them may write a schema.
"""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, inspect, make_url, select, text

from store.clock import Clock
from store.database import Database
from store.errors import StoreMismatchError
from store.keyring import Keyring
from store.keyring_apart import require_apart
from store.keyring_kinds import AnyKeyring, Held, hold
from store.keyring_making import make_folder, make_tables
from store.months import Months
from store.schema import installation
from store.schema_version import CURRENT, found

if TYPE_CHECKING:
    from alembic.config import Config

_LOCK = 0x5E4D5EC  # any number, as long as every release uses the same


async def migrate(database_url: str, keyring_dir: Path, keyring_url: str = "") -> None:
    """
    Make or upgrade the schema, and make the keyring of a new database, on a server where `keyring_url` names one.

    Raises StoreMismatchError when the database has had a keyring that is not the one there.
    """
    path = make_url(database_url).database
    if make_url(database_url).get_backend_name() == "sqlite" and path:
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    db = Database(database_url, Clock())
    try:
        await require_apart(db, keyring_url)
        async with _alone(db, path or ""), db.write() as tx:
            known = await tx.run_sync(_known)
            keyring, months = await asyncio.to_thread(_held, keyring_dir, keyring_url, known)
            try:
                if await tx.run_sync(found) != CURRENT:
                    # Names of an older release stand in clear and come under the keys of their months.
                    await tx.run_sync(_upgrade, keyring, months)
            finally:
                await asyncio.to_thread(keyring.close)
            if known is None:
                await tx.execute(insert(installation).values(one=1, keyring_id=keyring.id))
    finally:
        await db.close()


def _held(directory: Path, url: str, known: str | None) -> Held:
    """The keyring that belongs to this database, made where that is new.  Raises StoreMismatchError."""
    if known is None:
        _make(directory, url)
    held = hold(directory, url)
    try:
        _require_of(held.keyring, known)
    except BaseException:
        held.keyring.close()
        raise
    if not url:
        Months.make(directory)
        Keyring.complete(directory)
    return held


def _make(directory: Path, url: str) -> None:
    if url:
        make_folder(directory)
        make_tables(directory, url)
    else:
        Keyring.make(directory)


def _require_of(keyring: AnyKeyring, known: str | None) -> None:
    if known is None and (keyring.ids() or keyring.records.ids()):
        # Bound to this database, the sweeper would erase another installation's keys as orphans.
        raise StoreMismatchError(
            "the database in DATABASE_URL is new, but the keyring in KEYRING_DIR holds keys of another; nothing was "
            "changed. Name the database that they belong to, or an empty KEYRING_DIR"
        )
    if known not in (None, keyring.id):
        raise StoreMismatchError(
            "the keyring in KEYRING_DIR does not belong to this database; nothing was changed. "
            "Mount the keyring that does"
        )


def _config() -> "Config":
    # Imported where there is something to upgrade: every start comes by here, and nearly none has.
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    return config


def _known(connection: Connection) -> str | None:
    """The keyring that this database belongs to; None for a new database."""
    if not inspect(connection).has_table(installation.name):
        return None
    return connection.execute(select(installation.c.keyring_id)).scalar_one_or_none()


def _upgrade(connection: Connection, keyring: AnyKeyring, months: Months) -> None:
    from alembic import command

    config = _config()
    config.attributes["connection"] = connection
    config.attributes |= {"keyring": keyring, "months": months}
    command.upgrade(config, "head")


@asynccontextmanager
async def _alone(db: Database, path: str) -> AsyncIterator[None]:
    if not db.is_sqlite:
        async with db.read() as tx:
            # Waiting for another migration, and holding this while one runs, may take as long as it takes.
            for patience in ("lock_timeout", "idle_in_transaction_session_timeout"):
                await tx.execute(text(f"SET {patience} = 0"))
            await tx.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _LOCK})
            try:
                yield
            finally:
                await tx.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _LOCK})
        return
    lock = os.open(f"{path}.migrating", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
