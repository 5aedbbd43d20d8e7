"""Everything that machines serve beside the reader."""

from aiohttp import web

from reveal_web.machines import (
    ask_routes,
    bearer,
    composer_assets,
    composer_page,
    openapi_route,
    order_routes,
    own_drop_routes,
    own_record_routes,
    record_making_route,
    record_page_routes,
    record_routes,
    revoke_route,
    viewer_page,
)
from reveal_web.machines.own_drop_routes import LOOKS_A_SECOND, LOOKS_AT_ONCE
from reveal_web.reader.parts import PARTS
from reveal_web.reader.wrong_links import WrongLinks
from store.large import Large


def add_to(app: web.Application) -> None:
    """The routes, and what one running server remembers of them.  Raises MissingLibrariesError."""
    settings = app[PARTS].settings
    app[composer_page.PAGE] = composer_assets.load(settings.public_url, demo=settings.demo)
    app[viewer_page.PAGE] = viewer_page.load(settings.public_url, demo=settings.demo)
    app[order_routes.LARGE_BODIES] = Large()
    for limit in (bearer.WRONG_TOKENS, ask_routes.ASKED, revoke_route.REVOKES):
        app[limit] = WrongLinks()
    app[own_drop_routes.LOOKS] = WrongLinks(burst=LOOKS_AT_ONCE, a_second=LOOKS_A_SECOND)
    app[record_routes.REFUSALS] = record_routes.Refusals(app[PARTS])
    app.add_routes([*composer_page.routes(), *order_routes.routes(), *ask_routes.routes(), *openapi_route.routes()])
    app.add_routes([*own_drop_routes.routes(), *revoke_route.routes()])
    app.add_routes([*record_routes.routes(), *record_making_route.routes(), *own_record_routes.routes()])
    app.add_routes([*viewer_page.routes(), *record_page_routes.routes()])
