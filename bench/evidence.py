"""What an evidence pack costs, made and checked by the real command: `python -m bench.evidence --drops 5000`."""

import asyncio
import os
import subprocess
import sys
from dataclasses import dataclass
from time import perf_counter

import click

from bench import drops, engines
from bench.figures import table
from tests.stores import Home

_FIRST, _LAST = "2000-01-01", "2999-12-31"


@dataclass(frozen=True)
class Spent:
    """One process: how long it took, and the most memory that it held, in MiB."""

    seconds: float
    mebibytes: float


@dataclass(frozen=True)
class Report:
    """One engine: a pack made, and checked; how many files it has, and their bytes."""

    engine: str
    made: Spent
    checked: Spent
    files: int
    size: int


async def fill(home: Home, count: int) -> None:
    """An installation with so many drops."""
    await home.prepare()
    async with home.open("web") as web, home.open("bot") as bot:
        await drops.fill(home, web, bot, count)


def measure(engine: str, home: Home, count: int) -> Report:
    """Fill, make, check."""
    asyncio.run(fill(home, count))
    pack = home.path / "pack"
    made = _spent(home, ["evidence", "--from", _FIRST, "--to", _LAST, "-o", str(pack)])
    checked = _spent(home, ["verify", "--quiet", "--pack", str(pack)])
    sizes = [path.stat().st_size for path in pack.rglob("*") if path.is_file()]
    return Report(engine, made, checked, len(sizes), sum(sizes))


def _spent(home: Home, words: list[str]) -> Spent:
    began = perf_counter()
    program = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "sendsecret", *words],
        env=dict(os.environ) | home.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(program.pid, 0)
    program.returncode = os.waitstatus_to_exitcode(status)
    assert program.returncode == 0, words
    return Spent(perf_counter() - began, used.ru_maxrss / 1024)


def shown(count: int, reports: list[Report]) -> str:
    """The table."""
    head = [f"a pack of {count:,} drops", *(one.engine for one in reports)]
    rows = [
        ("making it", [f"{one.made.seconds:,.0f} s" for one in reports]),
        ("drops a second", [f"{count / one.made.seconds:,.0f}" for one in reports]),
        ("memory, at most", [f"{one.made.mebibytes:,.0f} MiB" for one in reports]),
        ("checking it", [f"{one.checked.seconds:,.0f} s" for one in reports]),
        ("memory, at most, checking", [f"{one.checked.mebibytes:,.0f} MiB" for one in reports]),
        ("files", [f"{one.files:,}" for one in reports]),
        ("bytes in them", [f"{one.size / 2**20:,.0f} MiB" for one in reports]),
    ]
    return table(head, [(name, *figures) for name, figures in rows])


@click.command()
@click.option("--drops", "count", default=5000, show_default=True, help="Drops, of seven events each.")
@engines.option
def main(count: int, engine: str) -> None:
    """What an evidence pack costs."""
    reports = [measure(name, home, count) for name, home in engines.homes(engine)]
    print(shown(count, reports))


if __name__ == "__main__":
    main()
