"""The document that describes the API, for whoever asks."""

from typing import Final

from aiohttp import web

from reveal_web.machines.described.document import TEXT
from reveal_web.reader.answers import Answer

_BYTES: Final = TEXT.encode()


def routes() -> list[web.RouteDef]:
    """The one."""
    return [web.get("/api/openapi.json", _document, name="openapi")]


async def _document(request: web.Request) -> Answer:
    return Answer(body=_BYTES, content_type="application/json")
