"""A loopback server for pages under test, with the very headers and files that readers get."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from reveal_web.assets import Asset, Assets


def application(assets: Assets, extra: dict[str, Asset] | None = None, shell: bytes | None = None) -> web.Application:
    """Serves `shell` (else the reader's) for every drop, beside the assets and `extra` files."""
    files = {**assets.files, **(extra or {})}

    async def page(_request: web.Request) -> web.Response:
        headers = {**assets.shell_headers, "Content-Type": "text/html; charset=utf-8"}
        return web.Response(body=assets.shell if shell is None else shell, headers=headers)

    async def file(request: web.Request) -> web.Response:
        asset = files.get(request.path)
        if asset is None:
            raise web.HTTPNotFound
        return web.Response(body=asset.body, headers={**asset.headers, "Content-Type": asset.content_type})

    app = web.Application()
    app.router.add_get("/s/{id}", page)
    app.router.add_get("/assets/{name}", file)
    return app


@asynccontextmanager
async def serving(app: web.Application) -> AsyncIterator[str]:
    """The base URL of `app` on a free loopback port."""
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        yield f"http://{host}:{port}"
    finally:
        await runner.cleanup()
