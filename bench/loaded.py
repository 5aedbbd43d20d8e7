"""
Claims while other things go on: `python -m bench.loaded` measures it; `--seconds 3 --leaves 5000` for a quick look.

Claims come at a rate that a quiet program bears easily, in rounds by turns: quiet, with something going on, quiet, with
something else going on, ...  What counts is the p99 of a round against that of the two quiet ones around it.
"""

import asyncio
import json
import os
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import click

from bench import disturbing, engines
from bench.figures import Times, table
from bench.many_drops import Template
from bench.open_loop import Answered, offered
from bench.ours import as_bot, claim_of, web
from bench.processes import end_in_order
from store.opened import Store
from tests.stores import Home

CLAIMS: Final = 100
GUESSES: Final = 200
QUIET: Final = "quiet"
LOADS: Final = {
    "wrong guesses": {"guesses"},
    "an export": {"export"},
    "an expiry": {"expiry"},
    "all of it": {"guesses", "export", "expiry"},
}
_OK: Final = 200
_WRONG: Final = 403


@dataclass(frozen=True)
class Round:
    """What went on; the claims' seconds from due to answered; how many were not answered as they should be."""

    what: str
    seconds: list[float]
    refused: int
    guesses_refused: int
    ended: int
    ended_in: float


@dataclass(frozen=True)
class Report:
    """One engine, its rounds in the order in which they were: every other one is quiet."""

    engine: str
    load_before: float
    rounds: list[Round]

    def times(self, what: str) -> tuple[Times, Times]:
        """Of the rounds with this going on, and of the quiet ones around them."""
        loaded: list[float] = []
        quiet: list[float] = []
        for before, this, after in zip(self.rounds, self.rounds[1:], self.rounds[2:], strict=False):
            if this.what == what:
                loaded += this.seconds
                quiet += before.seconds + after.seconds
        return Times(loaded), Times(quiet)


@dataclass(frozen=True)
class Asked:
    """How much of everything."""

    seconds: float
    passes: int
    leaves: int
    drops: int


class Engine:
    """One engine's program, and what its rounds need."""

    def __init__(self, home: Home, port: int, bot: Store, template: Template, pack: str, asked: Asked) -> None:
        self._home, self._port, self._bot, self._template = home, port, bot, template
        self._pack, self._asked = pack, asked

    async def round(self, what: str) -> Round:
        """Fill, let it go on, claim beside it, clear away."""
        seconds, loads = self._asked.seconds, LOADS.get(what, set())
        claimed = [claim_of(one, secrets.token_bytes(32)) for one in await self._template.more(int(seconds * CLAIMS))]
        count = int(seconds * GUESSES) if "guesses" in loads else 0
        guesses = disturbing.wrong(await self._template.more(disturbing.drops_for(count)), count)
        over = await self._template.more(self._asked.drops if "expiry" in loads else 0)
        async with AsyncExitStack() as stack:
            if "export" in loads:
                await stack.enter_async_context(
                    disturbing.exporting(self._home, self._port, self._asked.leaves, self._pack)
                )
            ended_before = await disturbing.expired(self._bot)
            began = time.perf_counter()
            if over:
                await disturbing.expire(self._bot, over)
            claims, guessed = await asyncio.gather(self._offered(claimed, CLAIMS), self._offered(guesses, GUESSES))
            took = time.perf_counter() - began
            ended = await disturbing.expired(self._bot) - ended_before
        await self._template.clear()
        return Round(what, claims.seconds, claims.other_than(_OK), guessed.other_than(_WRONG), ended, took)

    async def _offered(self, requests: list[bytes], rate: float) -> Answered:
        return await offered(self._port, requests, rate) if requests else Answered()


@asynccontextmanager
async def ready(home: Home, asked: Asked) -> AsyncIterator[Engine]:
    """The program on a store with a log of so many leaves."""
    await home.prepare()
    pack = await disturbing.prepare_export(home, asked.leaves)
    async with web(home) as program, as_bot(home) as bot:
        template = await Template.make(home, bot)
        yield Engine(home, program.port, bot, template, pack, asked)


async def measure(name: str, home: Home, asked: Asked) -> Report:
    """Everything about one engine."""
    load_before = os.getloadavg()[0]
    began = time.perf_counter()
    async with ready(home, asked) as engine:
        _say(f"{name}: filled in {time.perf_counter() - began:.0f} s")
        await engine.round(QUIET)  # what is done once is done
        rounds = [await engine.round(QUIET)]
        for what in [*LOADS] * asked.passes:
            rounds += [await engine.round(what), await engine.round(QUIET)]
            _say(f"{name}: {what}: p99 {Times(rounds[-2].seconds).p99_ms:.1f} ms")
    return Report(name, load_before, rounds)


def shown(reports: list[Report]) -> str:
    """The tables."""
    head = ["claims, p50 / p99 in ms", *(one.engine for one in reports)]
    rows = []
    for what in LOADS:
        rows.append(("quiet, around the next", *(_both(one.times(what)[1]) for one in reports)))
        rows.append((f"**{what}**", *(_both(one.times(what)[0]) for one in reports)))
        rows.append(("p99, loaded / quiet", *(_ratio(*one.times(what)) for one in reports)))
    rows += [
        (f"drops ended a second, {what}", *(f"{_pace(one, what):,.1f}" for one in reports))
        for what, loads in LOADS.items()
        if "expiry" in loads
    ]
    rows.append(("load average before", *(f"{one.load_before:.1f}" for one in reports)))
    rows.append(("claims and guesses not answered as they should", *(str(_refused(one)) for one in reports)))
    return table(head, rows)


def _both(times: Times) -> str:
    return f"{times.median_ms:.1f} / {times.p99_ms:.1f}"


def _ratio(loaded: Times, quiet: Times) -> str:
    return f"{loaded.p99_ms / quiet.p99_ms:.2f}"


def _pace(report: Report, what: str) -> float:
    rounds = [one for one in report.rounds if one.what == what]
    return sum(one.ended for one in rounds) / sum(one.ended_in for one in rounds)


def _refused(report: Report) -> int:
    return sum(one.refused + one.guesses_refused for one in report.rounds)


def _say(line: str) -> None:
    click.echo(line, err=True)


@click.command()
@click.option("--seconds", default=5.0, show_default=True, help="Of a round.")
@click.option("--passes", default=1, show_default=True, help="How often there is a round of each.")
@click.option("--leaves", default=100_000, show_default=True, help="Of the log that is exported.")
@click.option("--drops", default=10_000, show_default=True, help="That end at the same second.")
@click.option("--json", "into", type=click.Path(path_type=Path), help="A file for everything, each claim's time too.")
@engines.option
def main(seconds: float, passes: int, leaves: int, drops: int, into: Path | None, engine: str) -> None:
    """Claims while other things go on."""
    end_in_order()
    asked = Asked(seconds, passes, leaves, drops)
    reports = [asyncio.run(measure(name, home, asked)) for name, home in engines.homes(engine)]
    print(shown(reports))
    if into is not None:
        into.write_text(json.dumps({"asked": asdict(asked), "engines": [asdict(one) for one in reports]}))


if __name__ == "__main__":
    main()
