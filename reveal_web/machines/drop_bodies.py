"""
A drop as it is handed in: `n[4] ‖ JSON[n] ‖ envelope`, one body for every size.

Its front is read and the order is looked at before anything large is: who has no token takes no room from those who
have one.
"""

import asyncio
from dataclasses import dataclass, field
from typing import Final

from aiohttp import web
from aiohttp.web_protocol import RequestPayloadError

from reveal_web.machines.problems import problem as own_problem
from reveal_web.reader.answers import RefusedError, problem
from store.formats import base64url, order_link_v1
from store.formats.errors import MalformedError
from store.formats.strict_json import parse_object
from store.handing_in import MOST_ENVELOPE_BYTES, HandedIn

_MOST_JSON: Final = 16 * 1024
_LENGTH_BYTES: Final = 4
_MEMBERS: Final = {"token", "header", "link_proof", "auth_token", "sealed_link"}
_SECONDS: Final = 15
# Less than a page is patient for: who is slower hears of it from the page, which sends again.
_SLOWEST_BYTES_A_SECOND: Final = 30_000
_TYPE: Final = "application/octet-stream"


@dataclass(frozen=True)
class Front:
    """All but the envelope; `left` is how many bytes of that follow."""

    token: bytes = field(repr=False)
    header: str
    link_proof: bytes = field(repr=False)
    auth_token: bytes = field(repr=False)
    sealed_link: bytes | None = field(repr=False)
    left: int

    def with_envelope(self, envelope: bytes) -> HandedIn:
        """The whole."""
        return HandedIn(self.header, envelope, self.link_proof, self.auth_token, self.sealed_link)


async def read_front(request: web.BaseRequest) -> Front:
    """What stands before the envelope.  Raises RefusedError with 415, 413, 408 or 400."""
    size = _size_of(request)
    length = int.from_bytes(await _read(request, _LENGTH_BYTES))
    left = size - _LENGTH_BYTES - length
    if length > _MOST_JSON or left < 0:
        raise RefusedError(problem("malformed"))
    try:
        return _parsed((await _read(request, length)).decode(), left)
    except (UnicodeDecodeError, MalformedError):
        raise RefusedError(problem("malformed")) from None


async def read_envelope(request: web.BaseRequest, front: Front) -> HandedIn:
    """The rest.  Raises RefusedError with 408 or 400."""
    return front.with_envelope(await _read(request, front.left))


def _size_of(request: web.BaseRequest) -> int:
    # A form or text/plain can be sent across sites without asking; this type cannot.
    if request.headers.getall("Content-Type", []) != [_TYPE] or "Content-Encoding" in request.headers:
        raise RefusedError(own_problem("unsupported-type"))
    size = request.content_length
    if size is None:
        raise RefusedError(problem("malformed"))
    if size > _LENGTH_BYTES + _MOST_JSON + MOST_ENVELOPE_BYTES:
        raise RefusedError(problem("too-large"))
    return size


async def _read(request: web.BaseRequest, count: int) -> bytes:
    try:
        async with asyncio.timeout(_SECONDS + count / _SLOWEST_BYTES_A_SECOND):
            return await request.content.readexactly(count)
    except TimeoutError:
        raise RefusedError(problem("malformed", status=408)) from None
    except (RequestPayloadError, asyncio.IncompleteReadError, ConnectionError):
        raise RefusedError(problem("malformed")) from None


def _parsed(text: str, left: int) -> Front:
    said = parse_object(text)
    texts = {name: value for name, value in said.items() if isinstance(value, str)}
    # Null where nobody but the sealer is to have the link: said, so that one that was forgotten is not taken for it.
    is_kept = said.get("sealed_link", "") is None
    if texts.keys() != (_MEMBERS - {"sealed_link"} if is_kept else _MEMBERS) or said.keys() != _MEMBERS:
        raise MalformedError("it has other members, or of other types")
    return Front(
        token=base64url.decode(texts["token"], order_link_v1.TOKEN_BYTES),
        header=texts["header"],
        link_proof=base64url.decode(texts["link_proof"], 32),
        auth_token=base64url.decode(texts["auth_token"], 32),
        sealed_link=None if is_kept else base64url.decode(texts["sealed_link"]),
        left=left,
    )
