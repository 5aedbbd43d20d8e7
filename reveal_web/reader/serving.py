"""The reader's application on a port.  When it stops nothing new is taken, and what was begun is finished."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

from aiohttp import web

from reveal_web.reader.answers import everywhere
from reveal_web.reader.connections import Connection, Seats
from reveal_web.reader.parts import PARTS

_LIMITS: Final[dict[str, Any]] = {
    "keepalive_timeout": 5,  # also the time in which a request's head must arrive
    "max_line_size": 8192,
    "max_field_size": 8192,
    "max_headers": 64,
    "lingering_time": 2,
    # No route takes a compressed body, and one that unpacks to gigabytes is an old trick.
    "auto_decompress": False,
    "access_log": logging.getLogger("web"),
}
# aiohttp waits so long for requests, and so long again after cancelling them; a supervisor waits 20 seconds.
_DRAIN_SECONDS: Final = 8.0
_LAST_SECONDS: Final = 3.0


class NotListeningError(Exception):
    """The port cannot be had; the OSError that says why is its cause."""


@asynccontextmanager
async def serving(
    app: web.Application, host: str, port: int, kind: Callable[..., Connection] = Connection
) -> AsyncIterator[int]:
    """Serve what `build_app` built; yields the port, which `port` 0 leaves open.  Raises NotListeningError."""
    parts = app[PARTS]
    # handler_cancellation stays off: a page that hangs up must not cut a claim in two.
    runner = web.AppRunner(app, shutdown_timeout=_DRAIN_SECONDS)
    await runner.setup()
    server, loop, seats = runner.server, asyncio.get_running_loop(), Seats(parts.settings.trusted_proxies)
    headers = everywhere(secure=parts.settings.is_secure)
    assert server is not None  # noqa: S101 - setup() made it
    try:
        listener = await loop.create_server(
            lambda: kind(server, seats, headers, loop=loop, **_LIMITS), host, port, backlog=512
        )
    except OSError as error:
        await runner.cleanup()
        raise NotListeningError from error
    try:
        yield listener.sockets[0].getsockname()[1]
    finally:
        listener.close()
        await runner.cleanup()
        await parts.unfinished.all_done(_LAST_SECONDS)
