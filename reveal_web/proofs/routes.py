"""Everything that proofs serve beside the reader."""

from aiohttp import web

from reveal_web.proofs import evidence_routes, incident_routes, log_routes, receipt_routes


def routes() -> list[web.RouteDef]:
    """The log's addresses, the receipts', the evidence packs' and the incidents'."""
    return [*log_routes.routes(), *receipt_routes.routes(), *evidence_routes.routes(), *incident_routes.routes()]
