"""
The bot's share of telling people in time: that nobody opened it, that an hour is left, that a key is to be rotated.

Any program may watch, and each watch is told by one of them.  What comes of it is told like any other event.
"""

import asyncio
from typing import Final

import structlog

from bot.rounds import Troubles, look_until
from store import watches
from store.opened import Store

_EVERY_SECONDS: Final = 1.0
"""A look costs what is due, and nearly always that is nothing."""

_TROUBLES: Final = Troubles(
    away="the store does not answer; what is due is told later",
    failed="what is due could not be told; it is tried again",
)

_log = structlog.get_logger("watching")


class Watching:
    """The loop."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until `stop`."""
        await look_until(stop, lambda: watches.tell_due(self._store), _EVERY_SECONDS, _log, _TROUBLES)
