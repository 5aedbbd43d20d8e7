"""
What is looked at: shell, files, a word for robots.  No database, no key, nothing consumed.  The shell is the same for
every well-formed id: a preview, a scanner and a crawler learn as much as from an address that they made up.
"""

from aiohttp import web

from reveal_web.reader.answers import Answer, problem
from reveal_web.reader.bodies import drop_id
from reveal_web.reader.parts import PARTS


def routes() -> list[web.RouteDef]:
    """Shell, files, robots, icon."""
    return [
        web.get("/", _shell, name="root"),
        web.get("/s", _shell, name="no-id"),
        web.get("/s/{id:.*}", _shell, name="shell"),
        web.get("/assets/{name}", _file, name="asset"),
        web.get("/robots.txt", _robots, name="robots"),
        web.get("/favicon.ico", _favicon, name="favicon"),
    ]


async def _shell(request: web.Request) -> Answer:
    # A link that was cut, or one whose "#" a mail gateway wrote as %23 into the path, is answered by the same
    # page: it finds by itself that the link is damaged and asks for the whole one.  Nothing of the path is repeated.
    assets = request.app[PARTS].assets
    return Answer(
        body=assets.shell,
        status=200 if drop_id(request.match_info.get("id", "")) else 404,
        content_type="text/html",
        charset="utf-8",
        headers=dict(assets.shell_headers),
    )


async def _file(request: web.Request) -> Answer:
    asset = request.app[PARTS].assets.files.get(request.path)
    if asset is None:
        return problem("not-found")
    return Answer(body=asset.body, headers={**asset.headers, "Content-Type": asset.content_type})


async def _robots(request: web.Request) -> Answer:
    return Answer(text="User-agent: *\nDisallow: /\n")


async def _favicon(request: web.Request) -> Answer:
    return Answer(status=204)  # the page names its icon itself
