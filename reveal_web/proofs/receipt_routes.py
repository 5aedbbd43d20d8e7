"""
A receipt: what it says, and as files the signed bytes and their way into the log.

Whoever knows a receipt's id, 128 random bits, may have both; neither names a person.  A receipt that the log does not
hold so far has no proof: 404 with when to come back, a moment later.
"""

import re
from typing import Final

from aiohttp import web

from reveal_web.proofs.in_words import in_words
from reveal_web.reader.answers import Answer, as_json, problem
from reveal_web.reader.parts import PARTS
from store import receipts
from store.formats import event_v1
from store.log import proofs

_RID: Final = re.compile(r"[0-9a-f]{32}")
_NOT_YET_SECONDS: Final = 1


def routes() -> list[web.RouteDef]:
    """What it says, `.jws` and `.tlog-proof`; the files first, because an id would match them too."""
    return [
        web.get(r"/receipts/{rid}.jws", in_words(_signed), name="receipt-jws"),
        web.get(r"/receipts/{rid}.tlog-proof", in_words(_proof), name="receipt-proof"),
        web.get("/receipts/{rid}", in_words(_said), name="receipt"),
    ]


async def _said(request: web.Request) -> Answer:
    found = await _found(request)
    if found is None:
        return problem("not-found")
    address = f"{request.app[PARTS].store.issuer}/receipts/{request.match_info['rid']}"
    payload = event_v1.unverified(found.leaf)
    return as_json(200, says=payload, signed=f"{address}.jws", proof=f"{address}.tlog-proof")


async def _signed(request: web.Request) -> Answer:
    found = await _found(request)
    if found is None:
        return problem("not-found")
    return Answer(body=found.leaf, content_type="application/jose")


async def _proof(request: web.Request) -> Answer:
    found = await _found(request)
    if found is None:
        return problem("not-found")
    if found.proof is None:
        return problem("not-found", retry_after=_NOT_YET_SECONDS)
    return Answer(text=found.proof, content_type="text/plain", charset="utf-8")


async def _found(request: web.Request) -> proofs.Proven | None:
    rid = request.match_info["rid"]
    if _RID.fullmatch(rid) is None:
        return None
    return await proofs.of_event(request.app[PARTS].store, receipts.JTI + rid)
