"""
An auditor's shell: commands as they stand on a page, with a Python that never heard of this product.

That Python is made by `python -m tests.auditor`; no folder of ours is on its path.
"""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.auditor.machine import PYTHON, missing

OURS = ("store", "bot", "reveal_web", "sendsecret", "sandbox", "tests")

needs_auditor = pytest.mark.skipif(
    not PYTHON.exists() or bool(missing()), reason="an auditor's programs are missing; see `python -m tests.auditor`"
)


def commands(page: Path) -> list[str]:
    """The commands of a page, in their order."""
    found = re.findall(r"```sh\n(.*?)```", page.read_text(), re.DOTALL)
    assert found
    return found


def run(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """As a shell of the auditor's would, in a folder of theirs; `python3` is theirs too."""
    names = folder / "bin"
    names.mkdir(exist_ok=True)
    # -I: neither the current folder nor PYTHONPATH nor the user's own packages.
    (names / "python3").write_text(f'#!/bin/sh\nexec "{PYTHON}" -I "$@"\n')
    (names / "python3").chmod(0o755)
    return subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        env={"PATH": f"{names}:{os.environ['PATH']}", **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def changed(true: bytes, at: int) -> bytes:
    """The same with another character at one place."""
    other = bytearray(true)
    other[at] = ord("A") if other[at] != ord("A") else ord("B")
    return bytes(other)
