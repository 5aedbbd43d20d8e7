"""docs/asvs.md says how each requirement is met, and by which test: these are there, and none is left out."""

import ast
import re
from functools import cache

import pytest

from deploy.supply.pins import ROOT

TEXT = (ROOT / "docs" / "asvs.md").read_text()
ROWS = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in TEXT.splitlines() if re.match(r"\| \d", row)]
# Of levels 1 and 2 what applies to a program without accounts and sessions, and of level 3 (*) what was chosen.
IDS = re.findall(
    r"\S+",
    """
        1.2.10* 2.2.1 2.2.2 2.3.3 2.3.4 2.4.1
        3.2.1 3.2.2 3.2.3* 3.4.1 3.4.2 3.4.3 3.4.4 3.4.5 3.4.6 3.4.7* 3.4.8* 3.5.1 3.5.2 3.5.3 3.5.4 3.5.8* 3.6.1*
        3.7.4* 3.7.5* 4.1.1 4.1.2 4.1.3 4.1.4* 4.2.1
        6.1.1 6.2.6 6.2.7 6.2.8 6.2.9 6.3.1 6.3.8* 6.5.1 6.5.2 6.5.3 6.5.4 6.6.3
        8.1.1 8.2.1 8.2.2 8.2.3 8.3.1 8.3.2* 8.4.1 9.1.1 9.1.2 9.1.3 9.2.1 9.2.2 9.2.3
        11.1.1 11.1.2 11.1.4* 11.2.1 11.2.2 11.2.4* 11.2.5* 11.3.2 11.3.3 11.3.4* 11.4.2 11.4.4 11.5.1 11.7.2*
        12.1.1 12.2.1 12.2.2 12.3.1 12.3.2 12.3.3 12.3.4
        13.1.1 13.1.4* 13.2.3 13.2.4 13.2.5 13.2.6* 13.3.1 13.3.2 13.3.4* 13.4.2 13.4.4 13.4.5 13.4.6*
        14.2.1 14.2.2 14.2.4 14.2.7* 14.3.1 14.3.2 14.3.3
        15.1.1 15.1.2 15.2.1 15.2.2 15.3.2 15.3.4 15.3.5 15.3.6 15.3.7 15.4.2* 15.4.3*
        16.1.1 16.2.1 16.2.2 16.2.3 16.2.4 16.2.5 16.3.1 16.3.2 16.3.3 16.3.4 16.4.1 16.4.2 16.4.3
        16.5.1 16.5.2 16.5.3 16.5.4*
    """,
)
# What is a document, not a behaviour, or is not met at all: there is nothing to run.
WITHOUT_TEST = {"3.7.4*", "11.1.4*", "13.1.4*", "15.1.1", "16.1.1"}


@cache
def names_in(path: str) -> set[str]:
    """The names of the tests in a file, none if it is not there."""
    file = ROOT / path
    if not file.is_file():
        return set()
    nodes = ast.walk(ast.parse(file.read_text()))
    return {node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_each_requirement_is_answered_once() -> None:
    """Four cells a row, and one of three verdicts, with what is missing where something is."""
    assert [row[0].replace("\\", "") for row in ROWS] == IDS
    for row in ROWS:
        assert len(row) == 4, row
        assert re.match(r"met(: .+|$)|met in part: .+|not met, because .+", row[2]), row


@pytest.mark.parametrize("row", ROWS, ids=[row[0].replace("\\", "") for row in ROWS])
def test_the_tests_that_it_names_are_there(row: list[str]) -> None:
    """By file and name."""
    named = re.findall(r"`(tests/[^`]+\.py)::(test_\w+)`", row[3])
    assert len(named) == row[3].count("`") // 2
    assert bool(named) == (row[0].replace("\\", "") not in WITHOUT_TEST)
    assert [name for path, name in named if name not in names_in(path)] == []


def test_the_inventory_names_every_format() -> None:
    """A format without a row would have no plan for what comes after its algorithm."""
    inventory = TEXT.split("## Cryptography")[1].split("\n## ")[0]
    formats = {path.stem for path in (ROOT / "store" / "formats").glob("*_v[0-9]*.py")}
    assert formats == set(re.findall(r"`(\w+_v\d+)`", inventory))
