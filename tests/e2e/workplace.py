"""The whole product at work: the sandbox here, bot and reveal server as programs of their own, and a browser."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from sandbox.fixtures import AUDIT, SAM
from sandbox.running import Sandbox
from tests.bot.desk import Desk
from tests.bot.postbox import Postbox, postbox, url
from tests.programs import Running, free_port, running, until_answering
from tests.stores import Home


class Mode(StrEnum):
    """How Slack's requests reach the bot."""

    SOCKET = "socket"
    HTTP = "http"


def alternately(name: str, values: Iterable[Any]) -> pytest.MarkDecorator:
    """Each value in one mode, every other one in each: only how an envelope arrives differs, which a whole handoff in
    either mode shows."""
    cases = [(mode, value) for first, mode in enumerate(Mode) for value in list(values)[first :: len(Mode)]]
    ids = [f"{mode}-{value}" for mode, value in cases]
    return pytest.mark.parametrize(("at", name), cases, ids=ids, indirect=["at"], scope="package")


@dataclass
class Workplace:
    """One installation with its programs."""

    sandbox: Sandbox
    home: Home
    desk: Desk
    web: Running
    mail: Postbox
    mode: Mode = Mode.SOCKET
    bots: list[Running] = field(default_factory=list)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    def environment(self) -> dict[str, str]:
        """What the bot is told."""
        mail = {"SMTP_URL": url(self.mail), "SMTP_FROM": "drops@example.com"}
        return environment(self.home, self.sandbox, self.web.port) | self._slack() | mail

    async def start_bot(self, *, module: str = "sendsecret", **settings: str) -> Running:
        """A bot that is connected to the workspace; `module` may be a launcher that dooms it."""
        log = self.home.path / f"bot-{len(self.bots)}.log"
        bot = await self._stack.enter_async_context(running([module, "bot"], self.environment() | settings, log))
        connected = asyncio.create_task(self._connected())
        ended = asyncio.create_task(bot.process.wait())
        await asyncio.wait([connected, ended], return_when=asyncio.FIRST_COMPLETED)
        if ended.done() or not connected.result():
            raise AssertionError(f"the bot is not there:\n{bot.written()}")
        ended.cancel()
        self.bots.append(bot)
        return bot

    def _slack(self) -> dict[str, str]:
        if self.mode is Mode.SOCKET:
            return {"SLACK_APP_TOKEN": self.sandbox.app_token}
        port = free_port()
        self.sandbox.set("request_url", f"http://127.0.0.1:{port}/slack/events")
        return {"SLACK_SIGNING_SECRET": self.sandbox.workspace.app.signing_secret, "BOT_PORT": str(port)}

    async def _connected(self) -> bool:
        if self.mode is Mode.SOCKET:
            alive = sum(one.process.returncode is None for one in self.bots)
            return await self.sandbox.wait_sockets(alive + 1, seconds=30)
        async with asyncio.timeout(30):
            # Slack's unsigned probe: refused by a bot that listens, and not answered before.
            while await self.sandbox.ssl_check() is None:  # noqa: ASYNC110 - another program's act
                await asyncio.sleep(0.1)
        return True

    def logs(self) -> bytes:
        """Everything that any program wrote."""
        return b"".join(path.read_bytes() for path in Path(self.home.path).glob("*.log"))


def environment(home: Home, sandbox: Sandbox, web_port: int) -> dict[str, str]:
    """The settings of an installation whose Slack is the sandbox, whichever way Slack's requests come."""
    return home.environment() | {
        "PUBLIC_URL": f"http://localhost:{web_port}",
        "WEB_PORT": str(web_port),
        "SLACK_API_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "AUDIT_CHANNEL": AUDIT,
        "ADMINS": SAM,
        "LOG_LEVEL": "DEBUG",
        "LOG_FORMAT": "json",
    }


@asynccontextmanager
async def workplace(home: Home, mode: Mode = Mode.SOCKET) -> AsyncIterator[Workplace]:
    """A workspace and a reveal server that is ready; bots are started by the test."""
    port = free_port()
    async with AsyncExitStack() as stack:
        sandbox = await stack.enter_async_context(Sandbox())
        settings = environment(home, sandbox, port)
        log = home.path / "web.log"
        web = await stack.enter_async_context(running(["sendsecret", "web"], settings, log, port=port))
        await until_answering(web, "/readyz")
        store = await stack.enter_async_context(home.open())
        mail = await stack.enter_async_context(postbox())
        yield Workplace(sandbox, home, Desk(sandbox, home, store), web, mail, mode, _stack=stack)
        sandbox.clear_faults()
