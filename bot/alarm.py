"""
Saying something that must be heard: to administrators, or where none is reached in the audit channel.

Whoever says it learns whether somebody was reached, and asks again as often as they like; Slack is asked once a minute.
"""

import time
from collections.abc import Callable
from typing import Final

from bot.admins import Admins
from bot.mrkdwn import Markup

_TRY_SECONDS: Final = 60.0


class Alarm:
    """One subject's bell.  `audit_channel` is None where there is none."""

    def __init__(self, admins: Admins, audit_channel: str | None, now: Callable[[], float] = time.monotonic) -> None:
        self._admins = admins
        self._audit_channel = audit_channel
        self._tried_at: float | None = None
        self.now = now

    async def ring(self, sentence: Markup) -> bool:
        """Say it; whether anybody was reached."""
        if self._tried_at is not None and self.now() - self._tried_at < _TRY_SECONDS:
            return False
        reached = await self._admins.reach(sentence) > 0 or (
            self._audit_channel is not None and await self._admins.tell_channel(self._audit_channel, sentence)
        )
        self._tried_at = None if reached else self.now()
        return reached
