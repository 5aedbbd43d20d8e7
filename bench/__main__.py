"""
`python -m bench`: the hot path beside floors and SnapPass, and who gets a secret when fifty ask at once.

Ours and the floors run on the same PostgreSQL server and the same disk, SnapPass beside them; all of them are up at
once, and rounds go by turns.  `--passes 1 --seconds 2` is a quick look.
"""

import asyncio
import os
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Final

import asyncpg
import click

from bench import floors, installing, ours, race, snappass
from bench.contest import Entry, contest
from bench.contestants import Contestant
from bench.processes import end_in_order
from bench.report import POSTGRESQL, SNAPPASS, SQLITE, Machine, Report
from store.medium import medium
from tests.postgres import Postgres, running
from tests.stores import Home

_WRITES: Final = 200


@click.command()
@click.option("--passes", default=4, show_default=True, help="How often everything is measured.")
@click.option("--seconds", default=5.0, show_default=True, help="How long a round takes, filling it apart.")
@click.option("--only", multiple=True, help="A measure: claim, claim + acknowledge, door, create. May stand twice.")
@click.option("--race/--no-race", "is_raced", default=True, help="Whether fifty readers ask for one secret at the end.")
@click.option("--json", "where", type=click.Path(path_type=Path), help="Where the report goes as JSON.")
def main(passes: int, seconds: float, only: tuple[str, ...], is_raced: bool, where: Path | None) -> None:
    """Ours, the floors and SnapPass, by turns."""
    end_in_order()
    report = asyncio.run(_measure(passes, seconds, set(only), is_raced=is_raced))
    if where is not None:
        where.write_text(report.as_json())
    print(report.shown())


async def _measure(passes: int, seconds: float, only: set[str], *, is_raced: bool) -> Report:
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench")))
        server = stack.enter_context(running())
        pid = int((server.folder / "postmaster.pid").read_text().split()[0])
        (folder / "p").mkdir()
        (folder / "s").mkdir()
        homes = [
            Home(folder / "p", server.new_database()),
            Home(folder / "s", f"sqlite+aiosqlite:///{folder}/s/store.db"),
        ]
        everybody: list[Contestant] = [
            await stack.enter_async_context(floors.bare(folder)),
            await stack.enter_async_context(floors.on_postgresql(folder, server.new_database(), pid)),
            await stack.enter_async_context(ours.ours(POSTGRESQL, homes[0], [pid])),
            await stack.enter_async_context(floors.on_sqlite(folder)),
            await stack.enter_async_context(ours.ours(SQLITE, homes[1], [])),
        ]
        missing = []
        if installing.has_snappass():
            everybody.append(await stack.enter_async_context(snappass.snappass(folder)))
        else:
            missing.append("SnapPass, which is not installed here with gunicorn and Redis (`make rivals`)")
        machine = Machine(
            disk=medium(folder),
            fsync_ms=_fsync_ms(folder),
            postgresql=await _version(server),
            floors_on=floors.loop(folder),
            load_before=os.getloadavg()[0],
            missing=missing,
        )
        found = await contest(_entries(everybody, only), passes=passes, seconds=seconds, say=_say)
        races = await _races(everybody, homes) if is_raced else []
    return Report(machine, seconds, found, races)


async def _races(everybody: list[Contestant], homes: list[Home]) -> list[race.Race]:
    by_name = {one.name: one for one in everybody}
    races = [
        await race.of_ours(name, home, [by_name[name].port])
        for name, home in zip((POSTGRESQL, SQLITE), homes, strict=True)
    ]
    if SNAPPASS in by_name:
        races.append(await race.of_snappass(by_name[SNAPPASS].port))
    return races


def _entries(everybody: list[Contestant], only: set[str]) -> list[Entry]:
    measures = ["claim", "claim + acknowledge", "door", "create"]
    entries = []
    for measure in measures:
        if not only or measure in only:
            able = [one for one in everybody if one.can(measure)]
            entries += [(one, measure) for one in able]
    return entries


def _fsync_ms(folder: Path) -> float:
    took = []
    with (folder / "fsync").open("wb") as file:
        for _ in range(_WRITES):
            file.write(bytes(4096))
            file.flush()
            began = time.perf_counter()
            os.fdatasync(file.fileno())
            took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000


async def _version(server: Postgres) -> str:
    connection = await asyncpg.connect(server.new_database().replace("postgresql+asyncpg", "postgresql"))
    try:
        version = connection.get_server_version()
    finally:
        await connection.close()
    return f"PostgreSQL {version.major}.{version.minor}"


def _say(line: str) -> None:
    click.echo(line, err=True)


if __name__ == "__main__":
    main()
