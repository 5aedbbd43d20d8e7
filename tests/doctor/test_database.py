"""What doctor says of the database: there, of which schema, durable or not, on what, and whose clock is right."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text

from sendsecret.doctoring import on_database
from store.clock import Clock
from store.database import Database
from store.schema_version import CURRENT
from tests.doctor.patient import Patient
from tests.stores import Home
from tests.verifying.attacked import settled


async def changed(home: Home, statement: str) -> None:
    db = Database(home.database_url, Clock())
    try:
        async with db.write() as tx:
            await tx.execute(text(statement))
    finally:
        await db.close()


async def test_a_database_that_is_well(patient: Patient) -> None:
    """It answers, has this release's schema, and waits for the disk."""
    said = await patient.doctor()
    said.require("database", "ok", "it answers")
    said.require("database", "ok", f"schema {CURRENT}")
    said.require("database", "ok", "disk")
    assert said.about("database", "bad") == said.about("database", "warn") == []
    if not patient.home.database_url.startswith("sqlite"):
        said.require("clock", "ok", "PostgreSQL's agree")


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ("0003", "older than this release"),
        ("9999", "newer than this release"),
        ("b7ae", "unknown to this release"),
    ],
)
async def test_another_schema(patient: Patient, version: str, words: str) -> None:
    """Older, newer or not ours: each with what to do, and the rest is looked at."""
    await changed(patient.home, f"UPDATE alembic_version SET version_num = '{version}'")  # noqa: S608 - of this test
    said = await patient.doctor()
    said.require("database", "bad", words)
    assert ("sendsecret migrate" in said.out) is (version == "0003")


async def test_no_schema(patient: Patient) -> None:
    """A database of somebody else."""
    await changed(patient.home, "DROP TABLE alembic_version")
    (await patient.doctor()).require("database", "bad", "it has no schema of ours")


async def test_no_database(sqlite_patient: Patient) -> None:
    """Looking for it does not make it."""
    shutil.rmtree(sqlite_patient.home.path / "data")
    said = await sqlite_patient.doctor()
    assert said.code == 2
    said.require("database", "bad", "there is none")
    said.require("keyring", "warn", "whose database it is was not looked at")
    assert not (sqlite_patient.home.path / "data").exists()


async def test_a_file_that_is_no_database(sqlite_patient: Patient) -> None:
    """Said without a traceback."""
    for path in (sqlite_patient.home.path / "data").iterdir():
        path.unlink()
    (sqlite_patient.home.path / "data" / "store.db").write_bytes(b"no database" * 1000)
    said = await sqlite_patient.doctor()
    said.require("database", "bad", "cannot be opened as a database")
    said.require("keyring", "warn", "could not be read")


async def test_a_server_that_is_away(sqlite_patient: Patient) -> None:
    """Nor does the password stand in the line."""
    url = "postgresql+asyncpg://u:canary@127.0.0.1:1/none"
    said = await sqlite_patient.doctor(DATABASE_URL=url)
    said.require("database", "bad", "it does not answer")
    assert "canary" not in said.out + said.err


async def test_a_damaged_file(sqlite_patient: Patient) -> None:
    """SQLite's own check, which sees pages that are not what they should be."""
    path = sqlite_patient.home.path / "data" / "store.db"
    settled(path)
    whole = bytearray(path.read_bytes())
    middle = len(whole) // 2 // 4096 * 4096
    whole[middle : middle + 4096] = b"\xff" * 4096
    path.write_bytes(whole)
    (await sqlite_patient.doctor()).require("database", "bad", "damaged")


def _by_itself(connection: Any, record: Any) -> None:
    """SQLite's own driver, told to be fast."""
    connection.isolation_level = None
    connection.execute("PRAGMA synchronous = NORMAL").close()


@pytest.mark.parametrize("weak", ["fsync = off", "synchronous_commit = local", "full_page_writes = off"])
async def test_a_server_that_does_not_wait_for_the_disk(
    patient: Patient, weak: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A claim that was answered can be lost, and its secret be shown twice: bad, with the setting's name."""
    if patient.home.database_url.startswith("sqlite"):
        monkeypatch.setattr("store.database._prepare_sqlite", _by_itself)
        (await patient.doctor()).require("database", "bad", "synchronous 1")
        return
    name, _, value = weak.partition(" = ")
    if name == "synchronous_commit":
        await changed(patient.home, f"ALTER DATABASE {make_url(patient.home.database_url).database} SET {weak}")
    else:
        # The server's own, which every other test has too: what it says is changed, and not what it does.
        strong, why = on_database._DURABLE[name]
        monkeypatch.setitem(on_database._DURABLE, name, (strong - {"on"} | {"never"}, why))
        value = "on"
    (await patient.doctor()).require("database", "bad", f"PostgreSQL has {name} = {value}")


@pytest.mark.parametrize(("kind", "words"), [("nfs4", "network file system"), ("tmpfs", "in memory")])
async def test_where_the_file_is(sqlite_patient: Patient, on_a_disk: Path, kind: str, words: str) -> None:
    """SQLite's locks do not hold on a network, and memory forgets."""
    on_a_disk.write_text(f"1 0 0:50 / / rw - {kind} x rw\n")
    (await sqlite_patient.doctor()).require("database", "bad", words)


async def test_a_folder_that_others_reach(sqlite_patient: Patient) -> None:
    """Envelopes are sealed, and who has them can wait for keys."""
    (sqlite_patient.home.path / "data").chmod(0o755)
    (await sqlite_patient.doctor()).require("database", "warn", "open to every user")


async def test_a_clock_that_is_wrong(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of PostgreSQL's and ours one is; SQLite has none of its own."""
    monkeypatch.setattr(on_database, "_SKEW_SECONDS", -1)
    said = await patient.doctor()
    is_sqlite = patient.home.database_url.startswith("sqlite")
    assert [line for line in said.about("clock", "warn") if "PostgreSQL's is" in line] == [] or not is_sqlite
    if not is_sqlite:
        said.require("clock", "warn", "PostgreSQL's is 0 s")
