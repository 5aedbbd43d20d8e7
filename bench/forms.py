"""
From a command to its form, and from a form to its seals, for fifty people at once: `python -m bench.forms`.

The real bot on SQLite against the sandbox's Slack, whose people type again and again in the same moment, over Socket
Mode and over HTTP.  `--rounds 5` is a quick look.
"""

import asyncio
import os
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from bench.figures import Times, table
from bench.office import Office, Opened, office
from bench.processes import end_in_order
from bench.submitting import Beside, Sent, fifty_at_once, one_beside_twenty
from tests.e2e.workplace import Mode
from tests.stores import Home

_WARMING, _STRANGERS = 3, 4
_BETWEEN = 0.2


@dataclass(frozen=True)
class Report:
    """One mode: commands of people who are known and who are not, the bot's CPU for one, and forms."""

    mode: Mode
    known: Sequence[Opened]
    unknown: Sequence[Opened]
    cpu_ms: float
    sent: Sent
    beside: Beside


async def measure(home: Home, mode: Mode, rounds: int) -> Report:
    """Commands first, forms afterwards."""
    await home.prepare()
    async with office(home, mode, 1 + _WARMING + _STRANGERS) as at:
        regulars, strangers = at.people[0], at.people[1:]
        for people in strangers[:_WARMING]:  # a bot that has just started
            await at.type_all(people)
        unknown = [one for people in strangers[_WARMING:] for one in await _typed(at, people)]
        await at.type_all(regulars)
        spent, known = at.cpu_seconds(), list[Opened]()
        for _ in range(rounds):
            known += await _typed(at, regulars)
        spent = at.cpu_seconds() - spent
        sent = await fifty_at_once(at, regulars)
        await asyncio.sleep(2)
        beside = await one_beside_twenty(at, regulars[0], regulars[1], regulars[2:])
    return Report(mode, known, unknown, spent * 1000 / len(known), sent, beside)


async def _typed(at: Office, people: Sequence[str]) -> list[Opened]:
    await asyncio.sleep(_BETWEEN)
    return await at.type_all(people)


def shown(reports: Sequence[Report]) -> str:
    """The table."""
    rows: list[tuple[str, Callable[[Report], str]]] = [
        ("command to form, our share, p50 / p99", lambda r: _both([one.ours for one in r.known])),
        ("the same, apart from others' processes", lambda r: _both([one.alone for one in r.known])),
        ("somebody new to the bot, p50 / p99", lambda r: _both([one.ours for one in r.unknown])),
        ("the same, apart from others' processes", lambda r: _both([one.alone for one in r.unknown])),
        ("the bot's CPU a command", lambda r: f"{r.cpu_ms:.1f} ms"),
        ("fifty forms at once: sent, busy, other", lambda r: r.sent.in_words),
        ("until the answer, p50 / p99", lambda r: f"{r.sent.answered.median_ms:.0f} / {r.sent.answered.p99_ms:.0f} ms"),
        ("seals that began within 0.5 s / 1 s / 1.5 s", lambda r: " / ".join(map(str, r.sent.waits))),
        ("one alone: until the answer", lambda r: f"{r.beside.alone:.2f} s"),
        ("one beside twenty of another's", lambda r: f"{r.beside.one:.2f} s"),
        ("the twenty", lambda r: f"{r.beside.twenty:.2f} s"),
    ]
    head = ["fifty people at once", *(one.mode for one in reports)]
    return table(head, [(name, *(figure(one) for one in reports)) for name, figure in rows])


def _both(seconds: Sequence[float]) -> str:
    times = Times(seconds)
    return f"{times.median_ms:.0f} / {times.p99_ms:.0f} ms"


@click.command()
@click.option("--rounds", default=40, show_default=True, help="How often the fifty type.")
def main(rounds: int) -> None:
    """What lies between a command and its form, and between a form and its seals."""
    end_in_order()
    reports, before = [], os.getloadavg()[0]
    for mode in Mode:
        with tempfile.TemporaryDirectory(prefix="bench") as folder:
            home = Home(Path(folder), f"sqlite+aiosqlite:///{folder}/store.db")
            reports.append(asyncio.run(measure(home, mode, rounds)))
    print(shown(reports))
    print(f"\n{os.cpu_count()} processors; load average {before:.1f} before and {os.getloadavg()[0]:.1f} after.")


if __name__ == "__main__":
    main()
