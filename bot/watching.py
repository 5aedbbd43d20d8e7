"""
The bot's share of telling people in time: that nobody opened it, that an hour is left, that a key is to be rotated.

Any program may watch, and each watch is told by one of them.  What comes of it is told like any other event.
"""

import asyncio
from typing import Final

import structlog

from store import watches
from store.errors import StoreUnavailableError
from store.logs import place_of
from store.opened import Store

_EVERY_SECONDS: Final = 1.0
"""A look costs what is due, and nearly always that is nothing."""

_log = structlog.get_logger("watching")


class Watching:
    """The loop."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def run(self, stop: asyncio.Event) -> None:
        """Watch until `stop`."""
        while not stop.is_set():
            try:
                await watches.tell_due(self._store)
            except StoreUnavailableError:
                _log.warning("the store does not answer; what is due is told later")
            except Exception as error:  # noqa: BLE001 - a watch that stopped for ever would be noticed by nobody
                _log.error("what is due could not be told; it is tried again", error=place_of(error))
            try:
                async with asyncio.timeout(_EVERY_SECONDS):
                    await stop.wait()
            except TimeoutError:
                continue
