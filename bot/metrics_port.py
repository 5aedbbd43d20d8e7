"""
`/metrics`, `/healthz` and `/readyz` of the bot, on a port of their own.

For whoever runs the program: loopback unless METRICS_HOST says otherwise, and nothing but these three is there.  What
is asked often is not logged.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final

import structlog
from aiohttp import web

from bot import http_connections
from bot.http_connections import Answer
from bot.line import ProgramError, why_not_bound
from bot.metrics import Observing
from bot.settings import BotSettings
from bot.slack_calls import Slack
from store.metrics import CONTENT_TYPE
from store.opened import Store

_LIMITS: Final[dict[str, Any]] = {
    "keepalive_timeout": 5,  # also the time in which a request's head must arrive
    "max_line_size": 1024,
    "max_field_size": 8192,
    "max_headers": 64,
    "lingering_time": 1,
}
_CLOSE_SECONDS: Final = 1.0

_log = structlog.get_logger("bot")


class _Quiet(http_connections.Connection):
    """A connection whose requests are not logged."""

    __slots__ = ()

    def log_access(self, request: web.BaseRequest, response: web.StreamResponse, time: float | None) -> None:
        """Nothing."""


@asynccontextmanager
async def observed(settings: BotSettings, store: Store, slack: Slack) -> AsyncIterator[Observing]:
    """Tell of this bot on METRICS_HOST:BOT_METRICS_PORT for as long as the block runs.  Raises ProgramError."""
    observing = Observing(settings, store, slack)
    host, port = settings.metrics_host, settings.bot_metrics_port
    runner = web.AppRunner(_application(observing), shutdown_timeout=_CLOSE_SECONDS)
    await runner.setup()
    loop, server = asyncio.get_running_loop(), runner.server
    assert server is not None  # noqa: S101 - setup() made it
    try:
        listener = await loop.create_server(lambda: _Quiet(server, loop=loop, **_LIMITS), host, port)
    except OSError as error:
        await runner.cleanup()
        raise ProgramError(why_not_bound(error, host, port, "METRICS_HOST and BOT_METRICS_PORT")) from error
    _log.info("telling metrics", host=host, port=listener.sockets[0].getsockname()[1])
    try:
        yield observing
    finally:
        listener.close()
        await runner.cleanup()


def _application(observing: Observing) -> web.Application:
    async def metrics(request: web.Request) -> Answer:
        return Answer(body=await observing.text(), headers={"Content-Type": CONTENT_TYPE})

    async def alive(request: web.Request) -> Answer:
        # That it is answered at all says that the event loop turns.
        return _as_json(200, alive=True)

    async def ready(request: web.Request) -> Answer:
        missing = await observing.health.missing()
        if not missing:
            return _as_json(200, ready=True)
        answer = _as_json(503, ready=False, missing=missing)
        answer.headers["Retry-After"] = "1"
        return answer

    app = web.Application()
    app.router.add_get("/metrics", metrics)
    app.router.add_get("/healthz", alive)
    app.router.add_get("/readyz", ready)
    return app


def _as_json(status: int, /, **members: object) -> Answer:
    return Answer(body=json.dumps(members).encode(), status=status, content_type="application/json")
