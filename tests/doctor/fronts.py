"""What stands in front of the web program, and what stands for Slack: on loopback, and as bad as a test wants."""

import json
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
from aiohttp import web

_HOP: tuple[str, ...] = ("transfer-encoding", "connection", "content-length", "keep-alive")


@dataclass
class Passed:
    """An answer on its way out through a front, to be changed by it."""

    method: str
    path: str
    status: int
    headers: dict[str, str]
    body: bytes


Change = Callable[[Passed], None]


@asynccontextmanager
async def front(port: int, change: Change = lambda passed: None) -> AsyncIterator[str]:
    """A proxy before the program on `port`, which changes each answer; its address."""
    async with aiohttp.ClientSession(auto_decompress=False) as session:

        async def answer(request: web.Request) -> web.Response:
            kept = {name: value for name, value in request.headers.items() if name.lower() not in (*_HOP, "host")}
            kept["Accept-Encoding"] = "identity"  # what is packed nobody rewrites
            async with session.request(
                request.method,
                f"http://127.0.0.1:{port}{request.path_qs}",
                headers=kept,
                data=await request.read() or None,
                allow_redirects=False,
            ) as theirs:
                headers = {name: value for name, value in theirs.headers.items() if name.lower() not in _HOP}
                passed = Passed(request.method, request.path, theirs.status, headers, await theirs.read())
            change(passed)
            made = web.Response(status=passed.status, headers=passed.headers, body=passed.body)
            if "Server" not in passed.headers:
                made._prepare_headers = _nameless(made)  # type: ignore[method-assign]
            return made

        async with _serving(answer) as url:
            yield url


def _nameless(made: web.Response) -> Callable[[], Coroutine[Any, Any, None]]:
    prepare = made._prepare_headers

    async def prepared() -> None:
        await prepare()
        made.headers.popall("Server", None)

    return prepared


@dataclass
class Workspace:
    """A Web API that says of each method what a test wants; `asked` are the methods that were called."""

    answers: dict[str, tuple[int, Mapping[str, object], Mapping[str, str]]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)


@asynccontextmanager
async def slack(workspace: Workspace) -> AsyncIterator[str]:
    """Slack's Web API; its address, as SLACK_API_URL has it."""

    async def answer(request: web.Request) -> web.Response:
        method = request.path.rsplit("/", 1)[1]
        workspace.asked.append(method)
        status, said, headers = workspace.answers.get(method, (200, {"ok": True}, {}))
        return web.Response(
            status=status, text=json.dumps(said), content_type="application/json", headers=dict(headers)
        )

    async with _serving(answer) as url:
        yield f"{url}/api/"


@asynccontextmanager
async def _serving(answer: Callable[[web.Request], object]) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)  # type: ignore[arg-type]
    runner = web.AppRunner(app, access_log=None, handle_signals=False, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://localhost:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
