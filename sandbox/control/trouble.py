"""What a test does to the workspace: faults, administrators' acts, lost sockets, a moved clock."""

from __future__ import annotations

import asyncio
from typing import Any

from sandbox import fixtures, payloads
from sandbox.control.base import Base
from sandbox.faults import Fault
from sandbox.rules import Refused
from sandbox.signed_http import FLAWS
from sandbox.wire import Json

SETTINGS = {
    "messages_tab", "messages_tab_read_only", "home_tab", "should_escape", "tier_limits", "ack_seconds",
    "request_url", "response_uses", "response_seconds", "trigger_seconds", "subscribed",
}  # fmt: skip
AWAY = ("reset", "http_500", "http_503")
"""How Slack can be away: no connection, or one that ends in an error."""


class Trouble(Base):
    """Each answers `{}` unless it says otherwise."""

    _absence = 0

    def fault(
        self,
        method: str,
        kind: str,
        times: int | None = 1,
        retry_after: int = 1,
        error: str = "internal_error",
    ) -> Json:
        """Let the next `times` calls of `method` fail (None = until cleared). Kinds: sandbox/faults.py."""
        self.workspace.faults.add(Fault(method, kind, times, retry_after, error))
        return {}

    def clear_faults(self, method: str | None = None) -> Json:
        self.workspace.faults.clear(method)
        return {}

    def archive(self, conversation: str, archived: bool = True) -> Json:
        self._conversation(conversation).archived = archived
        return self._told()

    def kick_bot(self, conversation: str) -> Json:
        self._conversation(conversation).members.discard(fixtures.BOT_USER)
        return self._told()

    def invite_bot(self, conversation: str) -> Json:
        self._conversation(conversation).members.add(fixtures.BOT_USER)
        return self._told()

    def reset(self) -> Json:
        """A fresh workspace: nothing said, nothing open, everybody and every channel as at the start.

        The app stays installed and connected; recorded calls, injected faults and the app's settings stay.
        """
        self.workspace.reset()
        return self._told()

    def deactivate(self, user: str) -> Json:
        """The person's account is switched off."""
        self._person(user).deleted = True
        return self._told()

    def revoke_token(self) -> Json:
        """The bot token is dead; the app gets `tokens_revoked` if it can still be reached."""
        self.workspace.app.revoked = True
        body = {"type": "tokens_revoked", "tokens": {"bot": [fixtures.BOT_USER]}}
        self.road.post_event(payloads.event(self.workspace, body))
        return self._told()

    def uninstall(self) -> Json:
        self.workspace.app.installed = False
        self.road.post_event(payloads.event(self.workspace, {"type": "app_uninstalled"}))
        return self._told()

    def reinstall(self) -> Json:
        """Undo revoke_token and uninstall, with the same tokens."""
        self.workspace.app.installed, self.workspace.app.revoked = True, False
        return self._told()

    def drop_scope(self, scope: str) -> Json:
        self.workspace.app.scopes.discard(scope)
        return self._told()

    def grant_scope(self, scope: str) -> Json:
        self.workspace.app.scopes.add(scope)
        return self._told()

    def set(self, name: str, value: Any) -> Json:
        """Change one setting of the app, e.g. `messages_tab`, `ack_seconds`, `tier_limits`.

        `subscribed` is the list of events that the app's manifest asks for.
        """
        if name not in SETTINGS:
            raise Refused("no_such_setting", f"settings are {', '.join(sorted(SETTINGS))}")
        setattr(self.workspace.app, name, set(value) if name == "subscribed" else value)
        return self._told()

    def move_clock(self, seconds: float) -> Json:
        """Trigger ids and response URLs grow older by this much."""
        self.workspace.clock.move(seconds)
        return self._told()

    async def disconnect(self, politely: bool = False) -> Json:
        """Close the app's sockets, by Slack's `disconnect` message or by cutting them."""
        await self.workspace.envelopes.disconnect(politely=politely)
        return {}

    async def go_away(self, kind: str = "reset", seconds: float | None = None) -> Json:
        """All of Slack is out of the app's reach: calls, sockets, response URLs. People still see the page.

        `kind`: `reset`, `http_500` or `http_503`; for so many seconds, or until `come_back`.
        """
        if kind not in AWAY:
            raise Refused("no_such_fault", f"Slack is away by {', '.join(AWAY)}")
        self.workspace.faults.away = kind
        self._absence += 1
        await self.workspace.envelopes.disconnect(politely=False)
        if seconds is not None:
            self.workspace.spawn(self._return(self._absence, seconds))
        return self._told()

    def come_back(self) -> Json:
        """Slack is there again; the app finds its way back by itself."""
        self.workspace.faults.away = ""
        return self._told()

    async def _return(self, absence: int, seconds: float) -> None:
        await asyncio.sleep(seconds)
        # A later absence is not ended by the alarm of an earlier one.
        if absence == self._absence:
            self.come_back()

    async def redeliver(self, id: str | None = None, kind: str | None = None) -> Json:  # noqa: A002 - its name in JSON
        """Send the newest fitting envelope's payload once more; answers `{outcome}`."""
        for envelope in reversed(self.workspace.envelopes.sent):
            if id in (None, envelope.id) and kind in (None, envelope.kind):
                return {"outcome": (await self.workspace.envelopes.redeliver(envelope)).outcome}
        raise Refused("no_such_envelope", "nothing of that kind was sent")

    def flaw(self, kind: str) -> Json:
        """HTTP mode: break the next signature: `stale`, `wrong`, `malformed` or `missing`."""
        if kind not in FLAWS:
            raise Refused("no_such_flaw", f"a signature is {', '.join(FLAWS)}")
        self.road.http.flaw = kind
        return {}

    async def replay(self) -> int | None:
        """HTTP mode: send the last request again, byte for byte; the status of the answer."""
        if not self.road.http.sent:
            raise Refused("no_such_envelope", "nothing was sent")
        return await self.road.http.replay(self.road.http.sent[-1])

    async def ssl_check(self) -> int | None:
        """HTTP mode: Slack's unsigned probe; the status of the answer."""
        return await self.road.http.ssl_check()

    def _told(self) -> Json:
        self.workspace.changes.tell()
        return {}
