"""One connection: every answer leaves through it; aiohttp's own to a broken request would repeat half a link."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, cast

import structlog
from aiohttp import hdrs, web, web_protocol

from reveal_web.reader.answers import PROBLEM, problem, problem_for
from reveal_web.reader.visitors import client_address, is_trusted, limit_key
from reveal_web.settings import Network
from store import large
from store.logs import place_of

MOST_CONNECTIONS: Final = 1000
MOST_AN_ADDRESS: Final = 250
SEND_SECONDS: Final = 30
SLOWEST_BYTES_A_SECOND: Final = 20_000
_log: structlog.stdlib.BoundLogger = structlog.get_logger("web")


class Seats:
    """How many connections there are, in all and for each address; a trusted proxy counts in all only."""

    def __init__(self, proxies: tuple[Network, ...]) -> None:
        self._proxies = proxies
        self._taken: Counter[str] = Counter()

    def take(self, peer: str | None) -> str | None:
        """A seat's name for `leave`, or None when there is none left."""
        address = client_address(peer, [], ())
        name = "" if address is None or is_trusted(address, self._proxies) else limit_key(address)
        if self._taken.total() >= MOST_CONNECTIONS or (name and self._taken[name] >= MOST_AN_ADDRESS):
            return None
        self._taken[name] += 1
        return name

    def leave(self, name: str) -> None:
        """Give a seat back."""
        self._taken -= Counter([name])  # which also drops those that reach zero


class Connection(web.RequestHandler):
    """aiohttp's connection with our answers, our headers and our limits."""

    __slots__ = ("_everywhere", "_seat", "_seats")

    def __init__(self, server: web.Server, seats: Seats, everywhere: Mapping[str, str], **limits: Any) -> None:
        super().__init__(server, **limits)
        self._seats, self._everywhere = seats, everywhere
        self._seat: str | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        peer = transport.get_extra_info("peername")
        self._seat = self._seats.take(peer[0] if peer else None)
        if self._seat is not None:
            super().connection_made(transport)
        else:
            cast("asyncio.Transport", transport).write(_full(self._everywhere))
            transport.close()

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._seat is not None:
            self._seats.leave(self._seat)
            self._seat = None
            super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._seat is not None:
            super().data_received(data)
            # The frames of a parser's error refer to it, and to all that was sent: both would stay until collected.
            for broken in (message for message, _ in self._messages if isinstance(message, web_protocol._ErrInfo)):  # noqa: SLF001
                broken.exc.__traceback__ = None

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """A problem that says nothing of the request, for one that broke the parser (400) or us (500)."""
        if status >= 500:
            _log.error("a request failed", error=place_of(exc) if exc else None)
        # Something was sent already: only hanging up can say that it is not whole.
        if request.writer.output_size > 0:
            raise ConnectionError("half an answer was sent")
        answer = problem_for(status)
        answer.force_close()
        return answer

    def log_access(self, request: web.BaseRequest, response: web.StreamResponse, time: float | None) -> None:
        """Method, route, status, time: never a path, which can hold a link key that a mail gateway moved there."""
        # A request that could not be parsed was never matched; a method is whatever somebody typed.
        match = request._match_info if isinstance(request, web.Request) else None  # noqa: SLF001
        _log.info(
            "answered",
            method=request.method if request.method in hdrs.METH_ALL else "other",
            route=(match.route.name if match is not None else None) or "none",
            status=response.status,
            problem=response.get(PROBLEM, "none"),
            ms=None if time is None else round((self._loop.time() - time) * 1000, 1),
        )

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """Only the type and the place of an error: its text may hold what was sent."""
        error = kw.get("exc_info")
        _log.error("a connection failed", error=place_of(error) if isinstance(error, BaseException) else None)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send an answer with the headers of every answer, to somebody who takes it in time."""
        if isinstance(resp, web.HTTPException):
            # Its own text would repeat what was sent, an Expect header for example.
            refused, resp = resp, problem_for(resp.status)
            if isinstance(refused, web.HTTPMethodNotAllowed):
                resp.headers["Allow"] = ",".join(sorted(refused.allowed_methods))
        for name, value in self._everywhere.items():
            resp.headers.setdefault(name, value)
        transport, size = self.transport, resp.content_length or 0
        try:
            async with asyncio.timeout(SEND_SECONDS + size / SLOWEST_BYTES_A_SECOND):
                return await super().finish_response(request, resp, start_time)
        except TimeoutError:
            # Closing politely would wait for a reader who does not read.
            if transport is not None:
                transport.abort()
            return resp, True
        finally:
            large.give_back(getattr(resp, "body", None))


def _full(everywhere: Mapping[str, str]) -> bytes:
    answer = problem("unavailable", retry_after=1)
    body = bytes(cast("bytes", answer.body))
    own = {"Content-Type": answer.content_type, "Content-Length": str(len(body)), "Connection": "close"}
    lines = [f"{name}: {value}\r\n" for name, value in {**everywhere, **own, "Retry-After": "1"}.items()]
    return f"HTTP/1.1 503 Service Unavailable\r\n{''.join(lines)}\r\n".encode("ascii") + body
