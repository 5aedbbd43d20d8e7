"""Whoever can write to the database cannot do it unseen: every table, deleted, inserted, swapped, changed."""

import re
from pathlib import Path

import pytest

from store.schema import metadata
from tests.verifying import tampering, tampering_with_log
from tests.verifying.attacked import WORKING_MEMORY, Lived, attack, checked, failed, lived, require_failure
from tests.verifying.tampering import Tampering

ALL = (
    *tampering.EVENTS,
    *tampering.DROPS,
    *tampering.DISCLOSURES,
    *tampering.FORGOTTEN,
    *tampering.SIGNERS,
    *tampering.INSTALLATION,
    *tampering_with_log.LEAVES,
    *tampering_with_log.TILES,
    *tampering_with_log.CHECKPOINTS,
    *tampering_with_log.PUBLISHED,
    *tampering_with_log.OPENINGS,
    *tampering_with_log.OWED,
)
ON_POSTGRESQL = [one for one in ALL if re.search("deleted|inserted|swapped", one.name)]


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """One that has lived on SQLite."""
    return lived(tmp_path_factory.mktemp("lived"), None)


@pytest.fixture(scope="module")
def on_postgresql(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Lived:
    """One that has lived on PostgreSQL."""
    return lived(tmp_path_factory.mktemp("lived"), request.getfixturevalue("postgres"))


@pytest.mark.parametrize("engine", ["on_sqlite", "on_postgresql"])
def test_what_is_whole_holds(engine: str, request: pytest.FixtureRequest) -> None:
    """Every outcome and state, several checkpoints, an event that waits: one line a table, and none fails."""
    one: Lived = request.getfixturevalue(engine)
    findings = checked(one.home)
    assert failed(findings) == []
    tables = {table.name for table in metadata.sorted_tables} - WORKING_MEMORY
    assert tables <= {finding.about for finding in findings}


def test_every_table_is_tampered_with() -> None:
    """None that is evidence is left out above."""
    tables = {table.name for table in metadata.sorted_tables} - WORKING_MEMORY
    assert {one.name.split(":")[0] for one in ALL} == tables


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.name)
def test_it_is_named(one: Tampering, on_sqlite: Lived, tmp_path: Path) -> None:
    """The failure says which row of which table, whatever else follows from it."""
    home = on_sqlite.copy(tmp_path)
    attack(home, *one.statements)
    require_failure(checked(home), one.found)


@pytest.mark.parametrize("one", ON_POSTGRESQL, ids=lambda one: one.name)
def test_it_is_named_on_postgresql(one: Tampering, on_postgresql: Lived, tmp_path: Path) -> None:
    """The same where a server keeps the tables."""
    home = on_postgresql.copy(tmp_path)
    attack(home, *one.statements)
    require_failure(checked(home), one.found)
