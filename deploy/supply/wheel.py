"""
Builds the wheel, the same to the byte for whoever builds the same state.

From a copy of what belongs into it, with every time and every mode set: a file that lies about in somebody's folder, a
umask, or the day on which it was built would make another wheel of the same sources.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Final

from deploy.supply.pins import ROOT
from reveal_web.browser.vendor import FILES, VENDOR

_BESIDE: Final = ("pyproject.toml", "README.md", "LICENSE")
_FIRST: Final = "315532800"  # the first day that a zip file can name, for sources without a history
_LEFT: Final = ("__pycache__", "node_modules", "*.egg-info", "*.pyc")


class NoLibrariesError(Exception):
    """The pages' libraries are not there: a wheel without them would open no link."""


def build(target: Path) -> Path:
    """
    A wheel in `target`, dated SOURCE_DATE_EPOCH, or as the last commit where that is not set.

    Raises NoLibrariesError, and CalledProcessError when the build fails.
    """
    if missing := [name for name in FILES.values() if not (VENDOR / name).is_file()]:
        raise NoLibrariesError(f"{missing[0]} is not in {VENDOR.name}/; run `make .stamps/page`. Nothing was built.")
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        source, made = Path(scratch) / "source", Path(scratch) / "made"
        _copy_to(source)
        options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--disable-pip-version-check"]
        command = [sys.executable, "-m", "pip", "wheel", *options, "--wheel-dir", str(made), str(source)]
        # Not in the project's folder, whose packages would be found in place of what is installed.
        # The umask would stand in the modes of what the build itself writes.
        environment = os.environ | {"SOURCE_DATE_EPOCH": _epoch()}
        subprocess.run(command, check=True, cwd=scratch, env=environment, umask=0o022)  # noqa: S603 - a fixed command
        (wheel,) = made.glob("*.whl")
        return Path(shutil.move(wheel, target / wheel.name))


def _copy_to(folder: Path) -> None:
    found = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]["find"]["include"]
    folder.mkdir()
    for name in _BESIDE:
        shutil.copy(ROOT / name, folder)
    for name in found:
        package = name.removesuffix("*")
        shutil.copytree(ROOT / package, folder / package, ignore=shutil.ignore_patterns(*_LEFT))
    vendored = folder / VENDOR.relative_to(ROOT)
    for path in vendored.iterdir():
        if path.name not in FILES.values():
            path.unlink()
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)


def _epoch() -> str:
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return given
    asked = ["git", "log", "-1", "--format=%ct"]
    said = subprocess.run(asked, cwd=ROOT, check=False, capture_output=True, text=True)  # noqa: S603 - a fixed command
    return said.stdout.strip() or _FIRST


if __name__ == "__main__":
    print(build(Path(sys.argv[1])).name)
