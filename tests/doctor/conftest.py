"""Installations to break, and `sendsecret doctor` as an operator types it there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sendsecret.doctoring import on_signing
from store import medium
from tests.doctor.patient import Patient
from tests.originals import Original
from tests.stores import Home


@pytest.fixture
def on_a_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Tests' files are in memory; here the system says that everything is on ext4.  What it says, to be changed."""
    mounts = tmp_path / "mountinfo"
    mounts.write_text("1 0 8:1 / / rw - ext4 /dev/sda1 rw\n")
    monkeypatch.setattr(medium, "_MOUNTS", mounts)
    return mounts


@pytest.fixture
def two_users(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bot's folder is one user's and the web program's key another's."""
    monkeypatch.setattr(on_signing, "owner_of", lambda path: 0 if path.name == "event-web.key" else 1)


@pytest.fixture(params=["sqlite", "postgresql"])
def patient(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_a_disk: Path, two_users: None
) -> Iterator[Patient]:
    """A well installation on each engine, its database in a folder of its own, with nobody at PUBLIC_URL."""
    original: Original = request.getfixturevalue(f"on_{request.param}")
    home = _apart(original.copied_to(tmp_path / "home"))
    monkeypatch.chdir(home.path)
    yield Patient(home)
    if request.param == "postgresql":
        request.getfixturevalue("postgres").forget(home.database_url)


@pytest.fixture
def sqlite_patient(
    on_sqlite: Original, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, on_a_disk: Path, two_users: None
) -> Patient:
    """The same on SQLite."""
    home = _apart(on_sqlite.copied_to(tmp_path / "home"))
    monkeypatch.chdir(home.path)
    return Patient(home)


def _apart(home: Home) -> Home:
    """The keyring beside the database's folder, and not in it."""
    if not home.database_url.startswith("sqlite"):
        return home
    (home.path / "data").mkdir(mode=0o700)
    for path in home.path.glob("store.db*"):
        path.rename(home.path / "data" / path.name)
    return Home(home.path, f"sqlite+aiosqlite:///{home.path}/data/store.db")
