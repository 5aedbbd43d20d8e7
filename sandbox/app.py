"""The aiohttp application: Web API, sockets, response URLs, control and page on one port.

Loopback only, and only for pages of its own: a website that a person happens to visit could otherwise
play with the workspace (DNS rebinding, cross-site requests).
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web

from sandbox import fixtures, incoming_webhooks
from sandbox.control.everything import Control, call
from sandbox.responses import respond
from sandbox.rules import Refused
from sandbox.web_api.route import WebApi
from sandbox.workspace import Workspace

PAGE = Path(__file__).parent / "page"
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
WORKSPACE: web.AppKey[Workspace] = web.AppKey("workspace", Workspace)
CONTROL: web.AppKey[Control] = web.AppKey("control", Control)
POLICY = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
Next = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_app(workspace: Workspace, control: Control | None = None) -> web.Application:
    """The application. `workspace.base_url` must be set before the first request."""
    app = web.Application(middlewares=[_own_pages_only], client_max_size=4 * 1024 * 1024)
    app[WORKSPACE] = workspace
    app[CONTROL] = control or Control(workspace)
    api = WebApi(workspace)
    app.router.add_get("/api/{method}", api.respond)
    app.router.add_post("/api/{method}", api.respond)
    app.router.add_get("/link/", _link)
    app.router.add_post("/response/{token}", _response)
    app.router.add_post("/services/{name}", _webhook)
    app.router.add_get("/control/live", _live)
    app.router.add_post("/control/{verb}", _control)
    app.router.add_get("/", _page)
    app.router.add_static("/page/", PAGE)
    app.on_shutdown.append(_stop)
    return app


@web.middleware
async def _own_pages_only(request: web.Request, handler: Next) -> web.StreamResponse:
    host = urlsplit(f"//{request.host}").hostname
    origin = request.headers.get("Origin")
    if host not in LOOPBACK or (origin is not None and urlsplit(origin).netloc != request.host):
        raise web.HTTPForbidden(text="The pretend workspace answers this computer only.")
    response = await handler(request)
    if not response.prepared:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        response.headers["Referrer-Policy"] = "no-referrer"
    return response


async def _link(request: web.Request) -> web.StreamResponse:
    """One WebSocket of the app (apis/events-api/using-socket-mode)."""
    workspace = request.app[WORKSPACE]
    if workspace.faults.away:
        raise web.HTTPServiceUnavailable(text="Slack is away.")
    ticket = request.query.get("ticket", "")
    if ticket not in workspace.tickets:
        raise web.HTTPForbidden(text="This address was used before or never handed out.")
    workspace.tickets.discard(ticket)
    ws = web.WebSocketResponse(max_msg_size=4 * 1024 * 1024, heartbeat=workspace.app.ping_seconds)
    await ws.prepare(request)
    await ws.send_json(
        {
            "type": "hello",
            "num_connections": len(workspace.envelopes.sockets) + 1,
            "connection_info": {"app_id": fixtures.APP},
            "debug_info": {"host": "sandbox", "approximate_connection_time": 3600},
        }
    )
    socket = workspace.envelopes.open(ws, request.transport)
    try:
        async for message in ws:
            if message.type is WSMsgType.TEXT:
                with contextlib.suppress(ValueError, AttributeError):
                    workspace.envelopes.acknowledge(json.loads(message.data))
    finally:
        workspace.envelopes.close(socket)
    return ws


async def _response(request: web.Request) -> web.StreamResponse:
    """A post to a response URL; Slack answers `ok` as text, refusals with 404 or 400."""
    workspace = request.app[WORKSPACE]
    if workspace.faults.away:
        raise web.HTTPServiceUnavailable(text="Slack is away.")
    try:
        url = workspace.response_urls.use(request.match_info["token"])
        try:
            body = json.loads(await request.text())
        except (ValueError, RecursionError):
            body = None
        respond(workspace, url, body)
    except Refused as no:
        gone = no.error in ("used_url", "expired_url", "invalid_url")
        return web.json_response(no.answer(), status=404 if gone else 400)
    return web.Response(text="ok")


async def _webhook(request: web.Request) -> web.StreamResponse:
    """A post to an incoming webhook; Slack answers with a word as text."""
    workspace = request.app[WORKSPACE]
    if workspace.faults.away:
        raise web.HTTPServiceUnavailable(text="Slack is away.")
    try:
        body = json.loads(await request.text())
    except (ValueError, RecursionError):
        body = None
    try:
        incoming_webhooks.post(workspace, request.match_info["name"], body)
    except Refused as no:
        return web.Response(text=no.error, status=incoming_webhooks.STATUS.get(no.error, 400))
    return web.Response(text="ok")


async def _control(request: web.Request) -> web.StreamResponse:
    """`POST /control/{verb}` with a JSON object of named arguments."""
    try:
        text = await request.text()
        arguments = json.loads(text) if text.strip() else {}
        answer = await call(request.app[CONTROL], request.match_info["verb"], arguments)
    except (ValueError, TypeError, AttributeError, RecursionError) as wrong:
        # A value of the wrong kind deep inside an argument: whoever sent it learns that much.
        said = f"the body is not JSON, or an argument is of the wrong kind: {wrong}"
        return web.json_response({"error": "wrong_arguments", "said": said}, status=400)
    except Refused as no:
        return web.json_response({"error": no.error, "said": no.said}, status=400)
    return web.json_response({"answer": answer})


async def _live(request: web.Request) -> web.StreamResponse:
    """Server-sent events: the workspace's version, each time it changes."""
    control = request.app[CONTROL]
    stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await stream.prepare(request)
    version = -1
    with contextlib.suppress(ConnectionError):
        while not control.workspace.changes.over:
            version = await control.wait_change(version, 20.0)
            await stream.write(f"data: {version}\n\n".encode())
    return stream


async def _page(request: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html")


async def _stop(app: web.Application) -> None:
    await app[WORKSPACE].close()
