"""
An installation on many hosts: one with PostgreSQL and the pretend Slack, two with a bot, three with a reveal server.

The programs are the real ones.  All hosts share one keyring: a folder, or a server on a host of its own, and then each
host has a copy of the KEYRING_DIR.  Each bot's host has a copy of the SIGNING_DIR.
"""

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from sandbox.fixtures import AUDIT, SAM
from tests.hosts.network import ROOT, Host, Network
from tests.programs import START_SECONDS, Call, Running, running
from tests.stores import Home

PORT: Final = 8080
_SLACK_PORT: Final = 8400
_METRICS_PORT: Final = 9100
BOTS: Final = ("bot1", "bot2")
WEBS: Final = ("web1", "web2", "web3")


@dataclass
class Place:
    """A host with one program on it, which comes and goes."""

    host: Host
    program: str
    environment: dict[str, str]
    folder: Path
    logs: list[Path] = field(default_factory=list)
    running: Running | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def name(self) -> str:
        return self.host.name

    async def start(self) -> None:
        """Start it; it may not be ready when this returns."""
        self.logs.append(self.folder / f"{self.program}-{len(self.logs)}.log")
        started = running(["tests.hosts.held", self.program], self.environment, self.logs[-1], within=self.host.within)
        self.running = await self._stack.enter_async_context(started)

    async def until_ready(self) -> None:
        """Wait until it says that it lacks nothing; fail with its log where it ended instead."""
        async with asyncio.timeout(START_SECONDS):
            while not await self.is_ready():
                if self.running is not None and self.running.process.returncode is not None:
                    raise AssertionError(f"{self.name} ended:\n{self.running.written()}")
                await asyncio.sleep(0.2)

    async def until_checkpoint(self) -> None:
        """Wait until this bot has let out the first checkpoint of the log."""
        async with asyncio.timeout(START_SECONDS):
            while not (self.folder / "signing" / "checkpoint.latest").exists():  # noqa: ASYNC110 - another program's act
                await asyncio.sleep(0.1)

    async def is_ready(self) -> bool:
        """Whether it answers, and lacks nothing."""
        port = PORT if self.program == "web" else _METRICS_PORT
        try:
            async with asyncio.timeout(2):
                return (await Call(port, "GET", "/readyz", host=self.host.address).answer()).status == 200
        except (OSError, TimeoutError):
            return False

    async def kill(self) -> None:
        """SIGKILL."""
        assert self.running is not None
        await self.running.kill()

    async def stop(self) -> None:
        """SIGTERM, and wait for its end."""
        assert self.running is not None
        await self.running.stop()

    async def close(self) -> None:
        """Whatever still runs ends."""
        await self._stack.aclose()

    def written(self) -> str:
        """All that it has ever logged."""
        return "".join(log.read_text(errors="replace") for log in self.logs)


@dataclass
class Places:
    """All of them.  `home` reaches the database by its socket, whatever is cut off."""

    network: Network
    home: Home
    slack: dict[str, str]
    bots: list[Place]
    webs: list[Place]
    keys: Host | None = None
    """Where the keyring's server is."""

    def every(self) -> list[Place]:
        """Each place with a program of ours."""
        return [*self.bots, *self.webs]


@asynccontextmanager
async def places(folder: Path, *, on_server: bool) -> AsyncIterator[Places]:
    """Make the network, start everything, and wait until all of it is ready.  `on_server`: the keys of drops."""
    network = Network()
    data = network.add("data", has_loopback=True)
    async with AsyncExitStack() as stack:
        slack = await _data_host(stack, data, _SLACK_PORT)
        keys = network.add("keys") if on_server else None
        told = await _data_host(stack, keys) if keys else {}
        home = Home(folder, slack.pop("local"), told.get("local", ""))
        await home.prepare()
        environment = home.environment() | {"DATABASE_URL": slack.pop("elsewhere"), "LOG_LEVEL": "INFO"}
        if keys:
            environment["KEYRING_URL"] = told["elsewhere"]
        there = Places(network, home, slack, [], [], keys)
        # The first bot opens the log, before its SIGNING_DIR is copied: a host that has never seen a checkpoint does
        # not write to a log that has let one out.
        for name in BOTS:
            there.bots.append(_bot(network.add(name), environment, home, slack))
            await _started(there.bots[-1], stack)
            if len(there.bots) == 1:
                await there.bots[0].until_checkpoint()
                shutil.copytree(there.bots[0].folder / "signing", home.signing, dirs_exist_ok=True)
        for name in WEBS:
            there.webs.append(_web(network.add(name), environment, home))
            await _started(there.webs[-1], stack)
        for place in there.every():
            await place.until_ready()
        yield there


async def _started(place: Place, stack: AsyncExitStack) -> None:
    stack.push_async_callback(place.close)
    await place.start()


async def _data_host(stack: AsyncExitStack, host: Host, *port: int) -> dict[str, str]:
    words = [*host.within, sys.executable, "-m", "tests.hosts.data_host", host.address, *map(str, port)]
    process = await asyncio.create_subprocess_exec(
        *words, cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    stack.callback(process.stdin.close)
    async with asyncio.timeout(START_SECONDS):
        told: dict[str, str] = json.loads(await process.stdout.readline())
    return told


def _bot(host: Host, environment: dict[str, str], home: Home, slack: dict[str, str]) -> Place:
    folder = home.path / host.name
    shutil.copytree(home.signing, folder / "signing")
    own = _keyring_dir(home, folder) | {
        "SIGNING_DIR": str(folder / "signing"),
        "HOLD_FOLDER": str(folder),
        "METRICS_HOST": host.address,
        "BOT_METRICS_PORT": str(_METRICS_PORT),
        "SLACK_BOT_TOKEN": slack["bot_token"],
        "SLACK_APP_TOKEN": slack["app_token"],
        "SLACK_API_URL": slack["api_url"],
        "AUDIT_CHANNEL": AUDIT,
        "ADMINS": SAM,
    }
    return Place(host, "bot", environment | own, folder)


def _web(host: Host, environment: dict[str, str], home: Home) -> Place:
    folder = home.path / host.name
    folder.mkdir()
    own = _keyring_dir(home, folder) | {"HOLD_FOLDER": str(folder), "METRICS_HOST": host.address}
    own |= {"WEB_METRICS_PORT": str(_METRICS_PORT)}
    return Place(host, "web", environment | own | {"WEB_HOST": host.address, "WEB_PORT": str(PORT)}, folder)


def _keyring_dir(home: Home, folder: Path) -> dict[str, str]:
    """What does not change is copied to each host where the rest is on a server; else there is one folder."""
    if not home.keyring_url:
        return {}
    shutil.copytree(home.keyring, folder / "keyring")
    return {"KEYRING_DIR": str(folder / "keyring")}
