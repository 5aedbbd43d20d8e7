"""Response URLs: five posts within thirty minutes, into the conversation where somebody did something.

Ephemeral unless the app asks otherwise. What is posted through one and where is decided in
sandbox/responses.py; here are only the addresses and their limits.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Literal

from sandbox.app_settings import AppSettings
from sandbox.clock import Clock
from sandbox.rules import Rule, when

PAGE = "interactivity/handling-user-interaction"


@dataclass
class ResponseUrl:
    """`typed` is the slash command line that an in_channel answer shows to everybody."""

    token: str
    user: str
    conversation: str
    origin: Literal["slash", "message", "modal"]
    at: float
    uses: int = 0
    typed: str = ""
    message_ts: str = ""
    lasts: float = 1800.0
    most: int = 5
    now: float = 0.0


KNOWN = Rule("response_url: one that Slack issued", PAGE, "invalid_url", when(lambda u: u is None, "no such URL"))
FIVE = Rule("response_url: five uses", PAGE, "used_url", when(lambda u: u.uses >= u.most, "used up"))
HALF_HOUR = Rule(
    "response_url: thirty minutes",
    PAGE,
    "expired_url",
    when(lambda u: u.now - u.at > u.lasts, "older than thirty minutes"),
)


class ResponseUrls:
    """All that were handed out."""

    def __init__(self, app: AppSettings, clock: Clock) -> None:
        self.app = app
        self.clock = clock
        self._issued: dict[str, ResponseUrl] = {}

    def issue(
        self,
        user: str,
        conversation: str,
        origin: Literal["slash", "message", "modal"],
        *,
        typed: str = "",
        message_ts: str = "",
    ) -> str:
        """The token at the end of the URL."""
        token = secrets.token_hex(12)
        self._issued[token] = ResponseUrl(
            token, user, conversation, origin, self.clock.now(), typed=typed, message_ts=message_ts
        )
        return token

    def use(self, token: str) -> ResponseUrl:
        """Count one use. Refused: invalid_url, used_url, expired_url."""
        url = self._issued.get(token)
        KNOWN.hold(url)
        assert url is not None
        url.now, url.lasts, url.most = self.clock.now(), self.app.response_seconds, self.app.response_uses
        FIVE.hold(url)
        HALF_HOUR.hold(url)
        url.uses += 1
        return url

    def peek(self, token: str) -> ResponseUrl:
        """The same without counting a use; KeyError if it was never issued."""
        return self._issued[token]

    def forget(self) -> None:
        """None of them posts anything any more."""
        self._issued.clear()
