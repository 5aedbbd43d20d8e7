"""
What a log of many events costs: claims beside its sequencer, proofs, the sequencer itself, and room on disk.

`python -m bench.log` measures it; `--events 5000` for a quick look.
"""

import asyncio
import random
import statistics
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from time import perf_counter

import click

from bench import engines
from bench.claiming import Compared, compare
from bench.figures import Times, table
from bench.filling import Filled, fill
from bench.sequencing import another_process
from bench.stepping import EVENTS, Steps, steps
from store.log import proofs
from tests.stores import Home

_PROOFS = 400
_CLAIMING_SECONDS = 90.0


@dataclass(frozen=True)
class Report:
    """One engine."""

    engine: str
    filled: Filled
    included: Times
    extended: Times
    steps: Steps
    claims: Compared


async def measure(engine: str, home: Home, *, count: int, rounds: int, drops: int) -> Report:
    """Everything about one engine, in this order; a log of `count` events and more."""
    await home.prepare()
    async with home.open("web") as web, home.open("bot") as bot, another_process(home) as sequencer:
        filled = await fill(home, web, bot, count)
        chosen = random.Random(count)  # noqa: S311 - the same places in every run

        async def included() -> None:
            proven = await proofs.of_event(web, chosen.choice(filled.jtis))
            assert proven is not None
            assert proven.proof is not None

        async def extended() -> None:
            await proofs.consistency(web, 1, chosen.randint(1, count), count)

        inclusion, consistency = await _times(included), await _times(extended)
        stepped = await steps(home, web, bot)
        claims = await compare(web, bot, sequencer, rounds=rounds, drops=drops, seconds=_CLAIMING_SECONDS)
    return Report(engine, filled, inclusion, consistency, stepped, claims)


async def _times(act: Callable[[], Awaitable[None]]) -> Times:
    seconds = []
    for _ in range(_PROOFS):
        began = perf_counter()
        await act()
        seconds.append(perf_counter() - began)
    return Times(seconds)


def shown(count: int, reports: list[Report]) -> str:
    """The table."""
    head = [f"a log of {count:,} events", *(report.engine for report in reports)]
    rows: list[tuple[str, Callable[[Report], str]]] = [
        ("claims a second, without a sequencer", lambda r: f"{r.claims.without.rate:,.0f}"),
        ("claims a second, beside a sequencer", lambda r: f"{r.claims.beside.rate:,.0f}"),
        ("beside / without: middle (worst, best) pair", lambda r: _ratio(r.claims)),
        ("a claim without, median / p99", lambda r: _both(r.claims.without.times)),
        ("a claim beside, median / p99", lambda r: _both(r.claims.beside.times)),
        ("an inclusion proof, median / p99", lambda r: _both(r.included)),
        ("a consistency proof, median / p99", lambda r: _both(r.extended)),
        (f"a step of {EVENTS} events, median / p99", lambda r: _both(r.steps.whole)),
        ("in it: transactions that write", lambda r: _both(r.steps.writing)),
        ("leaves a second into the log", lambda r: f"{len(r.filled.jtis) / r.filled.sequenced:,.0f}"),
        ("bytes of database an event", lambda r: f"{r.filled.bytes_an_event:,.0f}"),
    ]
    return table(head, [(name, *(figure(report) for report in reports)) for name, figure in rows])


def _ratio(claims: Compared) -> str:
    ratios = claims.ratios
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f}, {max(ratios):.2f})"


def _both(times: Times) -> str:
    return f"{times.median_ms:.1f} / {times.p99_ms:.1f} ms"


@click.command()
@click.option("--events", default=100_000, show_default=True, help="How many events the log holds before claims.")
@click.option("--rounds", default=16, show_default=True, help="Rounds of claims with and as many without a sequencer.")
@click.option("--drops", default=200, show_default=True, help="Claims a round.")
@engines.option
def main(events: int, rounds: int, drops: int, engine: str) -> None:
    """What the log costs."""
    reports = []
    for name, home in engines.homes(engine):
        reports.append(asyncio.run(measure(name, home, count=events, rounds=rounds, drops=drops)))
    print(shown(events, reports))


if __name__ == "__main__":
    main()
