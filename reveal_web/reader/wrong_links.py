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

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def count(self, address: str) -> int:
        """Count one wrong link; 0, or the whole seconds after which the next will be answered."""
        now = self._clock()
        tokens, since = self._buckets.pop(address, (float(BURST), now))
        tokens = min(float(BURST), tokens + (now - since) * A_SECOND)
        wait = 0 if tokens >= 1 else math.ceil((1 - tokens) / A_SECOND)
        self._buckets[address] = (tokens if wait else tokens - 1, now)
        # The address that was quiet longest goes: its bucket is the fullest.
        while len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        return wait
