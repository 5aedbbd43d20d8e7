"""
What a request must look like before anybody looks at what it says, in this order: where it comes from (403), type
(415), size (413), shape (400).  No database is asked, so that nonsense costs next to nothing.
"""

import asyncio
import re
from collections.abc import Mapping
from typing import Final

from aiohttp import web
from aiohttp.web_protocol import RequestPayloadError

from reveal_web.reader.answers import RefusedError, problem
from store.formats import base64url
from store.formats.errors import MalformedError
from store.formats.strict_json import parse_object
from store.words import Ask

MOST_BYTES: Final = 4096
BODY_SECONDS: Final = 10
JSON_TYPE: Final = re.compile(r"application/json(; ?charset=utf-8)?", re.IGNORECASE)


def require_own_page(request: web.BaseRequest, origin: str) -> None:
    """Refuse what a browser sends for another site.  Programs send neither header and pass."""
    # A list, because one header may stand twice and a proxy may read the other one.
    origins = request.headers.getall("Origin", [])
    sites = request.headers.getall("Sec-Fetch-Site", [])
    if any(one != origin for one in origins) or any(one not in {"same-origin", "none"} for one in sites):
        raise RefusedError(problem("wrong-origin"))


async def read_object(request: web.BaseRequest) -> dict[str, object]:
    """The one JSON object of a request.  Raises RefusedError with 415, 413, 408 or 400, or aiohttp's own 413."""
    types = request.headers.getall("Content-Type", [])
    # A form or text/plain can be sent across sites without asking; application/json cannot.
    if len(types) != 1 or not JSON_TYPE.fullmatch(types[0]) or "Content-Encoding" in request.headers:
        raise RefusedError(problem("unsupported-type"))
    if (request.content_length or 0) > MOST_BYTES:
        raise RefusedError(problem("too-large"))
    try:
        async with asyncio.timeout(BODY_SECONDS):
            body = await request.read()
        return parse_object(body.decode("utf-8"))
    except TimeoutError:
        raise RefusedError(problem("malformed", status=408)) from None
    except (RequestPayloadError, UnicodeDecodeError, MalformedError):
        raise RefusedError(problem("malformed")) from None


def keys(said: Mapping[str, object], *names: str) -> list[bytes]:
    """The 32 bytes of each named member; there must be no other.  Raises RefusedError with 400."""
    if said.keys() != set(names):
        raise RefusedError(problem("malformed"))
    return [_key(said[name]) for name in names]


def asked(said: dict[str, object]) -> Ask:
    """Take the member `what` out.  Raises RefusedError with 400."""
    try:
        return Ask(str(said.pop("what", None)))
    except ValueError:
        raise RefusedError(problem("malformed")) from None


def drop_id(text: str) -> bytes:
    """The id in a path; for one that is not canonical an empty one, which no drop has and which costs the same."""
    try:
        return base64url.decode(text, 16)
    except MalformedError:
        return b""


def _key(value: object) -> bytes:
    try:
        return base64url.decode(value if isinstance(value, str) else "", 32)
    except MalformedError:
        raise RefusedError(problem("malformed")) from None
