"""
Pages and their files as gzip, for browsers that take it: packed once, at the start.

Only what is the same for everybody.  An answer that holds something of a drop is never packed: what is compressed
together with something that a stranger chose can be guessed by its length, which is why the fronts compress nothing.
"""

import gzip
import re
from collections.abc import Mapping
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from reveal_web.assets import Assets
from reveal_web.reader.parts import PARTS

_KINDS: Final = frozenset({"text/html", "text/javascript", "text/css", "image/svg+xml"})
_REFUSED: Final = re.compile(r"q=0(\.0*)?")


def packing(app: web.Application) -> Middleware:
    """What packs the pages that `app` has by now, the reader's and those beside it."""
    pages = [app[PARTS].assets, *(page for page in app.values() if isinstance(page, Assets))]
    bodies = {body for page in pages for body in (page.shell, *(file.body for file in page.files.values()))}
    # Without a time in it, so that every program sends the same bytes.
    packed: Mapping[bytes, bytes] = {body: gzip.compress(body, mtime=0) for body in bodies}

    @web.middleware
    async def pack(request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = await handler(request)
        if not isinstance(answer, web.Response) or answer.content_type not in _KINDS:
            return answer
        smaller = packed.get(answer.body) if isinstance(answer.body, bytes) else None
        if smaller is not None:
            # Whatever stands between keeps both apart.
            answer.headers["Vary"] = "Accept-Encoding"
            if takes_gzip(request.headers.getall("Accept-Encoding", [])):
                answer.headers["Content-Encoding"] = "gzip"
                answer.body = smaller
        return answer

    return pack


def takes_gzip(given: list[str]) -> bool:
    """Whether these Accept-Encoding headers (RFC 9110, 12.5.3) name gzip and do not refuse it."""
    for one in ",".join(given).split(","):
        name, _, weight = one.partition(";")
        if name.strip().lower() == "gzip":
            return _REFUSED.fullmatch(weight.strip().lower()) is None
    return False
