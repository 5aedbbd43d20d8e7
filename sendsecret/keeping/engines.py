"""
The database on its way into a backup and out of it, by each engine's own means, while programs write to it.

SQLite's pages are copied by its online backup: one moment, whatever is written meanwhile, and with the locks that every
other connection respects.  PostgreSQL's own tools are called, with the password in their environment and never on a
command line, where every user of the host could read it.
"""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Final

from sqlalchemy import URL, make_url

from sendsecret.keeping.folder import FolderError, keep

SQLITE, POSTGRESQL = "sqlite", "postgresql"
FILES: Final = {SQLITE: "database.sqlite", POSTGRESQL: "database.dump"}
_BUSY_SECONDS: Final = 30.0


class ToolError(Exception):
    """A tool of PostgreSQL's is not there, or did not do it; its text is a sentence for operators."""


def engine_of(url: str) -> str:
    """Which of both a database is of."""
    return SQLITE if url.startswith("sqlite") else POSTGRESQL


def copy_out(url: str, folder: Path) -> None:
    """Write the database into its file in `folder`.  Raises ToolError, FolderError and OSError."""
    target = folder / FILES[engine_of(url)]
    if engine_of(url) == SQLITE:
        copy_sqlite(database_path(url), target)
    else:
        _run("pg_dump", url, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
    keep(target)


def put_back(url: str, folder: Path, *, over: bool) -> None:
    """Replace what is in the database by what is in the backup, in one step.  Raises ToolError and FolderError."""
    source = folder / FILES[engine_of(url)]
    if engine_of(url) == SQLITE:
        copy_sqlite(source, database_path(url))
        return
    clean = ("--clean", "--if-exists") if over else ()
    name = make_url(url).database or ""
    words = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", *clean)
    _run("pg_restore", url, *words, f"--dbname={name}", str(source))


def copy_sqlite(source: Path, target: Path) -> None:
    """One database file's pages into another, which may be in use.  Raises FolderError."""
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True, timeout=_BUSY_SECONDS)) as one,
            closing(sqlite3.connect(target, timeout=_BUSY_SECONDS)) as other,
        ):
            one.backup(other)
            # All of it in the one file, so that it can be carried away.
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise FolderError(f"SQLite could not copy its file ({error.sqlite_errorname})") from None


def database_path(url: str) -> Path:
    """SQLite's file."""
    return Path(make_url(url).database or "")


def _run(tool: str, url: str, *words: str) -> None:
    path = shutil.which(tool)
    if path is None:
        raise ToolError(
            f"{tool} is not on this host, and PostgreSQL is copied by its own tools. Nothing was done. Install "
            f"PostgreSQL's client of the server's version, or run it where it is: {' '.join((tool, *words[:3]))} …"
        )
    environment = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ} | _where(make_url(url))
    done = subprocess.run(  # noqa: S603 - a tool's own path, and words of ours
        [path, *words], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        # The first line alone: others may repeat rows.
        said = (done.stderr.strip().splitlines() or ["it did not say why"])[0][:200]
        raise ToolError(f"{tool} did not do it ({said}). What is in the database was not changed by it")


def _where(url: URL) -> dict[str, str]:
    host = url.host or url.query.get("host", "")
    given = {
        "PGHOST": host if isinstance(host, str) else host[0],
        "PGPORT": str(url.port or ""),
        "PGUSER": url.username or "",
        "PGPASSWORD": str(url.password or ""),
        "PGDATABASE": url.database or "",
    }
    return {name: value for name, value in given.items() if value}
