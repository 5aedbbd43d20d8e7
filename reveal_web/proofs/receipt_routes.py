"""
A receipt: its page, the names behind it, and as files the signed bytes and their way into the log.

Whoever knows a receipt's id, 128 random bits, may have page and files; neither names a person.  Names are for whoever
has a token besides.  A receipt that the log does not hold so far has no proof: 404 with when to come back, a moment
later.
"""

import re
from typing import Final

from aiohttp import web

from reveal_web.proofs import receipt_assets, receipt_page
from reveal_web.proofs.in_words import in_words
from reveal_web.reader import bodies
from reveal_web.reader.answers import Answer, RefusedError, as_json, problem
from reveal_web.reader.parts import PARTS
from store import receipt_names, receipts
from store.errors import NamesOverError, StoreUnavailableError, UnknownReceiptError
from store.formats.errors import MalformedError
from store.log import proofs
from store.log.proofs import Standing

_RID: Final = re.compile(r"[0-9a-f]{32}")
_NOT_YET_SECONDS: Final = 1


def routes() -> list[web.RouteDef]:
    """`.jws` and `.tlog-proof`, the page, its files, names; the files first, because an id would match them too."""
    return [
        web.get(r"/receipts/{rid}.jws", in_words(_signed), name="receipt-jws"),
        web.get(r"/receipts/{rid}.tlog-proof", in_words(_proof), name="receipt-proof"),
        web.get("/receipts/{rid}", _page, name="receipt"),
        web.post("/receipts/{rid}/names", in_words(_names), name="receipt-names"),
        web.get(f"{receipt_assets.FOLDER}/{{name}}", _file, name="receipt-asset"),
    ]


async def _page(request: web.Request) -> Answer:
    settings = request.app[PARTS].settings
    try:
        found = await _found(request)
    except StoreUnavailableError:
        return instead(request, problem("unavailable", retry_after=1), receipt_page.away(settings))
    if found is None:
        return instead(request, problem("not-found"), receipt_page.missing(settings))
    if found.standing is Standing.REFUSED:
        return instead(request, problem("not-found"), receipt_page.refused(settings))
    from jinja2 import UndefinedError  # with which the page is written

    try:
        return html(request, receipt_page.page(settings, request.match_info["rid"], found))
    except (MalformedError, UndefinedError, KeyError, TypeError, ValueError):
        return instead(request, problem("unavailable"), receipt_page.damaged(settings))


async def _signed(request: web.Request) -> Answer:
    # Without its proof, which may take longer to be had, or not be to be had at all.
    rid = request.match_info["rid"]
    leaf = await proofs.leaf_of(request.app[PARTS].store, receipts.JTI + rid) if _RID.fullmatch(rid) else None
    if leaf is None:
        return problem("not-found")
    return Answer(body=leaf, content_type="application/jose")


async def _proof(request: web.Request) -> Answer:
    found = await _found(request)
    if found is None:
        return problem("not-found")
    if found.standing is Standing.DAMAGED:
        return problem("unavailable")
    if found.proof is None:
        return problem("not-found", retry_after=_NOT_YET_SECONDS if found.standing is Standing.WAITING else None)
    return Answer(text=found.proof, content_type="text/plain", charset="utf-8")


async def _names(request: web.Request) -> Answer:
    parts, rid = request.app[PARTS], request.match_info["rid"]
    try:
        bodies.require_own_page(request, parts.settings.origin)
        said = await bodies.read_object(request)
    except RefusedError as refused:
        return refused.answer
    token = said.pop("token", None)
    if said or not isinstance(token, str):
        return problem("malformed")
    if _RID.fullmatch(rid) is None:
        return problem("not-found")
    try:
        shown = await receipt_names.names(parts.store, rid, token)
    except UnknownReceiptError:
        return problem("not-found")
    except NamesOverError:
        return problem("names-over")
    return as_json(200, disclosures=shown.disclosures, until=shown.until)


async def _file(request: web.Request) -> Answer:
    asset = receipt_assets.load(request.app[PARTS].settings.public_url).files.get(request.path)
    if asset is None:
        return problem("not-found")
    return Answer(body=asset.body, headers={**asset.headers, "Content-Type": asset.content_type})


async def _found(request: web.Request) -> proofs.Proven | None:
    rid = request.match_info["rid"]
    if _RID.fullmatch(rid) is None:
        return None
    return await proofs.of_event(request.app[PARTS].store, receipts.JTI + rid)


def html(request: web.Request, text: str, status: int = 200) -> Answer:
    """A page with the headers of the pages of proofs."""
    headers = dict(receipt_assets.load(request.app[PARTS].settings.public_url).headers)
    return Answer(text=text, status=status, content_type="text/html", charset="utf-8", headers=headers)


def instead(request: web.Request, refusal: Answer, text: str) -> Answer:
    """The refusal for a program; for somebody with a browser the same in words."""
    if "text/html" not in request.headers.get("Accept", ""):
        return refusal
    answer = html(request, text, refusal.status)
    if "Retry-After" in refusal.headers:
        answer.headers["Retry-After"] = refusal.headers["Retry-After"]
    return answer
