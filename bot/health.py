"""
Whether the bot is alive (it answers) and ready: what it lacks, in fixed words.

The first three are the reveal server's.  `slack`: the connection is down for longer than Slack takes to replace one.
`log`: an event has waited so long for the log that no sequencer can be at work, in this program or any other.
"""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bot.line import Line
from store import readiness
from store.figures import Reading
from store.opened import Store

SLACK: Final = "slack"
LOG: Final = "log"
WORDS: Final = (*readiness.WORDS, SLACK, LOG)
FRESH_SECONDS: Final = 1
AWAY_SECONDS: Final = 30
"""Slack replaces each connection every few hours; that takes a second or two."""
LOG_SECONDS: Final = 60
"""The log is written twice a second."""


class Health:
    """What was found last.  `line` is set once there is one; `now` is a clock in seconds."""

    def __init__(
        self, store: Store, keyring_dir: Path, reading: Reading, now: Callable[[], float] = time.monotonic
    ) -> None:
        self.line: Line | None = None
        self._store = store
        self._keyring_dir = keyring_dir
        self._reading = reading
        self._now = now
        self._away_since = now()
        self._was_up = False
        self._missing: list[str] = list(WORDS)
        self._until = 0.0
        self._one_at_a_time = asyncio.Lock()

    async def missing(self) -> list[str]:
        """Which of `WORDS` are not as they should be; what was found holds for a second."""
        async with self._one_at_a_time:
            if self._now() >= self._until:
                self._missing = await self._look()
                self._until = self._now() + FRESH_SECONDS
        return self._missing

    async def seconds_away(self) -> float:
        """For how long Slack has not been able to reach us, as far as anybody looked; 0 while it can."""
        now = self._now()
        if self.line is not None and await self.line.is_up():
            self._away_since, self._was_up = now, True
        return now - self._away_since

    async def _look(self) -> list[str]:
        missing = await readiness.missing(self._store, self._keyring_dir)
        away = await self.seconds_away()
        if away > AWAY_SECONDS or not self._was_up:
            missing.append(SLACK)
        figures = await self._reading.figures()
        if figures is None or figures.log_oldest_seconds > LOG_SECONDS:
            missing.append(LOG)
        return missing
