"""Evidence packs for tests: made by the real command, of installations that have lived."""

import hashlib
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from click.testing import CliRunner, Result

from sendsecret.__main__ import main
from store.evidence.folder import MANIFEST
from tests.stores import Home

TODAY = datetime.now(UTC).date()
FIRST, LAST = str(TODAY - timedelta(days=1)), str(TODAY + timedelta(days=30))
"""A period in which everything lies that a test does, whatever the clock of the test."""


def command(home: Home, *words: object) -> Result:
    """Run a command of the command line; nothing but its exit code comes out of it."""
    home.reset_clock()
    done = CliRunner(env=home.environment()).invoke(main, [*map(str, words)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def make(home: Home, folder: Path, *words: object, first: str = FIRST, last: str = LAST) -> Result:
    """`sendsecret evidence` into a folder."""
    return command(home, "evidence", "--from", first, "--to", last, "-o", folder, *words)


def made(home: Home, folder: Path, *words: object) -> Path:
    """The same, which must go well."""
    done = make(home, folder, *words)
    assert done.exit_code == 0, done.output
    return folder


def verify(folder: Path, *words: object) -> Result:
    """`sendsecret verify --pack`, without any setting."""
    done = CliRunner().invoke(main, ["verify", "--pack", str(folder), *map(str, words)])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done


def require_failure(folder: Path, *sayings: str) -> None:
    """The pack's own check fails, and says these things."""
    done = verify(folder)
    assert done.exit_code == 1, done.output
    failed = "\n".join(line for line in done.output.splitlines() if line.startswith("FAILED"))
    for saying in sayings:
        assert saying in failed, done.output


def copied(folder: Path, to: Path) -> Path:
    """A copy, to be damaged."""
    return Path(shutil.copytree(folder, to))


def remade_manifest(folder: Path) -> None:
    """What somebody does who changes a pack and knows of the manifest."""
    names = sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST and "bin" not in path.relative_to(folder).parts
    )
    lines = [f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (folder / MANIFEST).write_text("".join(lines))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file by its name."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }
