"""
HTTP mode: Slack posts to us, and what it did not sign goes no further than here.

The order is: headers (401), size (413), time (408), signature and age (401), and only then is anything read as a
form.  slack_bolt gets the bytes that were signed and no header: nothing else in a request is vouched for, and there
are headers that would steer slack_bolt itself.
"""

import asyncio
import logging
from typing import Any, Final

import structlog
from aiohttp import web
from aiohttp.web_protocol import RequestPayloadError
from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot import signatures
from bot.clock_alarm import ClockAlarm
from bot.http_connections import Answer, Connection, refusal
from bot.line import ProgramError, why_not_bound
from bot.signatures import NotFromSlackError, Signatures
from store.logs import begin_request, place_of

PATH: Final = "/slack/events"
MOST_BYTES: Final = 64 * 1024
BODY_SECONDS: Final = 10.0

_LIMITS: Final[dict[str, Any]] = {
    "keepalive_timeout": 5,  # also the time in which a request's head must arrive
    "max_line_size": 8192,
    "max_field_size": 8192,
    "max_headers": 64,
    "lingering_time": 2,
    # The signature is over the bytes as they came.
    "auto_decompress": False,
    "access_log": logging.getLogger("http"),
}
_CLOSE_SECONDS: Final = 3.0
_OBJECTS: Final = ("event", "view", "user")
_ACTS: Final = ("view_submission", "view_closed", "block_actions", "shortcut", "message_action")

_log = structlog.get_logger("http")


class HttpMode:
    """A line by signed requests to `host` and `port`."""

    def __init__(self, app: AsyncApp, signatures: Signatures, alarm: ClockAlarm, host: str, port: int) -> None:
        self._app = app
        self._signatures = signatures
        self._alarm = alarm
        self._host = host
        self._port = port
        self._listener: asyncio.Server | None = None
        self._runner: web.AppRunner | None = None

    async def connect(self, stop: asyncio.Event) -> bool:
        """Listen.  Raises ProgramError when the port cannot be had."""
        taken = web.Application()
        taken.router.add_post(PATH, self._take)
        # handler_cancellation stays off: a proxy that hangs up must not cut a submission in two.
        self._runner = runner = web.AppRunner(taken, shutdown_timeout=_CLOSE_SECONDS)
        await runner.setup()
        loop, server = asyncio.get_running_loop(), runner.server
        assert server is not None  # noqa: S101 - setup() made it
        try:
            self._listener = await loop.create_server(
                lambda: Connection(server, loop=loop, **_LIMITS), self._host, self._port
            )
        except OSError as error:
            raise ProgramError(why_not_bound(error, self._host, self._port, "BOT_HOST and BOT_PORT")) from error
        _log.info("listening", host=self._host, port=self._port)
        return not stop.is_set()

    async def is_up(self) -> bool:
        """Whether we listen; that Slack's requests come through the proxy, only Slack can tell."""
        return self._listener is not None and self._listener.is_serving()

    async def close(self) -> None:
        """Take nothing more, and answer what was taken."""
        if self._listener is not None:
            self._listener.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _take(self, request: web.Request) -> web.StreamResponse:
        begin_request()
        try:
            claimed = signatures.presented(
                request.headers.getall("X-Slack-Request-Timestamp", []),
                request.headers.getall("X-Slack-Signature", []),
            )
            body = await _read(request)
            if isinstance(body, Answer):
                return body
            self._alarm.hear(self._signatures.check(claimed, body))
        except NotFromSlackError as refused:
            _log.warning("refused a request", reason=refused.reason.value, skew_seconds=refused.skew)
            if refused.is_signed and refused.skew is not None:
                self._alarm.hear(refused.skew)
            return refusal(401)
        return await self._dispatch(body)

    async def _dispatch(self, body: bytes) -> Answer:
        try:
            said = await self._app.async_dispatch(_understood(body))
        except (LookupError, ValueError, TypeError, AttributeError, RecursionError) as error:
            # slack_bolt reads without asking whether a member is there.  A listener that fails does not end up here.
            _log.warning("Slack signed something that this program cannot read", error=place_of(error))
            return refusal(400)
        kind = said.headers["content-type"][0]
        return Answer(body=said.body.encode(), status=said.status, headers={"Content-Type": kind})


def _understood(body: bytes) -> AsyncBoltRequest:
    request = AsyncBoltRequest(body=body.decode("utf-8"))
    if not all(isinstance(request.body.get(name, {}), dict) for name in _OBJECTS):
        raise TypeError("a member is not the object that it should be")
    # Every listener of ours goes by who acts, and the one on a message by the message.
    kind = request.body.get("type")
    acts = "command" in request.body or kind in _ACTS
    who = request.body.get("user_id") if "command" in request.body else request.body.get("user", {}).get("id")
    if acts and not isinstance(who, str):
        raise TypeError("it does not say who acts")
    if kind == "message_action" and not isinstance(request.body.get("message"), dict):
        raise TypeError("it does not say on which message")
    return request


async def _read(request: web.Request) -> bytes | Answer:
    """The body as it came, or the answer to one that is too large, too slow or cut off."""
    if (request.content_length or 0) > MOST_BYTES:
        return refusal(413)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            async for part in request.content.iter_any():
                body += part
                if len(body) > MOST_BYTES:
                    return refusal(413)
    except TimeoutError:
        return refusal(408)
    except (RequestPayloadError, ConnectionError):
        return refusal(400)
    return bytes(body)
