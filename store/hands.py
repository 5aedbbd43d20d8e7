"""
Threads for what blocks, and a cheap way there and back.

The standard library's executor wakes the event loop for every answer.  Here the answers of what was done meanwhile are
brought together: under load one wake-up serves many claims, each of which waits for its key or its row.
"""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import Any, TypeAlias, TypeVar

from store.errors import StoreUnavailableError

T = TypeVar("T")
_Asked: TypeAlias = tuple["asyncio.Future[Any]", Callable[[], Any]]


class Hands:
    """So many threads, which serve one event loop; begun with the first thing to do."""

    def __init__(self, name: str, count: int = 1) -> None:
        self._name, self._count = name, count
        self._threads: list[threading.Thread] = []
        self._asked: SimpleQueue[_Asked | None] = SimpleQueue()
        self._done: deque[tuple[asyncio.Future[Any], Any, BaseException | None]] = deque()
        self._is_coming = self._is_dismissed = False

    async def do(self, act: Callable[[], T]) -> T:
        """
        What `act` returns or raises.  It is done even where nobody waits for it any more.

        Raises StoreUnavailableError once the threads are dismissed.
        """
        if self._is_dismissed:
            raise StoreUnavailableError("the store is closed")
        loop = asyncio.get_running_loop()
        if not self._threads:
            self._threads = [
                threading.Thread(target=self._work, args=(loop,), name=self._name, daemon=True)
                for _ in range(self._count)
            ]
            for thread in self._threads:
                thread.start()
        answer: asyncio.Future[T] = loop.create_future()
        self._asked.put((answer, act))
        try:
            return await answer
        finally:
            # An error refers to this frame, and the frame to the answer that holds it: a circle, and a key in it.
            del answer, act

    def dismiss(self) -> None:
        """Let the threads end after what was asked for; a folder on a network that hangs is not waited for."""
        self._is_dismissed = True
        for _ in self._threads:
            self._asked.put(None)

    def close(self) -> None:
        """The same, and wait for it.  Blocks."""
        self.dismiss()
        for thread in self._threads:
            thread.join()

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        while self._has_done(self._asked.get(), loop):
            pass

    def _has_done(self, asked: _Asked | None, loop: asyncio.AbstractEventLoop) -> bool:
        # A method of its own, so that no key stays in a waiting thread's frame.
        if asked is None:
            return False
        answer, act = asked
        try:
            self._done.append((answer, act(), None))
        except BaseException as error:  # noqa: BLE001 - it is the asker's
            self._done.append((answer, None, error))
        finally:
            del answer, act, asked
        # Whoever takes the answers lowers this before looking: none stays behind.
        if not self._is_coming:
            self._is_coming = True
            with suppress(RuntimeError):  # the loop is closed, and nobody waits
                loop.call_soon_threadsafe(self._tell)
        return True

    def _tell(self) -> None:
        self._is_coming = False
        while self._done:
            answer, result, error = self._done.popleft()
            if answer.done():
                continue
            if error is None:
                answer.set_result(result)
            else:
                answer.set_exception(error)
            del answer, result, error
