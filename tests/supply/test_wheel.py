"""The wheel: the same bytes for whoever builds the same state, and whole."""

import hashlib
import os
import shutil
import zipfile
from pathlib import Path

import pytest

from deploy.supply import wheel
from deploy.supply.pins import ROOT
from reveal_web.browser.vendor import FILES

EPOCH = "1700000000"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of this state."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", EPOCH)
        return wheel.build(tmp_path_factory.mktemp("wheel"))


def test_two_builds_are_the_same_to_the_byte(built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another folder, another umask, other times and modes of the sources, and what lies about among them."""
    project = tmp_path / "project"
    project.mkdir()
    for name in ("store", "bot", "reveal_web", "sendsecret", "sandbox", "pyproject.toml", "README.md", "LICENSE"):
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, project / name)
    for path in project.rglob("*"):
        os.utime(path, (1, 1))
        path.chmod(0o700)
    (project / "reveal_web" / "browser" / "vendor" / "left-over.js").write_text("somebody's")
    (project / "store" / "__pycache__").mkdir(exist_ok=True)
    (project / "store" / "__pycache__" / "old.cpython-311.pyc").write_bytes(b"old")
    monkeypatch.setattr(wheel, "ROOT", project)
    monkeypatch.setattr(wheel, "VENDOR", project / "reveal_web" / "browser" / "vendor")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", EPOCH)
    umask = os.umask(0o077)
    try:
        again = wheel.build(tmp_path / "again")
    finally:
        os.umask(umask)
    assert again.name == built.name
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(built.read_bytes()).digest()


def test_everything_that_the_programs_read_is_in_it(built: Path) -> None:
    """Packages, templates, migrations and the pages' libraries; no test, nothing else at the top."""
    names = set(zipfile.ZipFile(built).namelist())
    assert {name.partition("/")[0] for name in names if ".dist-info" not in name} == {
        "store", "bot", "reveal_web", "sendsecret", "sandbox",
    }  # fmt: skip
    assert {f"reveal_web/browser/vendor/{name}" for name in FILES.values()} <= names
    kept = {".py", ".txt", ".html", ".css", ".js", ".json", ".yml", ".svg", ".mako", ".ini", ".wasm", ".typed"}
    wanted = {
        str(path.relative_to(ROOT))
        for package in ("store", "bot", "reveal_web", "sendsecret", "sandbox")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix in kept and not {"__pycache__", "node_modules", "vendor"} & set(path.parts)
    }
    assert len(wanted) > 300
    assert wanted - names == set()


def test_every_file_in_it_is_dated_as_it_was_told(built: Path) -> None:
    """SOURCE_DATE_EPOCH, and no clock."""
    assert {entry.date_time for entry in zipfile.ZipFile(built).infolist()} == {(2023, 11, 14, 22, 13, 20)}


def test_without_the_pages_libraries_there_is_no_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would install, start, and open no link."""
    monkeypatch.setattr(wheel, "VENDOR", tmp_path / "vendor")
    with pytest.raises(wheel.NoLibrariesError, match="Nothing was built"):
        wheel.build(tmp_path)
