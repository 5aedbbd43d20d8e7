"""
The process log: text for operators, about programs and never about secrets.

Nothing is logged that somebody typed or that opens something.  The libraries that print whole requests when
asked for detail (slack_sdk its calls, slack_bolt its bodies, aiohttp the paths) are held at WARNING whatever
LOG_LEVEL says, and an exception is logged by its type and place, not by its text: drivers and parsers put into
that text what they choked on.
"""

import logging
import secrets
import sys
import traceback
from contextlib import nullcontext, suppress
from typing import Any, Final

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

_TALKATIVE: Final = (
    "slack_sdk",
    "slack_bolt",
    "aiohttp",
    "aiohttp.access",
    "aiohttp.server",
    "aiosqlite",
    "asyncio",
    "sqlalchemy",
    "alembic",
)


_LEVELS: Final = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
    "exception": logging.ERROR,
    "critical": logging.CRITICAL,
}
_OURS: Final[list[Processor]] = []


class _Lines:
    """
    A logger of ours.  A line that is made goes straight to where everybody's go.

    By way of the standard library's it would be a record first, and made into a line by a second chain: that was a
    tenth of a claim.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def debug(self, line: str) -> None:
        """Write it; as with the standard library's, no claim fails because a disk is full of lines."""
        for handler in logging.getLogger().handlers:
            if isinstance(handler, logging.StreamHandler):
                with handler.lock or nullcontext(), suppress(Exception):
                    handler.stream.write(f"{line}\n")
                    handler.flush()

    info = warning = error = exception = critical = debug


def configure(level: str, style: str) -> None:
    """Send everything, from every logger, to standard error; `style` is "text" or "json"."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _without_exception_text,
    ]
    renderer: Processor = (
        structlog.processors.JSONRenderer() if style == "json" else structlog.dev.ConsoleRenderer(colors=False)
    )
    # The same list each time: whoever has logged holds on to it.
    _OURS[:] = [_only_wanted, *shared, renderer]
    structlog.configure(
        processors=_OURS,
        logger_factory=_Lines,
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    stream = logging.StreamHandler(sys.stderr)
    stream.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_without_arguments, *shared],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers = [stream]
    root.setLevel(level)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    sys.excepthook = _log_and_die


def begin_request() -> None:
    """
    From here on what this task logs, and what it starts, belongs to one request: its lines have the same `request`.

    Random, and in the log only: an answer that carried it would let a visitor's word pick lines out of the log.
    """
    structlog.contextvars.bind_contextvars(request=secrets.token_hex(8))


def place_of(error: BaseException) -> str:
    """An exception as `Type at file:line`, with those that caused it; never its text."""
    places: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(places) < 5:
        frames = traceback.extract_tb(cause.__traceback__)
        where = f" at {frames[-1].filename.rsplit('/', 1)[-1]}:{frames[-1].lineno}" if frames else ""
        places.append(f"{type(cause).__name__}{where}")
        cause = cause.__cause__ or cause.__context__
    return " from ".join(places)


def _only_wanted(logger: WrappedLogger, name: str, entry: EventDict) -> EventDict:
    if not logging.getLogger(logger.name).isEnabledFor(_LEVELS[name]):
        raise structlog.DropEvent
    return entry


def _without_exception_text(logger: WrappedLogger, name: str, entry: EventDict) -> EventDict:
    found: Any = entry.pop("exc_info", None)
    if found is True:
        found = sys.exc_info()
    error = found[1] if isinstance(found, tuple) else found
    if isinstance(error, BaseException):
        entry["error"] = place_of(error)
    entry.pop("stack_info", None)
    return entry


def _without_arguments(logger: WrappedLogger, name: str, entry: EventDict) -> EventDict:
    """A library's message without what it interpolates: the template is its own, the rest may be somebody's."""
    record: logging.LogRecord | None = entry.get("_record")
    if record is not None:
        entry["event"] = str(record.msg) if record.args else entry["event"]
        if record.exc_info:
            entry["exc_info"] = record.exc_info
            record.exc_info = None
            record.exc_text = None
    return entry


def _log_and_die(kind: type[BaseException], error: BaseException, trace: object) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    structlog.get_logger("program").critical("stopped by an error", error=place_of(error))
