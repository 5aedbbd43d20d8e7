"""Another program that is told of events: on loopback, written with `standardwebhooks` as its documentation says."""

import asyncio
import base64
import json
import secrets
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from standardwebhooks import Webhook, WebhookVerificationError

Json = dict[str, Any]
Verdict = Callable[[Json], web.StreamResponse | None]


def new_secret() -> str:
    """As a consumer would make it."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()


@dataclass
class Consumer:
    """What it was told, and how it answers: 204, unless `verdict` has another answer."""

    secret: str
    verdict: Verdict = lambda _told: None
    is_trusting: bool = False
    told: list[Json] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    port: int = 0
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}/hook"

    async def take(self, request: web.Request) -> web.StreamResponse:
        """One delivery; what does not verify is refused, and remembered."""
        body = await request.read()
        async with self._changed:
            self._changed.notify_all()
            self.seen.append(f"{request.method} {request.path}")
            self.headers.append(dict(request.headers))
            self.bodies.append(body)
            try:
                told = Webhook(self.secret).verify(body, dict(request.headers))
            except WebhookVerificationError as error:
                if self.is_trusting:
                    return self.verdict({}) or web.Response(status=204)
                self.refused.append(str(error))
                return web.Response(status=401)
            answer = self.verdict(told)
            if answer is None:
                self.told.append(told)
                self.ids.append(request.headers["webhook-id"])
        return answer or web.Response(status=204)

    async def until(self, holds: Callable[["Consumer"], bool], *, seconds: float = 30) -> None:
        """Wait until it was told enough."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: holds(self))
        except TimeoutError:
            raise AssertionError(f"told: {[one['type'] for one in self.told]}, refused: {self.refused}") from None

    def of_drop(self, drop: str) -> list[str]:
        """The words of one drop's events, in the order in which they came."""
        return [told["type"] for told in self.told if told["data"].get("drop") == drop]

    def everything(self) -> bytes:
        """Whatever arrived."""
        return b"\n".join((*self.bodies, *(json.dumps(one).encode() for one in self.headers)))


@asynccontextmanager
async def consuming(
    secret: str | None = None, verdict: Verdict = lambda _told: None, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Consumer]:
    """A consumer that listens until the block ends."""
    consumer = Consumer(secret or new_secret(), verdict)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", consumer.take)
    runner = web.AppRunner(app, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls)
    await site.start()
    consumer.port = runner.addresses[0][1]
    try:
        yield consumer
    finally:
        await runner.cleanup()


def file_of(folder: Path, **consumers: Consumer) -> Path:
    """WEBHOOKS_FILE with these consumers as endpoints."""
    lines = []
    for name, consumer in consumers.items():
        (folder / f"{name}.secret").write_text(consumer.secret + "\n")
        lines.append(f"{name}:\n  url: {consumer.url}\n  secret_file: {name}.secret\n  network: private\n")
    path = folder / "webhooks.yml"
    path.write_text("".join(lines))
    return path
