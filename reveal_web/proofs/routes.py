"""Everything that proofs serve beside the reader."""

from aiohttp import web

from reveal_web.proofs import log_routes, receipt_routes


def routes() -> list[web.RouteDef]:
    """The log's addresses and the receipts'."""
    return [*log_routes.routes(), *receipt_routes.routes()]
