"""
One connection of HTTP mode: what leaves through it names no software and repeats nothing that was sent.

aiohttp's own answer to a broken request would name its version, and repeat and log a hundred bytes of it, which may
be somebody's secret.
"""

import asyncio
from typing import Any, Final

import structlog
from aiohttp import hdrs, web, web_protocol

from store.logs import begin_request, place_of

_EVERYWHERE: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_SENTENCES: Final = {
    400: "Not a request that can be understood. Nothing was changed.",
    401: "Not accepted. Nothing was changed.",
    404: "There is nothing here.",
    405: "This address does not take such a request.",
    408: "The request did not come in time. Nothing was changed.",
    413: "The request is too large. Nothing was changed.",
    500: "That failed here.",
}

_log = structlog.get_logger("http")


class Answer(web.Response):
    """A finished answer; it does not say which software made it."""

    async def _prepare_headers(self) -> None:
        await super()._prepare_headers()
        # aiohttp offers no way to leave its name and version out, only to put another in.
        self.headers.popall("Server", None)


def refusal(status: int) -> Answer:
    """The one sentence for a status, the same for every reason, after which the connection is closed."""
    sentence = _SENTENCES.get(status) or _SENTENCES[400 if status < 500 else 500]
    answer = Answer(text=sentence + "\n", status=status)
    answer.force_close()
    return answer


class Connection(web.RequestHandler):
    """aiohttp's connection with our answers and our log."""

    __slots__ = ()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # For a request that breaks the parser; it is the last one of its connection.
        begin_request()
        super().connection_made(transport)

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        # The frames of a parser's error refer to it, and to all that was sent: both would stay until collected.
        for broken in (message for message, _ in self._messages if isinstance(message, web_protocol._ErrInfo)):  # noqa: SLF001
            broken.exc.__traceback__ = None

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """A sentence that says nothing of the request, for one that broke the parser (400) or us (500)."""
        if status >= 500:
            _log.error("a request failed", error=place_of(exc) if exc else None)
        # Something was sent already: only hanging up can say that it is not whole.
        if request.writer.output_size > 0:
            raise ConnectionError("half an answer was sent")
        return refusal(status)

    def log_access(self, request: web.BaseRequest, response: web.StreamResponse, time: float | None) -> None:
        """Method, status and time; a request that is not believed has its one line already."""
        if response.status == web.HTTPUnauthorized.status_code:
            return
        _log.info(
            "answered",
            method=request.method if request.method in hdrs.METH_ALL else "other",
            status=response.status,
            ms=None if time is None else round((self._loop.time() - time) * 1000, 1),
        )

    def log_exception(self, *args: Any, **kw: Any) -> None:
        """Only the type and the place of an error: its text may hold what was sent."""
        error = kw.get("exc_info")
        _log.error("a connection failed", error=place_of(error) if isinstance(error, BaseException) else None)

    async def finish_response(
        self, request: web.BaseRequest, resp: web.StreamResponse, start_time: float | None
    ) -> tuple[web.StreamResponse, bool]:
        """Send an answer, with the headers of every answer."""
        if isinstance(resp, web.HTTPException):
            # Its own text would repeat what was sent, an Expect header for example.
            refused, resp = resp, refusal(resp.status)
            if isinstance(refused, web.HTTPMethodNotAllowed):
                resp.headers["Allow"] = ",".join(sorted(refused.allowed_methods))
        for name, value in _EVERYWHERE.items():
            resp.headers.setdefault(name, value)
        return await super().finish_response(request, resp, start_time)
