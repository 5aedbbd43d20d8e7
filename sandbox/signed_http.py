"""Delivers payloads over HTTP with Slack's signature, and with broken ones when a test asks for them.

The signature is HMAC-SHA256 over `v0:{timestamp}:{body}` (authentication/verifying-requests-from-slack).
Events are sent again with `x-slack-retry-num` and `-reason` until a 2xx or `x-slack-no-retry: 1`.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp

from sandbox.envelopes import Reply
from sandbox.rules import Conduct, when
from sandbox.wire import Json
from sandbox.workspace import Workspace

FLAWS = ("stale", "wrong", "malformed", "missing")
SIGNED = Conduct(
    "http: signed with the signing secret over the raw body",
    "authentication/verifying-requests-from-slack",
    when(lambda pair: not pair[0] and not pair[1].startswith("v0="), "a request without signature"),
)
SAME_EVENT = Conduct(
    "http: an event is retried with the same event_id, its number and its reason",
    "apis/events-api",
    when(lambda sent: sent.number > 0 and "X-Slack-Retry-Reason" not in sent.headers, "a retry names its reason"),
)


@dataclass
class Sent:
    """One request as it went out; `status` None = no answer in time."""

    headers: dict[str, str]
    body: bytes = field(repr=False)
    number: int = 0
    status: int | None = None


class SignedHttp:
    """`flaw` breaks the signature of the next request only."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.flaw = ""
        self.sent: list[Sent] = []

    async def deliver(self, kind: str, payload: Json) -> Reply:
        fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
        body = urlencode(fields).encode()
        status, answer, _ = await self._send(body, "application/x-www-form-urlencoded", 0, "")
        if status is None:
            return Reply("operation_timeout")
        return Reply("acked", answer) if status == 200 else Reply("dispatch_failed")

    async def event(self, payload: Json) -> None:
        reason = ""
        for number, delay in enumerate((0.0, *self.workspace.app.retry_delays)):
            await asyncio.sleep(delay)
            body = json.dumps(payload).encode()
            status, _, stop = await self._send(body, "application/json", number, reason)
            if status is not None and 200 <= status < 300:
                return
            if stop:
                return
            reason = "http_timeout" if status is None else "http_error"

    async def ssl_check(self) -> int | None:
        """Slack's unsigned probe of the certificate; the status of the answer."""
        body = urlencode({"ssl_check": "1", "token": "deprecated"}).encode()
        self.flaw = "missing"
        return (await self._send(body, "application/x-www-form-urlencoded", 0, ""))[0]

    async def replay(self, sent: Sent) -> int | None:
        """The very same bytes and headers once more."""
        return (await self._post(sent.body, sent.headers))[0]

    async def _send(self, body: bytes, content_type: str, number: int, reason: str) -> tuple[int | None, Json, bool]:
        flaw, self.flaw = self.flaw, ""
        headers = {"Content-Type": content_type, **self._signature(body, flaw)}
        if number:
            headers |= {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        sent = Sent(headers, body, number)
        SIGNED.keep((flaw, headers.get("X-Slack-Signature", "")))
        SAME_EVENT.keep(sent)
        self.sent.append(sent)
        status, answer, stop = await self._post(body, headers)
        sent.status = status
        self.workspace.changes.tell()
        return status, answer, stop

    async def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int | None, Json, bool]:
        url = self.workspace.app.request_url
        assert url is not None
        limit = aiohttp.ClientTimeout(total=self.workspace.app.ack_seconds)
        try:
            async with (
                aiohttp.ClientSession(timeout=limit) as session,
                session.post(url, data=body, headers=headers) as answer,
            ):
                text = await answer.text()
                stop = answer.headers.get("X-Slack-No-Retry") == "1"
                return answer.status, _object(text), stop
        except (aiohttp.ClientError, TimeoutError):
            return None, {}, False

    def _signature(self, body: bytes, flaw: str) -> dict[str, str]:
        if flaw == "missing":
            return {}
        at = int(self.workspace.clock.now()) - (400 if flaw == "stale" else 0)
        secret = self.workspace.app.signing_secret + ("x" if flaw == "wrong" else "")
        base = b"v0:" + str(at).encode() + b":" + body
        signed = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
        timestamp = "zzz" if flaw == "malformed" else str(at)
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={signed}"}


def _object(text: str) -> Json:
    """The JSON object in an acknowledgement; plain text counts as `text`, as for a slash command."""
    try:
        body = json.loads(text)
    except ValueError:
        return {"text": text} if text.strip() else {}
    return body if isinstance(body, dict) else {}
