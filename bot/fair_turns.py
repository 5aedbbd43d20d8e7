"""
So many at once, by turns among those who wait: each of them goes on with one of theirs before anybody with a second.

Whoever sends to ten people would otherwise keep everybody waiting who came a moment later with one.
"""

import asyncio
from collections import deque


class FairTurns:
    """`count` places.  Who waits is known by any name; several of one name go on in the order in which they came."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._lines: dict[str, deque[asyncio.Future[None]]] = {}

    async def begin(self, name: str) -> None:
        """Wait for a place and take it; `end` gives it back."""
        if self._free:
            self._free -= 1
            return
        turn = asyncio.get_running_loop().create_future()
        self._lines.setdefault(name, deque()).append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():
                # Its turn came in the very moment in which it was given up: the next one's then.
                self.end()
            raise
        finally:
            self._leave(name, turn)

    def end(self) -> None:
        """Give a place back, to whoever's turn it is."""
        while self._lines:
            name = next(iter(self._lines))
            line = self._lines.pop(name)
            turn = line.popleft()
            if line:
                # Behind all others.
                self._lines[name] = line
            # Of several whose time is over at once, some are given up and still in line.
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _leave(self, name: str, turn: asyncio.Future[None]) -> None:
        line = self._lines.get(name)
        if line is not None and turn in line:
            line.remove(turn)
            if not line:
                del self._lines[name]
