"""`/api/{method}`: records the call, injects faults, asks for token and scope, answers.

Slack answers almost every refusal with HTTP 200 and `ok: false`; only rate limits and injected faults
have another status.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct

from aiohttp import web

from sandbox.faults import AFTER, Fault
from sandbox.rules import Refused
from sandbox.web_api import arguments
from sandbox.web_api.methods import METHODS, Method
from sandbox.web_api.rules_access import METHOD, PLAYED, Caller, admit
from sandbox.wire import Json
from sandbox.workspace import Call, Workspace

HOLD_SECONDS = 60.0
"""A time-out holds the call at most this long; clients give up earlier."""


class WebApi:
    """Answers the app's calls for one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

    async def respond(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        method = METHODS.get(name)
        try:
            token, given = await arguments.read(request)
        except Refused as no:
            return web.json_response(no.answer())
        call = self._record(request, name, token, given)
        fault = self.workspace.faults.take(name)
        if fault is not None:
            call.fault = fault.kind
            if fault.kind not in AFTER:
                return await self._fail(request, call, fault)
        call.answer = await self._answer(call, method, token)
        self.workspace.changes.tell()
        if fault is not None:
            return await self._fail(request, call, fault)
        if call.answer.get("error") == "ratelimited":
            return web.json_response(call.answer, status=429, headers={"Retry-After": "1"})
        # As Slack does, so that whoever asks learns what a token may do.
        scopes = {"x-oauth-scopes": ",".join(sorted(self.workspace.app.scopes))} if call.token == "bot" else {}
        return web.json_response(call.answer, headers=scopes)

    def _record(self, request: web.Request, name: str, token: str, given: Json) -> Call:
        kinds = {self.workspace.app.bot_token: "bot", self.workspace.app.app_token: "app", "": "none"}
        call = Call(
            number=len(self.workspace.calls) + 1,
            method=name,
            verb=request.method,
            token=kinds.get(token, "unknown"),
            arguments=given,
            at=self.workspace.clock.now(),
        )
        self.workspace.calls.append(call)
        self.workspace.changes.tell()
        return call

    async def _answer(self, call: Call, method: Method | None, token: str) -> Json:
        try:
            METHOD.hold(method)
            assert method is not None
            if method.wants:
                admit(Caller(self.workspace.app, token, method.wants, method.scopes))
            PLAYED.hold(method)
            assert method.answer is not None
            return {"ok": True, **await method.answer(self.workspace, call.arguments)}
        except Refused as no:
            call.rule = no.rule
            return no.answer()

    async def _fail(self, request: web.Request, call: Call, fault: Fault) -> web.StreamResponse:
        body: Json = {"ok": False, "error": fault.error}
        if fault.kind == "ratelimited":
            call.answer = {"ok": False, "error": "ratelimited"}
            retry = {"Retry-After": str(fault.retry_after)}
            return self._told(web.json_response(call.answer, status=429, headers=retry))
        if fault.kind in ("http_500", "http_503"):
            call.answer = {"ok": False, "error": fault.kind}
            return self._told(web.Response(status=int(fault.kind[-3:]), text="upstream error"))
        if fault.kind == "error":
            call.answer = body
            return self._told(web.json_response(body))
        if fault.kind == "malformed":
            return self._told(web.Response(text='{"ok": tr', content_type="application/json"))
        if fault.kind in ("timeout", "timeout_after"):
            self.workspace.changes.tell()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(fault.over.wait(), HOLD_SECONDS)
        self.workspace.changes.tell()
        return _reset(request)

    def _told(self, answer: web.StreamResponse) -> web.StreamResponse:
        self.workspace.changes.tell()
        return answer


def _reset(request: web.Request) -> web.StreamResponse:
    """Cut the connection so that the client sees a reset, not an orderly end."""
    transport = request.transport
    if transport is not None:
        connection = transport.get_extra_info("socket")
        if connection is not None:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        transport.abort()
    return web.Response()
