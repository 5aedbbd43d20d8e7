"""Fixtures that more than one folder of tests needs; the things themselves are in stores.py and postgres.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.postgres import Postgres, running
from tests.stores import Home


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for the whole run."""
    with running() as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
async def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """A prepared installation, on each engine."""
    if request.param == "sqlite":
        url = f"sqlite+aiosqlite:///{tmp_path}/store.db"
    else:
        url = request.getfixturevalue("postgres").new_database()
    home = Home(tmp_path, url)
    await home.prepare()
    return home


@pytest.fixture
async def sqlite_home(tmp_path: Path) -> Home:
    """A prepared installation on SQLite."""
    home = Home(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/store.db")
    await home.prepare()
    return home
