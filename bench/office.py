"""
Fifty people in the sandbox's Slack, the real bot, and a relay between the two that says when what went by.

Our share of a command is the time from its last byte on its way to the bot until the first byte of the trigger on its
way back to Slack in `views.open`, without the time that Slack took to say who somebody is.  Where other programs have
the processors, the kernel's own count of how long the bot was kept waiting for one says what is theirs.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from bench.relay import Seen
from bench.spent import cpu_seconds
from sandbox.fixtures import GENERAL, TEAM
from sandbox.people import Person
from sandbox.running import Sandbox
from tests.e2e.workplace import Mode, environment
from tests.programs import ROOT, Call, Running, free_port, running, until_answering
from tests.scraped import Scraped, scraped
from tests.stores import Home

PEOPLE: Final = 50
_OPENED_WITHIN: Final = 30.0
_LARGEST: Final = 2**28


@dataclass(frozen=True)
class Opened:
    """
    One command whose form was asked for: our share of it in seconds, and whether the bot had to look somebody up.

    `queued`: how much of it the bot was ready to run and had no processor.
    """

    ours: float
    queued: float
    is_known: bool

    @property
    def alone(self) -> float:
        """Our share, had the bot been alone on its processor."""
        return max(0.0, self.ours - self.queued)


@dataclass
class Office:
    """The bot at work; `people` are full members, in groups of `PEOPLE`, the first of whom it comes to know."""

    sandbox: Sandbox
    bot: Running
    relay: asyncio.subprocess.Process
    metrics_port: int
    people: Sequence[Sequence[str]]

    async def type_all(self, people: Sequence[str]) -> list[Opened]:
        """They type the command at once; one for each of them, once every form is open."""
        stacks = self.sandbox.workspace.modals.stacks
        for one in people:
            stacks.pop(one, None)
        await self._seen()
        async with asyncio.timeout(_OPENED_WITHIN):
            answers = await asyncio.gather(*(self.sandbox.type(one, GENERAL, "/sendsecret @noor") for one in people))
            while not all(stacks.get(one) for one in people):  # noqa: ASYNC110 - another program's act
                await asyncio.sleep(0.02)
        assert all(one["outcome"] == "acked" for one in answers), answers
        return _opened(await self._seen(), self.sandbox)

    async def counted(self) -> Scraped:
        """What the bot tells of itself."""
        return scraped((await Call(self.metrics_port, "GET", "/metrics").answer()).body)

    def cpu_seconds(self) -> float:
        """What the bot has spent."""
        return cpu_seconds([self.bot.process.pid])

    async def _seen(self) -> list[Seen]:
        assert self.relay.stdin is not None
        assert self.relay.stdout is not None
        self.relay.stdin.write(b"%d\n" % self.bot.process.pid)
        return [Seen(**one) for one in json.loads(await self.relay.stdout.readline())]


def _opened(seen: Sequence[Seen], sandbox: Sandbox) -> list[Opened]:
    issued = sandbox.workspace.triggers._issued
    came: dict[str, Seen] = {}
    asked: dict[int, Seen] = {}
    waits: dict[str, tuple[float, float]] = {}
    opened = []
    for one in seen:
        if not one.by_bot and one.connection in asked:
            before = asked.pop(one.connection)
            waits[before.what] = one.at - before.at, one.queued - before.queued
        if one.what in issued and not one.by_bot:
            came[one.what] = one
        elif one.what in issued and one.what in came:
            user, before = issued[one.what].user, came.pop(one.what)
            wait, queued = waits.get(user, (0.0, 0.0))
            opened.append(
                Opened(one.at - before.at - wait, one.queued - before.queued - queued, is_known=user not in waits)
            )
        elif one.what and one.by_bot:
            asked[one.connection] = one
    assert not came, "a command without a form"
    return opened


@asynccontextmanager
async def office(home: Home, mode: Mode, groups: int) -> AsyncIterator[Office]:
    """On an installation that is prepared; so many groups of people."""
    ids = [[f"U0P{group:03}{number:03}" for number in range(PEOPLE)] for group in range(groups)]
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox())
        for one in (one for group in ids for one in group):
            sandbox.workspace.people[one] = Person(one, one.lower(), f"Person {one}", TEAM)
            sandbox.workspace.conversations[GENERAL].members.add(one)
        # On a machine with other work nobody gives up: what is late is counted with its lateness.
        for name in ("ack_seconds", "trigger_seconds"):
            sandbox.set(name, _OPENED_WITHIN)
        slack, in_front, bot, metrics = (free_port() for _ in range(4))
        ways = [f"{slack}:{sandbox.port}", f"{in_front}:{bot}"]
        relay = await stack.enter_async_context(_relay(ways))
        settings = environment(home, sandbox, free_port()) | {"LOG_LEVEL": "INFO", "BOT_METRICS_PORT": str(metrics)}
        del settings["TEST_CLOCK_FILE"]
        settings["SLACK_API_URL"] = f"http://127.0.0.1:{slack}/api/"
        # What the sandbox says of itself, the socket's address too, leads through the relay.
        sandbox.workspace.base_url = f"http://127.0.0.1:{slack}"
        if mode is Mode.SOCKET:
            settings["SLACK_APP_TOKEN"] = sandbox.app_token
        else:
            sandbox.set("request_url", f"http://127.0.0.1:{in_front}/slack/events")
            secret = sandbox.workspace.app.signing_secret
            settings |= {"SLACK_SIGNING_SECRET": secret, "BOT_PORT": str(bot)}
        program = await stack.enter_async_context(
            running(["sendsecret", "bot"], settings, home.path / "bot.log", port=metrics)
        )
        await until_answering(program, "/readyz")
        yield Office(sandbox, program, relay, metrics, ids)
        assert await program.stop() == 0


@asynccontextmanager
async def _relay(ways: Sequence[str]) -> AsyncIterator[asyncio.subprocess.Process]:
    pipes: dict[str, Any] = {"stdin": asyncio.subprocess.PIPE, "stdout": asyncio.subprocess.PIPE}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.relay", *ways, cwd=ROOT, limit=_LARGEST, **pipes
    )
    try:
        assert process.stdout is not None
        await process.stdout.readline()
        yield process
    finally:
        process.kill()
        await process.wait()
