"""The one way from a person's act to the app: Socket Mode, or HTTP when a request URL is set."""

from __future__ import annotations

from sandbox.envelopes import Reply
from sandbox.signed_http import SignedHttp
from sandbox.wire import Json
from sandbox.workspace import Workspace


class Road:
    """Delivers and says what came of it."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.http = SignedHttp(workspace)

    async def deliver(self, kind: str, payload: Json) -> Reply:
        """`kind`: slash_commands, interactive or events_api."""
        if self.workspace.app.request_url:
            if self.workspace.faults.away:
                return Reply("dispatch_failed")
            return await self.http.deliver(kind, payload)
        accepts = kind != "events_api"
        return await self.workspace.envelopes.deliver(kind, payload, accepts=accepts)

    def post_event(self, payload: Json) -> None:
        """In the background, if the app subscribed to it."""
        if payload["event"]["type"] not in self.workspace.app.subscribed:
            return
        if self.workspace.app.request_url:
            if self.workspace.faults.away:
                return
            self.workspace.spawn(self.http.event(payload))
        else:
            self.workspace.envelopes.post_event(payload)
