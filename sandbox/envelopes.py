"""Carries what people do to the app over Socket Mode, and waits for the acknowledgement.

Each envelope goes to exactly one open socket. One whose socket closes first is sent again on another;
an event that nobody acknowledges in time is sent again up to three times. A late acknowledgement is
noted and changes nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

from sandbox.app_settings import AppSettings
from sandbox.changes import Changes
from sandbox.rules import Conduct, when
from sandbox.wire import Json

Outcome = Literal["acked", "operation_timeout", "dispatch_failed"]
PAGE = "apis/events-api/using-socket-mode"
ONE_SOCKET = Conduct(
    "envelopes: exactly one open socket",
    PAGE,
    when(lambda sockets: len(sockets) != 1, "an envelope is sent on exactly one socket"),
)
IN_TIME = Conduct(
    "envelopes: acknowledged within three seconds",
    "interactivity/handling-user-interaction",
    when(lambda envelope: envelope.reply is None, "operation_timeout"),
)
AGAIN = Conduct(
    "envelopes: unacknowledged ones are sent again, with retry_attempt and retry_reason",
    PAGE,
    when(lambda sent: sent["retry_attempt"] > 0 and not sent["retry_reason"], "a retry names its reason"),
)


@dataclass(frozen=True)
class Reply:
    """What came of a delivery; `payload` is what the app put into its acknowledgement."""

    outcome: Outcome
    payload: Json = field(default_factory=dict)


@dataclass(eq=False)
class Envelope:
    """One thing to deliver. `sent_to` holds the number of the socket of every attempt."""

    kind: str
    payload: Json
    accepts: bool
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    attempt: int = 0
    reason: str = ""
    sent_to: list[int] = field(default_factory=list)
    reply: Json | None = None
    late: bool = False
    over: bool = False

    def as_slack(self) -> Json:
        body: Json = {
            "envelope_id": self.id,
            "type": self.kind,
            "accepts_response_payload": self.accepts,
            "payload": self.payload,
        }
        if self.kind == "events_api" or self.attempt:
            body |= {"retry_attempt": self.attempt, "retry_reason": self.reason}
        return body


@dataclass(eq=False)
class Socket:
    """One open connection of the app; `number` counts from 1."""

    number: int
    ws: web.WebSocketResponse
    transport: asyncio.BaseTransport | None


class Envelopes:
    """Open sockets and everything that was ever sent on them."""

    def __init__(self, app: AppSettings, changes: Changes) -> None:
        self.app = app
        self.changes = changes
        self.sockets: list[Socket] = []
        self.sent: list[Envelope] = []
        self._opened = 0
        self._turn = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def deliver(self, kind: str, payload: Json, *, accepts: bool = False) -> Reply:
        """Send and wait: acked, operation_timeout (nobody answered), dispatch_failed (nobody there)."""
        envelope = Envelope(kind, payload, accepts)
        self.sent.append(envelope)
        return await self._attempt(envelope)

    async def _attempt(self, envelope: Envelope) -> Reply:
        clock = asyncio.get_running_loop()
        deadline = clock.time() + self.app.ack_seconds
        if not await self._send(envelope, self.app.ack_seconds):
            return Reply("dispatch_failed")
        left = max(deadline - clock.time(), 0.0)
        await self.changes.until(lambda: True if envelope.reply is not None else None, left)
        if IN_TIME.check(envelope):
            envelope.over = True
            self.changes.tell()
            return Reply("operation_timeout")
        return Reply("acked", envelope.reply or {})

    async def _send(self, envelope: Envelope, seconds: float) -> bool:
        there = await self.changes.until(lambda: self.sockets or None, seconds)
        if not there:
            return False
        self._turn += 1
        chosen = [self.sockets[self._turn % len(self.sockets)]]
        ONE_SOCKET.keep(chosen)
        body = envelope.as_slack()
        AGAIN.keep({"retry_attempt": 0, "retry_reason": "", **body})
        envelope.sent_to.append(chosen[0].number)
        with contextlib.suppress(ConnectionError):
            await chosen[0].ws.send_json(body)
        return True

    def post_event(self, event_body: Json) -> None:
        """Deliver an event in the background, with Slack's retries; the event id stays the same."""
        self._spawn(self._event(event_body))

    async def _event(self, payload: Json) -> None:
        envelope = Envelope("events_api", payload, accepts=False)
        self.sent.append(envelope)
        for delay in (0.0, *self.app.retry_delays):
            if envelope.attempt or envelope.over:
                await asyncio.sleep(delay)
            envelope.over = False
            if (await self._attempt(envelope)).outcome == "acked":
                return
            envelope.attempt += 1
            envelope.reason = "timeout"
            envelope.over = True

    async def redeliver(self, envelope: Envelope) -> Reply:
        """The same payload once more in an envelope of its own, as after an acknowledgement that got lost."""
        again = Envelope(envelope.kind, envelope.payload, envelope.accepts)
        again.attempt, again.reason = envelope.attempt + 1, "timeout"
        self.sent.append(again)
        return await self._attempt(again)

    def acknowledge(self, body: Json) -> None:
        """Take an acknowledgement off a socket."""
        for envelope in reversed(self.sent):
            if envelope.id == body.get("envelope_id"):
                if envelope.over:
                    envelope.late = True
                elif envelope.reply is None:
                    payload = body.get("payload")
                    envelope.reply = payload if isinstance(payload, dict) else {}
                self.changes.tell()
                return

    def open(self, ws: web.WebSocketResponse, transport: asyncio.BaseTransport | None) -> Socket:
        self._opened += 1
        socket = Socket(self._opened, ws, transport)
        self.sockets.append(socket)
        self.changes.tell()
        return socket

    def close(self, socket: Socket) -> None:
        """The socket is gone; what it took along unacknowledged goes out on another."""
        if socket in self.sockets:
            self.sockets.remove(socket)
        for envelope in self.sent:
            open_still = envelope.reply is None and not envelope.over
            if open_still and envelope.sent_to and envelope.sent_to[-1] == socket.number:
                envelope.attempt += 1
                envelope.reason = "socket_closed"
                self._spawn(self._again(envelope))
        self.changes.tell()

    async def _again(self, envelope: Envelope) -> None:
        await self._send(envelope, self.app.ack_seconds)

    async def disconnect(self, *, politely: bool) -> None:
        """Close every socket: after Slack's `disconnect` message, or by cutting the connection."""
        for socket in list(self.sockets):
            if politely:
                await socket.ws.send_json(
                    {"type": "disconnect", "reason": "refresh_requested", "debug_info": {"host": "sandbox"}}
                )
            elif socket.transport is not None:
                socket.transport.close()
            self.close(socket)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def stop(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for socket in list(self.sockets):
            with contextlib.suppress(ConnectionError):
                await socket.ws.close()
