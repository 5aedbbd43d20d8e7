"""The reader's application: its routes over one store.  What every answer needs besides is in `connections`."""

from aiohttp import web

from reveal_web.assets import Assets
from reveal_web.reader import bodies, drop_routes, health, pages
from reveal_web.reader.parts import PARTS, Parts
from reveal_web.settings import WebSettings
from store.opened import Store


def build_app(store: Store, settings: WebSettings, assets: Assets) -> web.Application:
    """The application.  Only `serving.serving` serves it with the headers and limits that every answer needs."""
    app = web.Application(client_max_size=bodies.MOST_BYTES)
    app[PARTS] = Parts(store, settings, assets)
    app.add_routes([*pages.routes(), *drop_routes.routes()])
    app.router.add_get("/healthz", health.alive, name="healthz")
    app.router.add_get("/readyz", health.Health().ready, name="readyz")
    return app
