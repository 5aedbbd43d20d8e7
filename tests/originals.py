"""
An installation that is made once and copied for each test.

Its schema is built step by step, as an installation's is; that takes longer than most tests do.
"""

import asyncio
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.postgres import Postgres
from tests.stores import Home


@dataclass(frozen=True)
class Original:
    """A prepared installation that no test touches; `database_at` is where a copy in that folder has its database."""

    home: Home
    database_at: Callable[[Path], str]

    @classmethod
    def on_sqlite(cls, folder: Path) -> "Original":
        """In a folder of its own."""
        return cls(_prepared(Home(folder, _sqlite(folder))), _sqlite)

    @classmethod
    def on_postgresql(cls, folder: Path, postgres: Postgres) -> "Original":
        """In a folder of its own, and in a database of a server."""
        url = postgres.new_database()
        return cls(_prepared(Home(folder, url)), lambda _: postgres.copy_of(url))

    def copied_to(self, folder: Path) -> Home:
        """A copy with the same keys."""
        shutil.copytree(self.home.path, folder, dirs_exist_ok=True)
        return Home(folder, self.database_at(folder))


def _sqlite(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder}/store.db"


def _prepared(home: Home) -> Home:
    # In a thread of its own: the tests' event loop is nobody's business here.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, home.prepare()).result()
    return home
