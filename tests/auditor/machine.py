"""An auditor's machine: the programs that it has, and where its own Python is."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".auditor" / "bin" / "python"
_PROGRAMS = ("openssl", "curl", "basenc")


def missing() -> list[str]:
    """Which programs are not there."""
    return [name for name in _PROGRAMS if shutil.which(name) is None]
