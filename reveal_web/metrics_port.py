"""
`/metrics` of the web program, on a port of its own that no proxy passes on; on the public one there is no such route.

Served as readers are, with the same headers, limits and silence about what was sent.  A scrape is not logged: one
every few seconds would bury what somebody looks for.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from reveal_web.reader.answers import Answer, problem
from reveal_web.reader.connections import Connection
from reveal_web.reader.parts import PARTS, Parts
from reveal_web.reader.serving import serving
from store.metrics import CONTENT_TYPE, Metrics


class _Quiet(Connection):
    """A connection whose requests are not logged."""

    __slots__ = ()

    def log_access(self, request: web.BaseRequest, response: web.StreamResponse, time: float | None) -> None:
        """Nothing."""


@asynccontextmanager
async def metrics_served(parts: Parts, metrics: Metrics) -> AsyncIterator[int]:
    """Serve them on METRICS_HOST:WEB_METRICS_PORT; yields the port.  Raises NotListeningError."""
    app = web.Application()
    # Not the public application's own: a proxy's networks and what is under way there are none of this port's business.
    app[PARTS] = Parts(parts.store, parts.settings.model_copy(update={"trusted_proxies": ()}), parts.assets)

    async def tell(request: web.Request) -> Answer:
        if request.query:
            return problem("malformed")
        return Answer(body=await metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    app.router.add_get("/metrics", tell, name="metrics")
    async with serving(app, parts.settings.metrics_host, parts.settings.web_metrics_port, _Quiet) as port:
        yield port
