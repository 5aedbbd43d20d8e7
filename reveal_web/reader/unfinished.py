"""
Acts that outlive their request.  A claim that was begun is finished, whether its page hung up, the server was told to
stop or the answer took too long: its commit decides, and the same page may ask again for what it won.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from store.errors import StoreUnavailableError

T = TypeVar("T")

ANSWER_SECONDS: Final = 1.9  # an answer within two seconds, whatever the database does
MOST_AT_ONCE: Final = 500


class Unfinished:
    """The acts that are under way in this program."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def count(self) -> int:
        """How many there are."""
        return len(self._tasks)

    @property
    def is_full(self) -> bool:
        """Whether nothing more is begun."""
        return len(self._tasks) >= MOST_AT_ONCE

    async def finish(self, act: Coroutine[Any, Any, T]) -> T:
        """
        What the act returns or raises; StoreUnavailableError, while it goes on, when it takes longer than one waits.

        A database that hangs must not collect acts without end: beyond a number nothing is begun.
        """
        if self.is_full:
            act.close()
            raise StoreUnavailableError("too much is under way")
        task = asyncio.create_task(act)
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await asyncio.shield(task)
        except TimeoutError as error:
            raise StoreUnavailableError("the database is slow") from error

    async def all_done(self, seconds: float) -> None:
        """Wait until nothing is under way, at most so long."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=seconds)

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            # Looked at, or asyncio would print the exception of an act whose request was given up.
            task.exception()
