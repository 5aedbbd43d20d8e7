"""The whole product at work: the sandbox here, bot and reveal server as programs of their own, and a browser."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sandbox.fixtures import AUDIT, SAM
from sandbox.running import Sandbox
from tests.bot.desk import Desk
from tests.programs import Running, free_port, running, until_answering
from tests.stores import Home


@dataclass
class Workplace:
    """One installation with its programs."""

    sandbox: Sandbox
    home: Home
    desk: Desk
    web: Running
    bots: list[Running] = field(default_factory=list)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    def environment(self) -> dict[str, str]:
        """What both programs are told."""
        return environment(self.home, self.sandbox, self.web.port)

    async def start_bot(self, *, module: str = "sendsecret", **settings: str) -> Running:
        """A bot that is connected to the workspace; `module` may be a launcher that dooms it."""
        log = self.home.path / f"bot-{len(self.bots)}.log"
        bot = await self._stack.enter_async_context(running([module, "bot"], self.environment() | settings, log))
        connected = asyncio.create_task(self.sandbox.wait_sockets(1, seconds=30))
        ended = asyncio.create_task(bot.process.wait())
        await asyncio.wait([connected, ended], return_when=asyncio.FIRST_COMPLETED)
        if ended.done() or not connected.result():
            raise AssertionError(f"the bot is not there:\n{bot.written()}")
        ended.cancel()
        self.bots.append(bot)
        return bot

    def logs(self) -> bytes:
        """Everything that any program wrote."""
        return b"".join(path.read_bytes() for path in Path(self.home.path).glob("*.log"))


def environment(home: Home, sandbox: Sandbox, web_port: int) -> dict[str, str]:
    """The settings of an installation whose Slack is the sandbox."""
    moved: Mapping[str, str] = {
        "PUBLIC_URL": f"http://localhost:{web_port}",
        "WEB_PORT": str(web_port),
        "SLACK_API_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "AUDIT_CHANNEL": AUDIT,
        "ADMINS": SAM,
        "LOG_LEVEL": "DEBUG",
        "LOG_FORMAT": "json",
    }
    return home.environment() | dict(moved)


@asynccontextmanager
async def workplace(home: Home) -> AsyncIterator[Workplace]:
    """A workspace and a reveal server that is ready; bots are started by the test."""
    port = free_port()
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox())
        settings = environment(home, sandbox, port)
        log = home.path / "web.log"
        web = await stack.enter_async_context(running(["sendsecret", "web"], settings, log, port=port))
        await until_answering(web, "/readyz")
        store = await stack.enter_async_context(home.open())
        yield Workplace(sandbox, home, Desk(sandbox, home, store), web, _stack=stack)
        sandbox.clear_faults()
