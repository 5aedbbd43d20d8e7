"""
What every answer must be, whatever was asked: no failure of ours, nothing of the request in an error, all headers.

A 5xx is a failure, except for the one that is documented: 503, "try again", which says so in words.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from tests.fuzz.requests_at_random import Sent
from tests.web import wire
from tests.web.test_headers import API_POLICY, EVERYWHERE

_SECONDS: Final = 60
_DOCUMENTED_503: Final = {"unavailable", "key-unreadable"}
_IMMUTABLE: Final = "public, max-age=31536000, immutable"
_BOT: Final = {"content-security-policy": API_POLICY, "x-content-type-options": "nosniff", "cache-control": "no-store"}
_UNGUARDED: Final[dict[str, str]] = {}


class WrongAnswerError(AssertionError):
    """An answer that must not be, or none where there must be one."""


def require_of_web(reply: wire.Reply) -> None:
    """The headers of DESIGN section 11.  Raises WrongAnswerError."""
    _require(reply, EVERYWHERE)
    policy, caching = reply.headers.get("content-security-policy", ""), reply.headers.get("cache-control", "")
    if not policy.startswith("default-src 'none'") or "camera=()" not in reply.headers.get("permissions-policy", ""):
        raise WrongAnswerError("without its policy")
    if caching != "no-store" and (reply.status != 200 or caching not in (_IMMUTABLE, *_PUBLISHED)):
        raise WrongAnswerError(f"may be kept: {caching}")


_PUBLISHED: Final = ("public, max-age=1", "public, max-age=5", "public, max-age=300", "no-cache")


def require_of_bot(reply: wire.Reply) -> None:
    """What the bot's HTTP mode puts on each answer.  Raises WrongAnswerError."""
    _require(reply, _BOT)


def require_of_metrics(reply: wire.Reply) -> None:
    """The ports of metrics are for operators alone; they name no software either.  Raises WrongAnswerError."""
    _require(reply, _UNGUARDED)


def _require(reply: wire.Reply, headers: dict[str, str]) -> None:
    for name, value in headers.items():
        if reply.headers.get(name) != value:
            raise WrongAnswerError(f"without {name}: {value}")
    for name in ("server", "set-cookie", "x-powered-by"):
        if name in reply.headers:
            raise WrongAnswerError(f"with {name}")
    if any(name.startswith("access-control-") for name in reply.headers):
        raise WrongAnswerError("another site may read it")


@dataclass
class Judge:
    """Sends requests on connections that are used as long as they last, and holds each answer against its guard."""

    port: int
    guard: Callable[[wire.Reply], None]
    may_fail: bool = False
    """Whether 500 may be: a listener need not understand whatever Slack could sign, and says no more than that."""
    statuses: Counter[str] = field(default_factory=Counter)
    _open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, sent: Sent) -> None:
        """Raises WrongAnswerError."""
        async with asyncio.timeout(_SECONDS):
            for _ in range(2):
                was_used = self._open is not None
                try:
                    reply = await self._exchange(sent)
                except (OSError, asyncio.IncompleteReadError) as error:
                    await self.close()
                    if was_used:
                        continue  # it was closed behind the answer before
                    if sent.is_whole:
                        raise WrongAnswerError("no answer") from error
                    self.statuses["closed"] += 1
                    return
                break
            else:
                raise WrongAnswerError("no answer, twice")
        self._judge(reply, sent)
        self.statuses[str(reply.status)] += 1
        # A request that was not whole may leave bytes behind that are no request.
        if not sent.is_whole or reply.headers.get("connection") == "close" or reply.status in (400, 408, 413):
            await self.close()

    def _judge(self, reply: wire.Reply, sent: Sent) -> None:
        self.guard(reply)
        is_documented = reply.status == 503 and reply.slug in _DOCUMENTED_503
        if reply.status >= 500 and not is_documented and not self.may_fail:
            raise WrongAnswerError(f"{reply.status}")
        said = f"{reply.headers} ".encode() + reply.body
        if reply.status >= 400 and sent.canary.encode() in said.lower():
            raise WrongAnswerError("what was sent is repeated")
        if b"traceback" in said.lower() or b"aiohttp" in said.lower():
            raise WrongAnswerError("it names what broke")

    async def _exchange(self, sent: Sent) -> wire.Reply:
        if self._open is None:
            self._open = await asyncio.open_connection("127.0.0.1", self.port)
        reader, writer = self._open
        writer.write(sent.raw)
        if not sent.is_whole:
            writer.write_eof()
        while True:
            reply = await wire.read_reply(reader, has_body=sent.has_body)
            if reply.status != 100:
                return reply

    async def close(self) -> None:
        """Give the connection up."""
        if self._open is not None:
            self._open[1].close()
            self._open = None
