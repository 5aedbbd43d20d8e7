"""The database: there, of this release, durable, whole, and of one time with this host."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from sqlalchemy import column, exc, inspect, select, table, text
from sqlalchemy.ext.asyncio import AsyncConnection

from sendsecret.doctoring.known import Known, folder_of
from sendsecret.doctoring.line import Line, bad, ok, warn
from store.clock import Clock
from store.database import Database, is_there
from store.errors import StoreError
from store.medium import medium
from store.schema_version import CURRENT

_VERSIONS: Final = table("alembic_version", column("version_num"))
_SKEW_SECONDS: Final = 2
_DURABLE: Final = {
    "fsync": ({"on"}, "a crash of its host can lose any commit, a claim among them, and show a secret twice"),
    "synchronous_commit": ({"on", "remote_write", "remote_apply"}, "a crash can lose a claim that was answered"),
    "full_page_writes": ({"on"}, "a crash in the middle of a page can damage it for good"),
}

_DAMAGED: Final = bad(
    "database: SQLite finds its file damaged", "Stop the programs, then sendsecret restore: docs/operations.md"
)


async def check(known: Known) -> list[Line]:
    """What can be said, one thing after another, for as long as the one before lets it be looked at."""
    if known.database_url is None:
        return [bad("database: not looked at, because DATABASE_URL is wrong", "Mend the setting first")]
    if not is_there(known.database_url):
        return [bad("database: there is none at DATABASE_URL", "Start `sendsecret run`, or name the one that you mean")]
    lines = _file(known.database_url)
    db = Database(known.database_url, Clock())
    try:
        async with db.read() as tx:
            lines.append(ok("database: it answers"))
            lines.append(await _schema(tx))
            lines += await (_sqlite(tx) if db.is_sqlite else _postgresql(tx))
    except StoreError:
        where = "its file cannot be opened as a database" if db.is_sqlite else "it does not answer"
        todo = (
            "May this user read and write it, and is it SQLite's?"
            if db.is_sqlite
            else "Is the server up, and its password right?"
        )
        lines.append(bad(f"database: {where}", todo.rstrip(".")))
    except exc.DBAPIError:  # what a server refuses is another matter, and the round's own
        if not db.is_sqlite:
            raise
        lines.append(_DAMAGED)
    finally:
        await db.close()
    return lines


def _file(url: str) -> list[Line]:
    folder = folder_of(url)
    if folder is None:
        return []
    kind, _, under = medium(folder).partition(" on ")
    lines = []
    if under == "network":
        lines.append(
            bad(
                f"database: SQLite's file is on a network file system ({kind}), whose locks do not hold",
                "Put it on a local disk, or use PostgreSQL",
            )
        )
    elif under == "memory":
        lines.append(bad(f"database: SQLite's file is in memory ({kind}): a restart loses it", "Put it on a disk"))
    else:
        lines.append(ok(f"database: SQLite's file is on a local file system ({kind})"))
    if folder.stat().st_mode & 0o007:
        lines.append(warn("database: its folder is open to every user of this host", f"chmod 700 {folder.name}"))
    return lines


async def _schema(tx: AsyncConnection) -> Line:
    if not await tx.run_sync(lambda connection: inspect(connection).has_table(_VERSIONS.name)):
        return bad("database: it has no schema of ours", "sendsecret migrate, if this is the database that you mean")
    found = await tx.scalar(select(_VERSIONS.c.version_num))
    if found == CURRENT:
        return ok(f"database: schema {CURRENT}, as this release needs it")
    if not isinstance(found, str) or not found.isdigit() or len(found) != len(CURRENT):
        return bad(f"database: its schema is unknown to this release, which needs {CURRENT}", "Is this its database?")
    if found < CURRENT:
        return bad(f"database: schema {found} is older than this release, which needs {CURRENT}", "sendsecret migrate")
    return bad(
        f"database: schema {found} is newer than this release, which needs {CURRENT}",
        "Install the release that migrated it; nothing goes back",
    )


async def _sqlite(tx: AsyncConnection) -> list[Line]:
    mode = await tx.scalar(text("PRAGMA journal_mode"))
    synchronous = await tx.scalar(text("PRAGMA synchronous"))
    lines = []
    if mode != "wal" or synchronous != 2:
        lines.append(
            bad(
                f"database: SQLite has journal_mode {mode} and synchronous {synchronous}, and not WAL and FULL (2)",
                "Put its file on a local file system that has shared memory",
            )
        )
    else:
        lines.append(ok("database: SQLite writes ahead (WAL) and waits for the disk (FULL)"))
    if (await tx.execute(text("PRAGMA quick_check(1)"))).scalar_one() != "ok":
        lines.append(_DAMAGED)
    return lines


async def _postgresql(tx: AsyncConnection) -> list[Line]:
    lines = []
    for name, (strong, why) in _DURABLE.items():
        found = await tx.scalar(text(f"SHOW {name}"))
        if found not in strong:
            lines.append(bad(f"database: PostgreSQL has {name} = {found}: {why}", f"Set {name} = on"))
    if not lines:
        lines.append(ok("database: PostgreSQL waits for the disk at each commit"))
    lagging = await tx.scalar(
        text("SELECT count(*) FROM pg_stat_replication WHERE sync_state NOT IN ('sync','quorum')")
    )
    if lagging:
        lines.append(
            warn(
                f"database: {lagging} standby is fed asynchronously: one that takes over can have lost a claim",
                "Name it in synchronous_standby_names, or never promote it while links are open",
            )
        )
    return [*lines, await _clock(tx)]


async def _clock(tx: AsyncConnection, now: Callable[[], float] = time.time) -> Line:
    began = now()
    theirs = float(await tx.scalar(text("SELECT EXTRACT(EPOCH FROM clock_timestamp())")) or 0)
    off = theirs - (began + now()) / 2
    if abs(off) > _SKEW_SECONDS:
        return warn(
            f"clock: PostgreSQL's is {abs(off):.0f} s {'ahead of' if off > 0 else 'behind'} this host's",
            "Let both follow a time server (NTP); links end by the database's clock",
        )
    return ok("clock: this host's and PostgreSQL's agree")


def keyring_is_inside(keyring_dir: Path, url: str | None) -> bool:
    """Whether whoever backs up the database's folder takes the keys along."""
    folder = folder_of(url)
    return folder is not None and keyring_dir.resolve().is_relative_to(folder.resolve())
