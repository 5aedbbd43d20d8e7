"""Signing as Slack's documentation says it, with every part of a request open to be got wrong."""

import hashlib
import hmac
import time
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.web.wire import post

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"


def signature(body: bytes, timestamp: str, secret: str = SECRET) -> str:
    """`v0=` and HMAC-SHA256 over `v0:{timestamp}:{body}`."""
    return "v0=" + hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Signed:
    """A request to the bot; what is None is left out, the rest is as given or right."""

    body: bytes
    secret: str = field(repr=False)
    age: int = 0
    timestamp: str | None = ""
    signature: str | None = ""

    def raw(self, **headers: str) -> bytes:
        """The bytes on the wire."""
        at = str(int(time.time()) - self.age)
        shown_at = at if self.timestamp == "" else self.timestamp
        shown = signature(self.body, at, self.secret) if self.signature == "" else self.signature
        if shown_at is not None:
            headers["X_Slack_Request_Timestamp"] = shown_at
        if shown is not None:
            headers["X_Slack_Signature"] = shown
        return post("/slack/events", self.body, **{"Content_Type": "application/x-www-form-urlencoded", **headers})


def command_body(text: str, trigger: str = "1.2.canary") -> bytes:
    """A slash command."""
    fields = {"command": "/sendsecret", "text": text, "trigger_id": trigger, "user_id": "U0MAYA01", "team_id": "T0TEAM"}
    return urlencode(fields).encode()
