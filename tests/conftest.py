"""Fixtures that more than one folder of tests needs; the things themselves are in stores.py and postgres.py."""

import os
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


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where CI is set, a skipped test is a failed one: a run that skipped something proves less than it seems to."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
