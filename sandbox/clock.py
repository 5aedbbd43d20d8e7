"""The workspace's clock: the host's time plus an offset that a test may move.

Trigger ids and response URLs are judged by it. Waiting for an acknowledgement is not: that is real
time between two programs.
"""

from __future__ import annotations

import time


class Clock:
    """Unix seconds, moved forward (or back) by `move`."""

    def __init__(self) -> None:
        self.offset = 0.0

    def now(self) -> float:
        return time.time() + self.offset

    def move(self, seconds: float) -> None:
        self.offset += seconds
