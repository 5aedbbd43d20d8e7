"""The document that describes the API, for whoever asks."""

import asyncio
from functools import cache

from aiohttp import web

from reveal_web.reader.answers import Answer


def routes() -> list[web.RouteDef]:
    """The one."""
    return [web.get("/api/openapi.json", _document, name="openapi")]


async def _document(request: web.Request) -> Answer:
    # It is put together when somebody wants it, which on most servers is never; in a thread, because a claim that
    # comes meanwhile would wait.
    return Answer(body=await asyncio.to_thread(_text), content_type="application/json")


@cache
def _text() -> bytes:
    from reveal_web.machines.described.document import TEXT

    return TEXT.encode()
