"""
The web program: serve readers, and end in time what is overdue, until somebody says stop.

Prints nothing.  What an operator must know is in the log; what keeps it from starting is one sentence in a
ProgramError.
"""

import asyncio
import errno
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Final

import structlog

from reveal_web import assets
from reveal_web.machines import routes as machines_routes
from reveal_web.measured import Measured, Requests, told_apart
from reveal_web.metrics_port import metrics_served
from reveal_web.packed import packing
from reveal_web.proofs import routes
from reveal_web.reader.app import build_app
from reveal_web.reader.parts import PARTS, Parts
from reveal_web.reader.serving import NotListeningError, serving
from reveal_web.settings import WebSettings
from store import collector, logs, sweeper
from store.errors import StoreMismatchError, StoreUnavailableError
from store.metrics import Metrics
from store.opened import Store, opened

_SWEEP_SECONDS: Final = 1.0
_SWEEP_KEYS_SECONDS: Final = 60.0
_log: structlog.stdlib.BoundLogger = structlog.get_logger("web")


class ProgramError(Exception):
    """Why the program cannot run: a sentence for the operator, without anything secret."""


async def run(settings: WebSettings, *, only_reader: bool = False) -> None:
    """Run until SIGTERM or SIGINT; with `only_reader` without what is not for readers.  Raises ProgramError."""
    logs.configure(settings.log_level, settings.log_format)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    collector.pass_over_what_is_there()
    try:
        await _serve(settings, stop, only_reader=only_reader)
    except StoreMismatchError as error:
        raise ProgramError(f"The reveal server cannot start: {error}.") from error
    except StoreUnavailableError as error:
        raise ProgramError(
            "The reveal server cannot start: the database in DATABASE_URL does not answer. Nothing was changed; "
            "start it, then try again."
        ) from error
    except assets.MissingLibrariesError as error:
        raise ProgramError(str(error)) from error
    except NotListeningError as error:
        where = (settings.web_host, settings.web_port, "WEB_HOST and WEB_PORT")
        raise ProgramError(_why_not_bound(error.__cause__, *where)) from error
    finally:
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)


async def _serve(settings: WebSettings, stop: asyncio.Event, *, only_reader: bool) -> None:
    page = await asyncio.to_thread(assets.load, settings.public_url, demo=settings.demo)
    async with opened(settings, program="web", event_key=settings.event_key) as store:
        app = build_app(store, settings, page)
        if not only_reader:
            app.add_routes(routes.routes())
            machines_routes.add_to(app)
        metrics = Metrics(store, settings.keyring_dir, "web")
        kind = partial(Measured, Requests(metrics.registry, app[PARTS]))
        app.middlewares.extend((told_apart, packing(app)))
        async with (
            _metrics(app[PARTS], metrics) as metrics_port,
            serving(app, settings.web_host, settings.web_port, kind) as port,
            asyncio.TaskGroup() as chores,
        ):
            _log.info("listening", host=settings.web_host, port=port)
            _log.info("telling metrics", host=settings.metrics_host, port=metrics_port)
            chores.create_task(_repeat(store, sweeper.sweep, _SWEEP_SECONDS, stop))
            chores.create_task(_repeat(store, sweeper.sweep_keys, _SWEEP_KEYS_SECONDS, stop))
            await stop.wait()
            _log.info("stopping")
    _log.info("stopped")


@asynccontextmanager
async def _metrics(parts: Parts, metrics: Metrics) -> AsyncIterator[int]:
    settings = parts.settings
    async with AsyncExitStack() as stack:
        try:
            port = await stack.enter_async_context(metrics_served(parts, metrics))
        except NotListeningError as error:
            where = (settings.metrics_host, settings.web_metrics_port, "METRICS_HOST and WEB_METRICS_PORT")
            raise ProgramError(_why_not_bound(error.__cause__, *where)) from error
        yield port


async def _repeat(
    store: Store, sweep: Callable[[Store], Awaitable[sweeper.Swept]], seconds: float, stop: asyncio.Event
) -> None:
    while not stop.is_set():
        try:
            swept = await sweep(store)
            if swept.ended or swept.erased:
                _log.info("ended what was overdue", drops=swept.ended, keys=swept.erased)
            if swept.failed:
                _log.error("endings wait for their keys; is the keyring there?", drops=swept.failed)
            if swept.absent:
                # An alarm and no more: an unmounted folder looks like this, and must not destroy anything.
                _log.error("live drops whose key is absent; is the keyring there?", drops=len(swept.absent))
        except Exception as error:  # noqa: BLE001 - a sweep that stopped for ever would let secrets outlive their time
            _log.error("a sweep failed and will be repeated", error=logs.place_of(error))
        try:
            async with asyncio.timeout(seconds):
                await stop.wait()
        except TimeoutError:
            continue


def _why_not_bound(cause: BaseException | None, host: str, port: int, names: str) -> str:
    reason = (cause.strerror if isinstance(cause, OSError) else None) or "the system refuses"
    if isinstance(cause, OSError) and cause.errno == errno.EADDRINUSE:
        reason = "another program has it"
    return (
        f"The reveal server cannot listen on {host} port {port}: {reason}. "
        f"Nothing was changed; free it, or set {names}."
    )
