"""The bot in HTTP mode: Slack's requests over a real port, and requests that only look like Slack's."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sandbox.running import Sandbox
from tests.bot.desk import Desk, working
from tests.bot.signing import Signed
from tests.canaries import is_in
from tests.programs import free_port
from tests.stores import Home
from tests.web.wire import Reply, exchange

CANARY = 'canary"secret/ü+51H8x'
OWN_HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


@dataclass
class Posting:
    """A bot that listens, and everything that it logs."""

    desk: Desk
    port: int
    log: io.StringIO
    secret: str

    async def post(self, request: Signed, **headers: str) -> Reply:
        """One request on a connection of its own."""
        return await exchange(self.port, request.raw(**headers))

    def logged(self, word: str) -> list[str]:
        """The lines of the log that hold a word."""
        return [line for line in self.log.getvalue().splitlines() if word in line]

    def check_silent(self, *more: str) -> None:
        """Nothing that was sent, and no secret of ours, is in the log."""
        for canary in (CANARY, self.secret, "x-slack-", "v0=", "Traceback", *more):
            assert not is_in(canary.encode(), self.log.getvalue().encode()), canary


@asynccontextmanager
async def posting(sandbox: Sandbox, home: Home, log: io.StringIO, **changed: object) -> AsyncIterator[Posting]:
    """The bot in HTTP mode, serving this workspace until the block ends."""
    port, secret = free_port(), sandbox.workspace.app.signing_secret
    sandbox.set("request_url", f"http://127.0.0.1:{port}/slack/events")
    settings = {"slack_app_token": None, "slack_signing_secret": secret, "bot_port": port, "log_level": "DEBUG"}
    async with working(sandbox, home, **{**settings, **changed}) as desk:
        yield Posting(desk, port, log, secret)


def check_plain(reply: Reply) -> None:
    """The headers of every answer, and no software's name."""
    assert "server" not in reply.headers
    assert {name: reply.headers.get(name) for name in OWN_HEADERS} == OWN_HEADERS
    assert is_in(b"canary", reply.body) is False
