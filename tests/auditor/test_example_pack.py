"""The example of an evidence pack as it is committed, checked where nothing of ours is installed."""

import csv
import shutil
from pathlib import Path

from store.evidence import pack, population, texts
from tests.auditor.machine import ROOT
from tests.auditor.shell import commands, needs_auditor, run
from tests.evidence.packs import verify

EXAMPLE = ROOT / "docs" / "examples" / "evidence"


@needs_auditor
def test_every_command(tmp_path: Path) -> None:
    """All seven pass on a copy of the folder, as somebody would download it."""
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "example"))
    given = commands(folder / "README.md")
    assert len(given) == 7
    for command in given:
        done = run(command, folder)
        assert done.returncode == 0, done.stderr


def test_it_holds() -> None:
    """Our own check finds nothing wrong, and the ten drops of the story."""
    done = verify(EXAMPLE)
    assert done.exit_code == 0, done.output
    with (EXAMPLE / "population.csv").open(newline="", encoding="utf-8") as file:
        states = sorted(row["state"] for row in csv.DictReader(file))
    assert states == sorted(
        [*["viewed"] * 3, *["released"] * 2, "revoked", "expired", "undelivered", "paused", "sealed"]
    )


def test_it_is_of_the_present_form() -> None:
    """Columns, commands and words are those of today; where not, `python -m tests.make_example_pack` makes it anew."""
    assert (EXAMPLE / "population.csv").read_bytes().startswith(population.head(with_names=False))
    assert (EXAMPLE / "README.md").read_text() == texts.readme(pack.read(EXAMPLE))


def test_no_private_key_is_in_it() -> None:
    """What was thrown away is not in the folder."""
    for path in EXAMPLE.rglob("*"):
        assert not path.is_file() or b'"d"' not in path.read_bytes()
