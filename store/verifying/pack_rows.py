"""A pack's `population.csv`, held against the rows that the signed events tell; and such a row against its receipt."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from store.evidence import population
from store.evidence.drop_row import DropRow
from store.evidence.request import Request
from store.formats.receipt_v1 import utc
from store.verifying.findings import Findings

_SAME_SECONDS: Final = 2
"""PostgreSQL's clock is read anew for each column of a statement."""


def check(folder: Path, request: Request, rows: Mapping[str, DropRow], findings: Findings) -> None:
    """One row for each of these drops, as its events tell it, and no row besides."""
    columns = [*population.COLUMNS, *(population.NAMES if request.with_names else ())]
    left = dict(rows)
    try:
        with (folder / population.FILE).open(newline="", encoding="utf-8") as file:
            lines = csv.reader(file, strict=True)
            if next(lines, None) != columns:
                findings.fail(population.FILE, "its columns are others than those of such a pack")
                return
            for cells in lines:
                _row(cells, columns, request, rows, left, findings)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        findings.fail(population.FILE, f"it cannot be read ({type(error).__name__})")
        return
    for drop in left:
        findings.fail(population.FILE, f"drop {drop} was created in the period and has no row: it was left out")
    findings.close(population.FILE, f"{len(rows)} drops, each row as the signed events say, and none was left out")


def unlike(row: DropRow, receipt: Mapping[str, Any]) -> Iterator[str]:
    """Where a faultless receipt says something else than the events before it, in words."""
    access = receipt["access"]
    said = {
        "outcome": (receipt["outcome"], row.outcome),
        "sends": (receipt["sends"], row.sends),
        "failed_guesses": (access["failed_guesses"], row.failed_guesses),
        "passphrase": (access["passphrase"], row.passphrase),
        "recipient_verification": (access["recipient_verification"], row.verification),
        "expires_at": (receipt["expires_at"], utc(row.expires_at * 1000)),
        "sealed_by": (receipt["sealed_by"], row.sealed_by),
    }
    for name, (signed, told) in said.items():
        if signed != told:
            yield f"says another {name} than its events"
    for name, at in (
        ("created_at", row.created_at),
        ("claimed_at", row.claimed_at),
        ("destroyed_at", row.destroyed_at),
    ):
        near = [None if at is None else utc((at + off) * 1000) for off in range(-_SAME_SECONDS, _SAME_SECONDS + 1)]
        if receipt[name] not in near:
            yield f"says another {name} than its events"


def _row(
    cells: list[str],
    columns: list[str],
    request: Request,
    rows: Mapping[str, DropRow],
    left: dict[str, DropRow],
    findings: Findings,
) -> None:
    drop = cells[0].removeprefix("'") if cells else ""
    if drop not in rows:
        findings.fail(population.FILE, f"it has a row of {drop!r}, which no event says was created in the period")
        return
    if left.pop(drop, None) is None:
        findings.fail(population.FILE, f"drop {drop} has two rows")
    expected = population.cells(rows[drop], with_names=request.with_names)
    if len(cells) != len(expected):
        findings.fail(population.FILE, f"drop {drop}: its row has another number of columns")
        return
    for column, cell, said in zip(columns, cells, expected, strict=True):
        if cell != said:
            findings.fail(population.FILE, f"drop {drop}: its {column} is {cell!r}, and its signed events say {said!r}")
