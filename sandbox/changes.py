"""Tells everybody who waits that the workspace changed.

Tests wait for a condition instead of sleeping, and the page learns when to draw again. Works inside one
event loop only; it keeps no history, only a number that grows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class Changes:
    """A growing version number and the events of those who wait for it to grow."""

    def __init__(self) -> None:
        self.version = 0
        self.over = False
        self._waiting: set[asyncio.Event] = set()

    def tell(self) -> None:
        self.version += 1
        for event in self._waiting:
            event.set()

    def end(self) -> None:
        """Nothing will change any more: nobody needs to wait longer."""
        self.over = True
        self.tell()

    async def until(self, look: Callable[[], T | None], seconds: float) -> T | None:
        """What `look` finds, as soon as it finds something; None when `seconds` are over first."""
        deadline = asyncio.get_running_loop().time() + seconds
        while True:
            # Registered before looking: a change between the look and the wait must not be missed.
            event = asyncio.Event()
            self._waiting.add(event)
            try:
                found = look()
                if found is not None:
                    return found
                left = deadline - asyncio.get_running_loop().time()
                if left <= 0 or self.over:
                    return None
                # Not wait_for: in Python 3.11 it swallows a cancellation that comes with the event.
                try:
                    async with asyncio.timeout(left):
                        await event.wait()
                except TimeoutError:
                    return look()
            finally:
                self._waiting.discard(event)
