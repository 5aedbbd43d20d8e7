"""Figures out of many measurements, and a table of them."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Times:
    """Durations in seconds."""

    seconds: Sequence[float]

    @property
    def median_ms(self) -> float:
        """Half of them were faster."""
        return statistics.median(self.seconds) * 1000

    @property
    def p99_ms(self) -> float:
        """One of a hundred was slower."""
        return sorted(self.seconds)[min(len(self.seconds) - 1, len(self.seconds) * 99 // 100)] * 1000


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Markdown whose columns stand under one another, the first to the left."""
    widths = [max(len(row[at]) for row in (head, *rows)) for at in range(len(head))]

    def line(cells: Sequence[str]) -> str:
        first, *others = cells
        return (
            "| "
            + " | ".join([first.ljust(widths[0]), *(o.rjust(w) for o, w in zip(others, widths[1:], strict=True))])
            + " |"
        )

    rule = "|" + "|".join("-" * (width + 1) + ("-" if at == 0 else ":") for at, width in enumerate(widths)) + "|"
    return "\n".join([line(head), rule, *(line(row) for row in rows)])
