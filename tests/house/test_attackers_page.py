"""What docs/attackers.md says of tests and named defects is there: each row has both, and each name is one."""

import re
from pathlib import Path

from tests.mutants import MUTANTS

ROOT = Path(__file__).parent.parent.parent
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in (ROOT / "docs" / "attackers.md").read_text().splitlines()
    if line.startswith("| ") and not line.startswith("| attack")
]


def test_each_attack_has_tests_and_defects_that_exist() -> None:
    """Four cells a row; a test is a function of its file, a defect one of the mutants."""
    names, wrong = {mutant.name for mutant in MUTANTS}, []
    assert ROWS
    for attack, _, tests, defects in ROWS:
        named = re.findall(r"`([a-z_/0-9]+)::(test_\w+)`", tests)
        tried = re.findall(r"\*([^*]+)\*", defects)
        if not named or not tried:
            wrong.append(attack)
        wrong += [one for one in tried if one not in names]
        wrong += [f"{file}::{test}" for file, test in named if not _has(ROOT / "tests" / f"{file}.py", test)]
    assert wrong == []


def _has(path: Path, test: str) -> bool:
    return path.exists() and re.search(rf"def {test}\(", path.read_text()) is not None
