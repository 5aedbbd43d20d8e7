"""Everything that machines serve beside the reader."""

from aiohttp import web

from reveal_web.machines import ask_routes, order_routes
from reveal_web.machines.drop_bodies import LargeBodies
from reveal_web.reader.wrong_links import WrongLinks


def add_to(app: web.Application) -> None:
    """The routes, and what one running server remembers of them."""
    app[order_routes.LARGE_BODIES] = LargeBodies()
    app[ask_routes.WRONG_TOKENS], app[ask_routes.ASKED] = WrongLinks(), WrongLinks()
    app.add_routes([*order_routes.routes(), *ask_routes.routes()])
