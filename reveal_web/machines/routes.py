"""Everything that machines serve beside the reader."""

from aiohttp import web

from reveal_web.machines import order_routes
from reveal_web.machines.drop_bodies import LargeBodies


def add_to(app: web.Application) -> None:
    """The routes, and what one running server remembers of them."""
    app[order_routes.LARGE_BODIES] = LargeBodies()
    app.add_routes(order_routes.routes())
