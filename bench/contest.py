"""
Rounds of several servers by turns, and what is read out of them.

The machine has other work too and its speed drifts: what counts is the ratio of two figures of the same pass, which are
seconds apart, and the CPU that a request takes.  Every other pass goes the other way round, so that none is always
first.
"""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.contestants import Contestant, Sample

Entry = tuple[Contestant, str]


@dataclass(frozen=True)
class Ratio:
    """How fast one was beside the other: the middle, the worst and the best pass."""

    middle: float
    worst: float
    best: float


@dataclass(frozen=True)
class Passes:
    """Every sample, by contestant and measure, in the order of the passes."""

    samples: dict[tuple[str, str], list[Sample]]

    def middle(self, name: str, measure: str, figure: Callable[[Sample], float]) -> float:
        """The median of a figure over all passes."""
        return statistics.median(figure(one) for one in self.samples[name, measure])

    def ratio(self, one: tuple[str, str], other: tuple[str, str]) -> Ratio | None:
        """None where one of them was not measured, or came to nothing."""
        if one not in self.samples or other not in self.samples:
            return None
        pairs = zip(self.samples[one], self.samples[other], strict=True)
        ratios = [a.rate / b.rate for a, b in pairs if b.rate]
        if not ratios:
            return None
        return Ratio(statistics.median(ratios), min(ratios), max(ratios))


async def contest(entries: Sequence[Entry], *, passes: int, seconds: float, say: Callable[[str], None]) -> Passes:
    """So many passes over all entries."""
    samples: dict[tuple[str, str], list[Sample]] = {(one.name, measure): [] for one, measure in entries}
    for number in range(passes):
        for one, measure in entries if number % 2 == 0 else reversed(entries):
            sample = await one.round(measure, seconds)
            samples[one.name, measure].append(sample)
            cpu = f"{sample.web_cpu:.2f} + {sample.database_cpu:.2f} ms CPU"
            refused = f", {sample.refused} refused" if sample.refused else ""
            say(f"{number + 1}/{passes}  {one.name}, {measure}: {sample.rate:,.0f}/s, {cpu}{refused}")
    return Passes(samples)
