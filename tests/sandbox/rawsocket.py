"""An app in its barest form: a WebSocket that acknowledges only when a test says so."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.running import Sandbox
from tests.sandbox.parts import Json


class RawSocket:
    """One connection; `next` reads an envelope, `ack` acknowledges one."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws

    async def next(self) -> Json:
        body: Json = await self.ws.receive_json(timeout=10)
        return body

    async def ack(self, envelope: Json, payload: Any = None) -> None:
        body = {"envelope_id": envelope["envelope_id"]}
        await self.ws.send_json(body if payload is None else {**body, "payload": payload})


@asynccontextmanager
async def raw_socket(sandbox: Sandbox) -> AsyncIterator[RawSocket]:
    """Connects as an app does: apps.connections.open, the address, hello."""
    open_before = len(sandbox.workspace.envelopes.sockets)
    client = AsyncWebClient(token=sandbox.app_token, base_url=sandbox.api_url)
    address = (await client.apps_connections_open(app_token=sandbox.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as ws:
        hello = await ws.receive_json(timeout=10)
        assert hello["type"] == "hello"
        assert await sandbox.wait_sockets(open_before + 1)
        yield RawSocket(ws)
