"""
What one person was handed, for whoever was given a link in Slack: as a page to print, and as a table.

The link names and opens at once, for a quarter of an hour and as often as it is asked for: a preview or a scanner on
the way uses nothing up.  One that is malformed, was never given out, or whose time is over gets the same answer.
"""

import asyncio
import base64
import hashlib
import re
from typing import Final

from aiohttp import web

from reveal_web.browser import page_headers
from reveal_web.proofs import receipt_page
from reveal_web.proofs.in_words import in_words
from reveal_web.proofs.receipt_routes import html, instead
from reveal_web.reader.answers import Answer, problem
from reveal_web.reader.parts import PARTS
from store.errors import StoreUnavailableError, UnknownSheetError
from store.formats.sheet_link_v1 import MOST_CHARACTERS
from store.incident import links, page, table
from store.incident.sheet import Sheet

_MISSING: Final = (
    "This list is not here any more",
    (
        "Its links work for fifteen minutes, and these are over, or the address is not complete. Nothing is lost: "
        "whoever may see the list gets new ones by /sendsecret incident in Slack."
    ),
)
_AWAY: Final = (
    "The list cannot be shown just now",
    "The database does not answer. Nothing is lost: load this page again in a moment.",
)
_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9@._-]", re.ASCII)


def routes() -> list[web.RouteDef]:
    """The table first, because a link would match it too."""
    return [
        web.get("/incident/{link}.csv", in_words(_table), name="incident-table"),
        web.get("/incident/{link}", _page, name="incident"),
    ]


async def _page(request: web.Request) -> Answer:
    settings = request.app[PARTS].settings
    try:
        sheet = await _found(request)
    except StoreUnavailableError:
        return instead(request, problem("unavailable", retry_after=1), receipt_page.notice(settings, *_AWAY))
    if sheet is None:
        return _missing(request)
    answer = html(request, await asyncio.to_thread(page.of, sheet, demo=settings.demo))
    digest = base64.b64encode(hashlib.sha256(page.style().encode()).digest()).decode()
    answer.headers["Content-Security-Policy"] = page_headers.PRINTED_POLICY.format(style=f"sha256-{digest}")
    return answer


async def _table(request: web.Request) -> Answer:
    sheet = await _found(request)
    if sheet is None:
        return _missing(request)
    name = f"handed-to-{_NOT_IN_NAMES.sub('-', sheet.person)}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    body = await asyncio.to_thread(table.of, sheet)
    return Answer(body=body, content_type="text/csv", charset="utf-8", headers=headers)


async def _found(request: web.Request) -> Sheet | None:
    link = request.match_info["link"]
    if len(link) > MOST_CHARACTERS:
        return None
    try:
        return await links.sheet(request.app[PARTS].store, link)
    except UnknownSheetError:
        return None


def _missing(request: web.Request) -> Answer:
    return instead(request, problem("not-found"), receipt_page.notice(request.app[PARTS].settings, *_MISSING))
