"""Where the judges from npm are, and the node that runs them. Without them a test fails; it is never skipped."""

import shutil
import sysconfig
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1] / "page_checks"


def package(name: str) -> Path:
    """The folder of an installed package."""
    folder = HERE / "node_modules" / name
    if not folder.exists():
        pytest.fail(
            f"{name} is not installed. Run `npm ci --ignore-scripts` in tests/page_checks once, or `make test`."
        )
    return folder


def node() -> str:
    """The node of this machine, else the one that came with npm into this environment."""
    beside = Path(sysconfig.get_path("scripts")) / "node"
    found = shutil.which("node") or (str(beside) if beside.exists() else None)
    if found is None:
        pytest.fail("There is no node on PATH nor in this environment; it comes with npm.")
    return found
