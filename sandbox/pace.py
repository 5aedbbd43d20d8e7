"""Slack's special tier for chat.postMessage: about one message a second in each conversation.

Off unless a test turns on `tier_limits`, because Slack tolerates bursts of a size that it does not
publish; when on, the sixth message at once is refused.
"""

from __future__ import annotations

from sandbox.app_settings import AppSettings
from sandbox.clock import Clock
from sandbox.rules import Rule, when

BURST = 5.0
TIER = Rule(
    "chat.postMessage: about one a second and conversation",
    "apis/web-api/rate-limits",
    "ratelimited",
    when(lambda left: left < 1, "too many messages to this conversation"),
)


class Pace:
    """A bucket of five a conversation that refills by one a second."""

    def __init__(self, app: AppSettings, clock: Clock) -> None:
        self.app = app
        self.clock = clock
        self._left: dict[str, tuple[float, float]] = {}

    def spend(self, conversation: str) -> None:
        """Refused: ratelimited, answered as HTTP 429 with Retry-After."""
        if not self.app.tier_limits:
            return
        now = self.clock.now()
        left, at = self._left.get(conversation, (BURST, now))
        left = min(BURST, left + now - at)
        TIER.hold(left)
        self._left[conversation] = (left - 1, now)
