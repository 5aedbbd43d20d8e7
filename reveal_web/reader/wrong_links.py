"""
How often one address may present links that do not exist: twenty a minute.

Only wrong links are counted, and only they are refused for it: whoever holds a link is never turned away for what a
neighbour behind the same address does.  A guesser of 128-bit ids gains nothing either way.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

BURST: Final = 20
A_SECOND: Final = 20 / 60
MOST_ADDRESSES: Final = 10_000


class WrongLinks:
    """A token bucket for each address, of a bounded number of addresses."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, *, burst: int = BURST, a_second: float = A_SECOND
    ) -> None:
        self._clock = clock
        self._burst, self._a_second = float(burst), a_second
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def count(self, address: str) -> int:
        """Count one wrong link; 0, or the whole seconds after which the next will be answered."""
        now = self._clock()
        tokens, since = self._buckets.pop(address, (self._burst, now))
        tokens = min(self._burst, tokens + (now - since) * self._a_second)
        wait = 0 if tokens >= 1 else math.ceil((1 - tokens) / self._a_second)
        self._buckets[address] = (tokens if wait else tokens - 1, now)
        # The address that was quiet longest goes: its bucket is the fullest.
        while len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        return wait
