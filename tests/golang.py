"""
The system's Go and Debian's golang.org/x/mod, for a verifier of the log that neither we nor PyPI wrote.

`python -m tests.golang` looks for both, installs the distribution's where it may, and says what to do where not.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.debian import install

PROGRAM = Path(__file__).parent.parent / "docs" / "examples" / "verify.go"
GOPATH = Path("/usr/share/gocode")


def is_there() -> bool:
    """Whether the program can be built."""
    return shutil.which("go") is not None and (GOPATH / "src/golang.org/x/mod/sumdb/tlog").is_dir()


def build(folder: Path, cache: Path) -> Path:
    """The verifier as a program in this folder; `cache` is where Go keeps what it built."""
    program = folder / "verify"
    # The distribution's sources, and nothing from the network.
    told = {"PATH": os.environ["PATH"], "GO111MODULE": "off", "GOPATH": str(GOPATH), "GOCACHE": str(cache)}
    subprocess.run(["go", "build", "-o", program, PROGRAM], env=told, check=True)
    return program


def main() -> None:
    """Find or install Go and the sources, or say in one sentence what to do."""
    if not is_there():
        install("golang-go", "golang-golang-x-mod-dev")
    if not is_there():
        sys.exit(
            "The tests of the log need Go and the sources of golang.org/x/mod: install them with your package manager "
            "(Debian: apt install golang-go golang-golang-x-mod-dev)."
        )


if __name__ == "__main__":
    main()
