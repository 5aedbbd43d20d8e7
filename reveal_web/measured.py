"""
Requests, counted and timed where their answers leave, so that those that broke the parser count as well.

Around the reader and not in it: what one must read to trust the reader has no line of this but a response's key.
"""

import asyncio
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger
from aiohttp.typedefs import Handler
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from reveal_web.reader.answers import PROBLEM
from reveal_web.reader.connections import Connection, Seats
from reveal_web.reader.parts import Parts
from store.logs import begin_request

STATUSES: Final = ("1xx", "2xx", "3xx", "4xx", "5xx")
_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)


class Requests:
    """What is told of them.  Labels are our routes' names, status classes, and the slugs of our problems."""

    def __init__(self, registry: CollectorRegistry, parts: Parts) -> None:
        def counter(name: str, says: str, *labels: str) -> Counter:
            return Counter(f"sendsecret_web_{name}", says, labels, registry=registry)

        def gauge(name: str, says: str) -> Gauge:
            return Gauge(f"sendsecret_web_{name}", says, registry=registry)

        answers = counter("requests", "Requests by route and class of status.", "route", "status")
        problems = counter("problems", "Answers that are problems, by their slug.", "problem")
        self.refused = counter("connections_refused", "Connections turned away because all seats were taken.")
        self.connections = gauge("connections", "Connections that are open.")
        gauge("acts_underway", "Acts that were begun and are not finished.").set_function(
            lambda: parts.unfinished.count
        )
        gauge("large_envelopes", "Large envelopes in memory.").set_function(lambda: parts.store.large.underway)
        seconds = Histogram(
            "sendsecret_web_request_seconds",
            "From a request's head to the end of its answer.",
            ("route",),
            buckets=_SECONDS,
            registry=registry,
        )
        # Found anew for each request they would cost more than all the rest; there are as many as there are labels.
        self._answered = cache(answers.labels)
        self._took = cache(seconds.labels)
        self._refusal = cache(problems.labels)

    def count(self, request: web.BaseRequest, response: web.StreamResponse, seconds: float) -> None:
        """One request that has been answered."""
        # A request that could not be parsed was never matched.
        match = request._match_info if isinstance(request, web.Request) else None  # noqa: SLF001
        route = (match.route.name if match is not None else None) or "none"
        self._answered(route, STATUSES[response.status // 100 - 1]).inc()
        self._took(route).observe(seconds)
        if PROBLEM in response:
            self._refusal(response[PROBLEM]).inc()


class Measured(Connection):
    """The reader's connection, counting."""

    __slots__ = ("_is_counted", "_requests")

    def __init__(
        self, requests: Requests, server: web.Server, seats: Seats, everywhere: Mapping[str, str], **limits: Any
    ) -> None:
        super().__init__(server, seats, everywhere, **{**limits, "access_log_class": _Always})
        self._requests = requests
        self._is_counted = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # For a request that breaks the parser, which no middleware sees; it is the last one of its connection.
        begin_request()
        super().connection_made(transport)
        self._is_counted = self._seat is not None
        if self._is_counted:
            self._requests.connections.inc()
        else:
            self._requests.refused.inc()

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._is_counted:
            self._is_counted = False
            self._requests.connections.dec()
        super().connection_lost(exc)

    def log_access(self, request: web.BaseRequest, response: web.StreamResponse, time: float | None) -> None:
        """Count, and log as ever."""
        self._requests.count(request, response, self._loop.time() - (time or self._loop.time()))
        super().log_access(request, response, time)


class _Always(AbstractAccessLogger):
    """aiohttp times requests only for a logger that is on; whether ours is, must not decide what is counted."""

    @property
    def enabled(self) -> bool:
        return True

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Nothing: the connection logs for itself."""


@web.middleware
async def told_apart(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every line that the log has of a request, and of what it began, has the request's own random word."""
    begin_request()
    return await handler(request)
