"""Trigger ids: the three seconds in which an app may open a view for somebody who just did something.

Single use, one person each. Judged by the workspace's clock, so a test expires one by moving it.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from sandbox.app_settings import AppSettings
from sandbox.clock import Clock
from sandbox.rules import Rule, when

FORM = re.compile(r"\d+\.\d+\.[0-9a-f]{32}")


@dataclass
class Trigger:
    """Issued `at` (seconds) to `user`, who was looking at `conversation` or at the modal `view_id`."""

    user: str
    at: float
    view_id: str | None = None
    conversation: str | None = None
    used: bool = False


@dataclass(frozen=True)
class Use:
    """One attempt to use a trigger id: what the rules below judge."""

    text: str
    trigger: Trigger | None
    now: float
    lasts: float


VALID = Rule(
    "trigger_id: one that Slack issued",
    "reference/methods/views.open",
    "invalid_trigger_id",
    when(lambda use: use.trigger is None, "no such trigger_id"),
)
ONCE = Rule(
    "trigger_id: single use",
    "interactivity/handling-user-interaction",
    "exchanged_trigger_id",
    when(lambda use: use.trigger.used, "this trigger_id was used before"),
)
IN_TIME = Rule(
    "trigger_id: three seconds",
    "interactivity/handling-user-interaction",
    "expired_trigger_id",
    when(lambda use: use.now - use.trigger.at > use.lasts, "this trigger_id is too old"),
)


class Triggers:
    """All trigger ids issued."""

    def __init__(self, app: AppSettings, clock: Clock) -> None:
        self.app = app
        self.clock = clock
        self._issued: dict[str, Trigger] = {}

    def issue(self, user: str, view_id: str | None = None, conversation: str | None = None) -> str:
        text = f"{len(self._issued) + 1}.{int(self.clock.now())}.{secrets.token_hex(16)}"
        self._issued[text] = Trigger(user, self.clock.now(), view_id, conversation)
        return text

    def exchange(self, text: object) -> Trigger:
        """The trigger, used up. Refused: invalid_trigger_id, exchanged_trigger_id, expired_trigger_id."""
        known = self._issued.get(text) if isinstance(text, str) else None
        use = Use(str(text), known, self.clock.now(), self.app.trigger_seconds)
        VALID.hold(use)
        assert known is not None
        ONCE.hold(use)
        IN_TIME.hold(use)
        known.used = True
        return known

    def forget(self) -> None:
        """None of them opens anything any more."""
        self._issued.clear()
