"""
The alarm for a clock that drifts: at five minutes Slack's requests look stale, and all of them are refused.

Only what was signed with our secret counts, so that nobody else can ring it; the log hears it once an hour, the
administrators once for as long as the program runs.
"""

import time
from collections.abc import Callable
from typing import Final

import structlog

from bot import audit_wording
from bot.admins import Admins
from bot.mrkdwn import fill
from bot.underway import Underway

TOLERATED_SECONDS: Final = 60
EVERY_SECONDS: Final = 3600

_log = structlog.get_logger("http")


class ClockAlarm:
    """What was said of the clock, and when."""

    def __init__(self, admins: Admins, underway: Underway, now: Callable[[], float] = time.monotonic) -> None:
        self._admins = admins
        self._underway = underway
        self._now = now
        self._said_at: float | None = None

    def hear(self, skew: int) -> None:
        """A signed request was `skew` seconds old, or lay as many ahead if negative."""
        if abs(skew) <= TOLERATED_SECONDS:
            return
        if self._said_at is None:
            self._underway.spawn(self._admins.tell(fill(audit_wording.CLOCK_WRONG, seconds=abs(skew))))
        elif self._now() - self._said_at < EVERY_SECONDS:
            return
        self._said_at = self._now()
        _log.error("a signed request is too old or too new; is this computer's clock right?", skew_seconds=skew)
