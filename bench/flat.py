"""
Whether what people wait for, and what the bot looks for, costs the same however much is over: `python -m bench.flat`.

Stores of each size stand side by side and take turns, because the machine has other work too.
"""

import asyncio
import json
import os
import statistics
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter

import click

from bench import engines
from bench.costs import LOG, PEOPLE, Costs, Sample, Samples
from bench.figures import Times, table
from bench.tombstones import Filled, fill
from tests.stores import Home

_SIZES = "1000,10000,100000,1000000"


@dataclass(frozen=True)
class Sized:
    """A store of `count` events and as many finished drops: how it was filled, and a round of samples after another."""

    count: int
    filled: Filled
    seconds: float
    rounds: list[Samples]

    def times(self, name: str) -> Times:
        """Of everything in all rounds."""
        return Times([one for samples in self.rounds for one in samples[name].seconds])

    def cpu_ms(self, name: str) -> float:
        """Of the middle round."""
        return statistics.median(samples[name].cpu for samples in self.rounds) * 1000


@dataclass(frozen=True)
class Report:
    """One engine, the smallest store first."""

    engine: str
    load_before: float
    sized: list[Sized]

    @property
    def names(self) -> list[str]:
        """What was measured, in the order of the table."""
        known = [*PEOPLE, *LOG]
        return [*known, *(name for name in self.sized[0].rounds[0] if name not in known)]

    def ratios(self, name: str, what: Callable[[Sample], float]) -> list[float]:
        """The largest beside the smallest store, of the same round, by `what` of each."""
        pairs = zip(self.sized[0].rounds, self.sized[-1].rounds, strict=True)
        return [what(big[name]) / what(small[name]) for small, big in pairs]

    def as_json(self) -> dict[str, object]:
        """Medians and ratios; milliseconds."""
        sizes = [
            {
                "count": one.count,
                "filled": asdict(one.filled),
                "seconds_to_fill": round(one.seconds),
                "cpu_ms": {name: round(one.cpu_ms(name), 4) for name in self.names},
                "median_ms": {name: round(one.times(name).median_ms, 4) for name in self.names},
                "p99_ms": {name: round(one.times(name).p99_ms, 4) for name in self.names},
            }
            for one in self.sized
        ]
        whole: dict[str, object] = {"engine": self.engine, "load_before": self.load_before, "sizes": sizes}
        for said, what in (("ratios_of_cpu", _cpu), ("ratios_of_time", _time)):
            whole[said] = {name: [round(ratio, 3) for ratio in self.ratios(name, what)] for name in self.names}
        return whole


def _cpu(sample: Sample) -> float:
    return sample.cpu


def _time(sample: Sample) -> float:
    return statistics.median(sample.seconds)


async def measure(engine: str, homes: Sequence[tuple[int, Home]], *, signed: int, rounds: int, drops: int) -> Report:
    """Fill all, then measure by turns: the smallest first in one round, and last in the next."""
    load = os.getloadavg()[0]
    sized: list[Sized] = []
    costs: list[Costs] = []
    async with AsyncExitStack() as stack:
        for count, home in homes:
            await home.prepare()
            web, bot = (
                await stack.enter_async_context(home.open("web")),
                await stack.enter_async_context(home.open("bot")),
            )
            began = perf_counter()
            filled = await fill(home, web, bot, count=count, signed=signed)
            sized.append(Sized(count, filled, perf_counter() - began, []))
            costs.append(Costs(home, web, bot, count))
            await costs[-1].prepare()
            await costs[-1].round(drops)  # what is read for the first time is read from the disk
        for number in range(rounds):
            turns = list(zip(sized, costs, strict=True))
            for one, cost in turns if number % 2 == 0 else reversed(turns):
                one.rounds.append(await cost.round(drops))
    return Report(engine, load, sized)


def shown(report: Report) -> str:
    """The table of one engine."""
    sizes = [f"{one.count:,}" for one in report.sized]
    head = [f"{report.engine}: ms of CPU", *sizes, "last / first", "(least, most)", "ms, last", "last / first"]
    rows = []
    for name in report.names:
        cpu, time = report.ratios(name, _cpu), report.ratios(name, _time)
        figures = [f"{one.cpu_ms(name):.2f}" for one in report.sized]
        least_and_most = f"({min(cpu):.2f}, {max(cpu):.2f})"
        waited = f"{report.sized[-1].times(name).median_ms:.1f}"
        rows.append(
            (name, *figures, f"{statistics.median(cpu):.2f}", least_and_most, waited, f"{statistics.median(time):.2f}")
        )
    last = report.sized[-1].filled
    below = (
        f"{report.engine}: of the largest {last.signed:,} events are truly signed.  Filler are {last.whole:,} whole "
        f"drops, {last.bytes_a_drop:,.0f} bytes each, and {last.bare:,} rows of drops, {last.bytes_a_row:,.0f} each."
    )
    return "\n\n".join([table(head, rows), below])


def _sizes(context: click.Context, parameter: click.Parameter, said: str) -> list[int]:
    return sorted(int(one) for one in said.split(","))


@click.command()
@click.option("--events", default=_SIZES, show_default=True, callback=_sizes, help="Sizes: so many events, and drops.")
@click.option("--signed", default=1000, show_default=True, help="Events of each size that are no filler.")
@click.option("--rounds", default=5, show_default=True)
@click.option("--drops", default=60, show_default=True, help="Drops that live in each round.")
@click.option(
    "--json", "path", type=click.Path(dir_okay=False, path_type=Path), help="A file for what bench.plot draws."
)
@engines.option
def main(events: list[int], signed: int, rounds: int, drops: int, path: Path | None, engine: str) -> None:
    """Cost against size."""
    reports = []
    for name in engines.names(engine):
        with ExitStack() as stack:
            homes = list(zip(events, engines.several(name, len(events), stack), strict=True))
            reports.append(asyncio.run(measure(name, homes, signed=signed, rounds=rounds, drops=drops)))
        print(shown(reports[-1]), end="\n\n", flush=True)
    if path is not None:
        path.write_text(json.dumps([one.as_json() for one in reports], indent=1))


if __name__ == "__main__":
    main()
