"""
Fixtures that more than one folder of tests needs, and which tests share a process.

The things themselves are in stores.py and postgres.py.
"""

import os
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadFileScheduling

from tests.in_memory import keep_files_there
from tests.originals import Original
from tests.postgres import Postgres, running
from tests.stores import Home

_SANDBOX = "tests/sandbox"

keep_files_there()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server for the whole run."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Original:
    """An installation on SQLite to copy."""
    return Original.on_sqlite(tmp_path_factory.mktemp("original"))


@pytest.fixture(scope="session")
def on_postgresql(tmp_path_factory: pytest.TempPathFactory, postgres: Postgres) -> Original:
    """An installation on PostgreSQL to copy."""
    return Original.on_postgresql(tmp_path_factory.mktemp("original"), postgres)


@pytest.fixture(params=["sqlite", "postgresql"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Home]:
    """A prepared installation, on each engine; its keys are those of every other one of this run."""
    original: Original = request.getfixturevalue(f"on_{request.param}")
    home = original.copied_to(tmp_path)
    yield home
    if request.param == "postgresql":
        request.getfixturevalue("postgres").forget(home.database_url)


@pytest.fixture
def sqlite_home(on_sqlite: Original, tmp_path: Path) -> Home:
    """A prepared installation on SQLite; its keys are those of every other one of this run."""
    return on_sqlite.copied_to(tmp_path)


@pytest.fixture(scope="session")
def go_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where Go keeps what it built, for all processes of this run: its library is compiled once."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "go-cache"


class _ByFile(LoadFileScheduling):  # type: ignore[misc]
    """A file's tests run in one process; the sandbox's all in one, because its last one counts what the others met."""

    def _split_scope(self, nodeid: str) -> str:
        scope: str = super()._split_scope(nodeid)
        return _SANDBOX if scope.startswith(f"{_SANDBOX}/test_") else scope


# Not `--dist loadgroup`: it renames tests, which this pytest no longer lets it do, and so groups nothing.
@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadFileScheduling:
    """Which tests share a process when there are several."""
    return _ByFile(config, log)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where CI is set, a skipped test is a failed one: a run that skipped something proves less than it seems to."""
    report = yield
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome, report.longrepr = "failed", f"{item.nodeid} was skipped, and nothing may be"
    return report
