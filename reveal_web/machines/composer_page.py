"""
What is looked at before anything is sealed: the composer's shell and its files.

No database, nothing consumed: the shell is the same for every well-formed id, as the reader's is, and what stands
behind the link is asked for by the page, with the token that no address carries to a server.
"""

from typing import Final

from aiohttp import web

from reveal_web.assets import Assets
from reveal_web.machines import composer_assets
from reveal_web.reader.answers import Answer, problem
from store.formats import base64url
from store.formats.errors import MalformedError
from store.formats.order_link_v1 import ID_BYTES

PAGE: Final = web.AppKey("composer", Assets)


def routes() -> list[web.RouteDef]:
    """Shell and files."""
    return [
        web.get("/c", _shell, name="composer-no-id"),
        web.get("/c/{id:.*}", _shell, name="composer"),
        web.get(f"{composer_assets.FOLDER}/{{name}}", _file, name="composer-file"),
    ]


async def _shell(request: web.Request) -> Answer:
    # As with the reader's: a link that was cut is answered by the page, which asks for the whole one.
    page = request.app[PAGE]
    return Answer(
        body=page.shell,
        status=200 if _is_id(request.match_info.get("id", "")) else 404,
        content_type="text/html",
        charset="utf-8",
        headers=dict(page.shell_headers),
    )


async def _file(request: web.Request) -> Answer:
    asset = request.app[PAGE].files.get(request.path)
    if asset is None:
        return problem("not-found")
    return Answer(body=asset.body, headers={**asset.headers, "Content-Type": asset.content_type})


def _is_id(text: str) -> bool:
    try:
        base64url.decode(text, ID_BYTES)
    except MalformedError:
        return False
    return True
