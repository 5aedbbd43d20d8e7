"""
A drop as it is handed in: `n[4] ‖ JSON[n] ‖ envelope`, one body for every size.

Large ones are bounded: each is in memory as a whole until it is stored, and a few hundred at once would end the
program.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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

LARGE_BYTES: Final = 256 * 1024
MOST_LARGE: Final = 8
_MOST_JSON: Final = 16 * 1024
_LENGTH_BYTES: Final = 4
_MEMBERS: Final = {"token", "header", "link_proof", "auth_token", "sealed_link"}
_SECONDS: Final = 15
_SLOWEST_BYTES_A_SECOND: Final = 50_000
_TYPE: Final = "application/octet-stream"


@dataclass
class LargeBodies:
    """How many large bodies are being taken in by this program."""

    underway: int = field(default=0)

    @asynccontextmanager
    async def room_for(self, size: int) -> AsyncIterator[None]:
        """Room for a body of this size.  Raises RefusedError with 503 where too many have theirs."""
        is_large = size > LARGE_BYTES
        if is_large and self.underway >= MOST_LARGE:
            raise RefusedError(own_problem("busy", retry_after=2))
        self.underway += is_large
        try:
            yield
        finally:
            self.underway -= is_large


def size_of(request: web.BaseRequest) -> int:
    """How long the body says it is.  Raises RefusedError with 415, 400 or 413."""
    # A form or text/plain can be sent across sites without asking; this type cannot.
    if request.headers.getall("Content-Type", []) != [_TYPE] or "Content-Encoding" in request.headers:
        raise RefusedError(own_problem("unsupported-type"))
    size = request.content_length
    if size is None:
        raise RefusedError(problem("malformed"))
    if size > _LENGTH_BYTES + _MOST_JSON + MOST_ENVELOPE_BYTES:
        raise RefusedError(problem("too-large"))
    return size


async def read_drop(request: web.BaseRequest, size: int) -> tuple[bytes, HandedIn]:
    """The token and the drop.  Raises RefusedError with 408, 413 or 400."""
    body = bytearray()
    try:
        async with asyncio.timeout(_SECONDS + size / _SLOWEST_BYTES_A_SECOND):
            while chunk := await request.content.readany():
                body += chunk
                if len(body) > size:
                    raise RefusedError(problem("too-large"))
        return _parsed(body)
    except TimeoutError:
        raise RefusedError(problem("malformed", status=408)) from None
    except (RequestPayloadError, UnicodeDecodeError, MalformedError):
        raise RefusedError(problem("malformed")) from None


def _parsed(body: bytearray) -> tuple[bytes, HandedIn]:
    length = int.from_bytes(body[:_LENGTH_BYTES])
    if length > _MOST_JSON or len(body) < _LENGTH_BYTES + length:
        raise MalformedError("its parts are not as long as it says")
    said = parse_object(body[_LENGTH_BYTES : _LENGTH_BYTES + length].decode())
    if said.keys() != _MEMBERS:
        raise MalformedError("it has other members")
    texts = {name: value for name, value in said.items() if isinstance(value, str)}
    if texts.keys() != _MEMBERS:
        raise MalformedError("its members are of other types")
    return base64url.decode(texts["token"], order_link_v1.TOKEN_BYTES), HandedIn(
        header=texts["header"],
        envelope=bytes(body[_LENGTH_BYTES + length :]),
        link_proof=base64url.decode(texts["link_proof"], 32),
        auth_token=base64url.decode(texts["auth_token"], 32),
        sealed_link=base64url.decode(texts["sealed_link"]),
    )
