"""
What both programs cost while nobody uses them, and how soon they are ready: `python -m bench.idle`.

Each of them alone and both together, as `sendsecret run` starts them, on an empty installation whose Slack is the
sandbox: it stands in the bench's own process and is not counted, nor is PostgreSQL.  A first start, which writes what
Python keeps of each module, counts for nothing.
"""

import asyncio
import contextlib
import json
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import asyncpg
import click
import psutil

from bench import engines
from bench.figures import table
from bench.processes import end_in_order
from bench.spent import cpu_seconds
from sandbox.fixtures import AUDIT, SAM
from sandbox.running import Sandbox
from tests.programs import Call, Running, free_port, running
from tests.stores import Home

ALONE: Final = ("bot", "web")
BOTH: Final = "run"
_START_SECONDS: Final = 90
_MIB: Final = 2**20


@dataclass(frozen=True)
class Process:
    """
    One process while nothing happens: MiB of memory, CPU in milliseconds a second.

    `pss` counts a page of a library by its share of all programs on this machine that have it just now; `own` are pages
    that no other process can have, `libraries` those of each file.
    """

    name: str
    pss: float
    own: float
    libraries: dict[str, float]
    cpu: float


@dataclass(frozen=True)
class Start:
    """Seconds from start to ready, and how many of the processors' it took."""

    seconds: float
    cpu: float


@dataclass(frozen=True)
class Idle:
    """One engine: starts by what was started, and the processes of `sendsecret run`."""

    engine: str
    starts: dict[str, list[Start]]
    processes: list[Process]
    database_cpu: float

    @property
    def pss(self) -> float:
        """MiB of all processes of `sendsecret run`."""
        return sum(process.pss for process in self.processes)

    @property
    def alone(self) -> float:
        """The same where nobody else on the machine has one of their libraries, the bench and its sandbox neither."""
        files = {file for process in self.processes for file in process.libraries}
        once = sum(max(process.libraries.get(file, 0) for process in self.processes) for file in files)
        return once + sum(process.own for process in self.processes)

    def of(self, name: str) -> Process:
        """The process of that name."""
        return next(process for process in self.processes if process.name == name)


async def measure(engine: str, home: Home, python: str, *, starts: int, seconds: float) -> Idle:
    """Start each so often, the last of all once more and leave it alone for so long."""
    await home.prepare()
    async with Sandbox() as sandbox:
        begun: dict[str, list[Start]] = {}
        for word in (*ALONE, BOTH):
            took = [await _started(word, home, sandbox, python) for _ in range(starts + 1)]
            begun[word] = took[1:]
        processes, database = await _left_alone(home, sandbox, python, seconds)
    return Idle(engine, begun, processes, database)


async def _started(word: str, home: Home, sandbox: Sandbox, python: str) -> Start:
    """Stopped by now."""
    async with AsyncExitStack() as stack:
        program, took = await _ready(stack, word, home, sandbox, python)
        assert await program.stop() == 0, program.written()
    return took


async def _ready(stack: AsyncExitStack, word: str, home: Home, sandbox: Sandbox, python: str) -> tuple[Running, Start]:
    ports = {"web": free_port(), "bot": free_port()}
    settings = home.environment() | {
        "WEB_PORT": str(ports["web"]),
        "PUBLIC_URL": f"http://localhost:{ports['web']}",
        "BOT_METRICS_PORT": str(ports["bot"]),
        "SLACK_API_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "AUDIT_CHANNEL": AUDIT,
        "ADMINS": SAM,
    }
    del settings["TEST_CLOCK_FILE"]
    began = time.perf_counter()
    log = home.path / f"{word}.log"
    program = await stack.enter_async_context(running(["sendsecret", word], settings, log, python=python))
    for name in ALONE if word == BOTH else (word,):
        await _until_ready(program, ports[name])
    return program, Start(time.perf_counter() - began, cpu_seconds([program.process.pid]))


async def _until_ready(program: Running, port: int) -> None:
    async with asyncio.timeout(_START_SECONDS):
        while program.process.returncode is None:
            with contextlib.suppress(OSError):
                if (await Call(port, "GET", "/readyz").answer()).status == 200:
                    return
            await asyncio.sleep(0.01)
    raise AssertionError(f"the program ended:\n{program.written()}")


async def _left_alone(home: Home, sandbox: Sandbox, python: str, seconds: float) -> tuple[list[Process], float]:
    """The processes of `sendsecret run` after so long, and what the database's server spent for them meanwhile."""
    async with AsyncExitStack() as stack:
        program, _ = await _ready(stack, BOTH, home, sandbox, python)
        parent = psutil.Process(program.process.pid)
        children = {child.cmdline()[-1]: child for child in parent.children()}
        ours = {"bot": children["bot"], "web": children["web"], BOTH: parent}
        servers = await _servers(home)
        await asyncio.sleep(seconds / 6)  # what still starts is not idleness
        before, database = {name: _own_seconds(one) for name, one in ours.items()}, cpu_seconds(servers)
        await asyncio.sleep(seconds)
        spent = {name: (_own_seconds(one) - before[name]) * 1000 / seconds for name, one in ours.items()}
        database = (cpu_seconds(servers) - database) * 1000 / seconds
        processes = [_held(name, one, spent[name]) for name, one in ours.items()]
        assert await program.stop() == 0, program.written()
    return processes, database


def _held(name: str, process: psutil.Process, cpu: float) -> Process:
    maps = process.memory_maps()
    own = sum(one.anonymous for one in maps) / _MIB
    libraries = {one.path: (one.rss - one.anonymous) / _MIB for one in maps if one.rss > one.anonymous}
    return Process(name, sum(one.pss for one in maps) / _MIB, own, libraries, cpu)


async def _servers(home: Home) -> list[int]:
    """The process of PostgreSQL whose children serve this home; none on SQLite."""
    if home.database_url.startswith("sqlite"):
        return []
    connection = await asyncpg.connect(home.database_url.replace("+asyncpg", ""))
    try:
        folder = Path(await connection.fetchval("SHOW data_directory"))
    finally:
        await connection.close()
    return [int((folder / "postmaster.pid").read_text().split()[0])]


def _own_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def shown(found: list[Idle]) -> str:
    """The table."""
    rows: list[tuple[str, Callable[[Idle], str]]] = [
        ("`sendsecret bot`, seconds to ready (of CPU)", lambda one: _seconds(one.starts["bot"])),
        ("`sendsecret web`", lambda one: _seconds(one.starts["web"])),
        ("`sendsecret run`, both", lambda one: _seconds(one.starts[BOTH])),
        ("bot, MiB PSS (its own)", lambda one: _memory(one.of("bot"))),
        ("web", lambda one: _memory(one.of("web"))),
        ("their parent", lambda one: _memory(one.of(BOTH))),
        ("all three", lambda one: f"{one.pss:.1f}"),
        ("all three, were nobody else there", lambda one: f"{one.alone:.1f}"),
        ("bot, ms of CPU a second", lambda one: f"{one.of('bot').cpu:.1f}"),
        ("web", lambda one: f"{one.of('web').cpu:.1f}"),
        ("their parent", lambda one: f"{one.of(BOTH).cpu:.1f}"),
        ("PostgreSQL", lambda one: f"{one.database_cpu:.1f}" if one.engine == "postgresql" else ""),
    ]
    return table(["idle", *(one.engine for one in found)], [(name, *(of(one) for one in found)) for name, of in rows])


def _seconds(starts: list[Start]) -> str:
    median = statistics.median
    return f"{median(one.seconds for one in starts):.2f} ({median(one.cpu for one in starts):.2f})"


def _memory(process: Process) -> str:
    return f"{process.pss:.1f} ({process.own:.1f})"


@click.command()
@click.option("--starts", default=5, show_default=True, help="How often each is started; medians are shown.")
@click.option("--seconds", default=30.0, show_default=True, help="How long both are left alone.")
@click.option(
    "--python", default=sys.executable, help="Of another environment, as one with `deploy/locks/product.txt` alone."
)
@click.option("--json", "where", type=click.Path(path_type=Path), help="Where everything goes as JSON.")
@engines.option
def main(starts: int, seconds: float, python: str, where: Path | None, engine: str) -> None:
    """What both programs cost while nobody uses them."""
    end_in_order()
    found = []
    for name, home in engines.homes(engine):
        found.append(asyncio.run(measure(name, home, python, starts=starts, seconds=seconds)))
    if where is not None:
        where.write_text(json.dumps([asdict(one) for one in found], indent=1))
    print(shown(found))


if __name__ == "__main__":
    main()
