"""
Telling people that the log stands still, that it goes on, and that it refused events.

Told means that somebody was reached.  Until then it is tried again; afterwards it is said once.
"""

from collections.abc import Sequence
from typing import Final

import structlog

from bot import log_wording
from bot.alarm import Alarm
from bot.mrkdwn import Markup, fill

PATIENCE_SECONDS: Final = 60.0
"""So long a database may be away, or something fail that nobody foresaw, before people are told."""
_REFUSED_SECONDS: Final = 3600.0

_log = structlog.get_logger("log")


class LogAlarm:
    """What is wrong, and what was said of it."""

    def __init__(self, alarm: Alarm) -> None:
        self._alarm = alarm
        self._why: str | None = None
        self._failing_since: float | None = None
        self._told: str | None = None
        self._refusals: set[str] = set()
        self._refused = 0
        self._refusals_told_at: float | None = None

    async def stands_still(self, why: str) -> None:
        """`why` is a sentence of ours, without a full stop; said again where it is another one."""
        if why != self._why:
            self._why = why
            _log.error("the log stands still", why=why)
        # Our own words and a host's name: nothing in it is anybody else's markup, and its commands are to be copied.
        if why != self._told and await self._alarm.ring(fill(log_wording.STOPPED, why=Markup(why))):
            self._told = why

    async def fails(self, what: str) -> None:
        """Something that may pass by itself; `what` names it for operators."""
        if self._failing_since is None:
            self._failing_since = self._alarm.now()
            _log.warning("a step of the log failed; it is repeated", error=what)
        if self._alarm.now() - self._failing_since >= PATIENCE_SECONDS:
            await self.stands_still(fill(log_wording.FAILS, what=what))

    async def goes_on(self) -> None:
        """Nothing waits any more."""
        self._failing_since = None
        if self._why is not None:
            self._why = None
            _log.info("the log goes on")
        if self._told is not None and await self._alarm.ring(fill(log_wording.GOES_ON)):
            self._told = None
        await self._tell_refusals()

    async def refused(self, events: Sequence[tuple[str, str]]) -> None:
        """(event, why) of events that no log takes.  Whoever floods us with forgeries must not flood people."""
        self._refusals |= {f"{event}: {why}" for event, why in events}
        self._refused += len(events)
        _log.error("the log refused events", count=len(events), what="; ".join(sorted(self._refusals)))
        await self._tell_refusals()

    async def _tell_refusals(self) -> None:
        now, told_at = self._alarm.now(), self._refusals_told_at
        if not self._refused or (told_at is not None and now - told_at < _REFUSED_SECONDS):
            return
        one = self._refused == 1
        what = "; ".join(sorted(self._refusals)[:5])
        sentence = fill(log_wording.REFUSED_ONE if one else log_wording.REFUSED, count=self._refused, what=what)
        if await self._alarm.ring(sentence):
            self._refusals_told_at, self._refused = now, 0
            self._refusals.clear()
