"""
An evidence pack that somebody asked for in Slack: its page, and its zip.

Whoever knows a pack's id, 128 random bits, may have both; neither names a person.  An id that is malformed, was never
given out, or whose pack is over gets the same answer.  The zip is sent piece by piece: what a slow reader holds is
one piece, and no transaction.
"""

import re
from typing import Final

from aiohttp import web

from reveal_web.proofs import evidence_page
from reveal_web.proofs.in_words import in_words
from reveal_web.proofs.receipt_routes import html, instead
from reveal_web.reader.answers import Answer, problem
from reveal_web.reader.parts import PARTS
from store.errors import StoreUnavailableError
from store.evidence import keeping
from store.evidence.keeping import Kept
from store.evidence.zipped import name_of

_ID: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


def routes() -> list[web.RouteDef]:
    """The zip first, because an id would match it too."""
    return [
        web.get("/evidence/{id}.zip", in_words(_zip), name="evidence-zip"),
        web.get("/evidence/{id}", _page, name="evidence"),
    ]


async def _page(request: web.Request) -> Answer:
    settings = request.app[PARTS].settings
    try:
        kept = await _found(request)
    except StoreUnavailableError:
        return instead(request, problem("unavailable", retry_after=1), evidence_page.away(settings))
    return _missing(request) if kept is None else html(request, evidence_page.page(settings, kept))


async def _zip(request: web.Request) -> Answer:
    kept = await _found(request)
    if kept is None:
        return _missing(request)
    name = f"{name_of(kept.request)}.zip"
    headers = {
        "Content-Type": "application/zip",
        "Content-Length": str(kept.bytes),
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Answer(body=keeping.pieces(request.app[PARTS].store.db, kept), headers=headers)


async def _found(request: web.Request) -> Kept | None:
    pack_id = request.match_info["id"]
    if _ID.fullmatch(pack_id) is None:
        return None
    return await keeping.find(request.app[PARTS].store.db, bytes.fromhex(pack_id))


def _missing(request: web.Request) -> Answer:
    return instead(request, problem("not-found"), evidence_page.missing(request.app[PARTS].settings))
