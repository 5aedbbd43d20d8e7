"""Everything that machines serve beside the reader."""

from aiohttp import web

from reveal_web.machines import ask_routes, composer_assets, composer_page, order_routes, record_routes
from reveal_web.reader.parts import PARTS
from reveal_web.reader.wrong_links import WrongLinks
from store.large import Large


def add_to(app: web.Application) -> None:
    """The routes, and what one running server remembers of them.  Raises MissingLibrariesError."""
    settings = app[PARTS].settings
    app[composer_page.PAGE] = composer_assets.load(settings.public_url, demo=settings.demo)
    app[order_routes.LARGE_BODIES] = Large()
    app[ask_routes.WRONG_TOKENS], app[ask_routes.ASKED] = WrongLinks(), WrongLinks()
    app[record_routes.REFUSALS] = record_routes.Refusals(app[PARTS])
    app.add_routes([*composer_page.routes(), *order_routes.routes(), *ask_routes.routes(), *record_routes.routes()])
