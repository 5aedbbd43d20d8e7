"""
Pages beside the reader's: for each one shell for every id, and its files.

No database, nothing consumed: what stands behind a link is asked for by the page, with what no address carries to a
server.  Built once and the same for everybody, script and style pinned by hash, as the reader's page is.
"""

from collections.abc import Callable, Sequence
from string import Template
from urllib.parse import urlsplit

from aiohttp import web

from reveal_web import assets
from reveal_web.assets import ICON, SCRIPT, STYLE, Assets, ImmutableFiles
from reveal_web.browser import page_headers
from reveal_web.reader.answers import Answer, problem
from store.formats import base64url
from store.formats.errors import MalformedError

_ID_BYTES = 16


def build(
    public_url: str,
    name: str,
    styles: Sequence[str],
    *,
    demo: bool,
    source: Callable[[str], str],
    module: Callable[[str], str] | None = None,
) -> Assets:
    """
    The page `name` for people who reach us at `public_url`: its script is `{name}.js`, its files are below `/{name}`.

    `source` has the text of each of its files, and `module` that of each of its script where some are no files of it.
    Raises MissingLibrariesError.
    """
    immutable = ImmutableFiles(public_url, f"/{name}")
    script = assets.page_script(f"{name}.js", assets.workers(immutable), module or source)
    style = "".join(source(one) for one in styles)
    shell = Template(source("shell.html")).substitute(
        demo="yes" if demo else "no",
        script=immutable.add(f"{name}.js", script, SCRIPT),
        script_integrity=assets.integrity(script),
        style=immutable.add(f"{name}.css", style, STYLE),
        style_integrity=assets.integrity(style),
        icon=immutable.add("icon.svg", source("icon.svg"), ICON),
    )
    secure = urlsplit(public_url).scheme == "https"
    return Assets(shell.encode(), page_headers.for_shell(secure=secure), immutable.found)


def routes(key: web.AppKey[Assets], name: str, path: str) -> list[web.RouteDef]:
    """The shell at `/{path}/{id}` and the files of the page `name`, which the application has under `key`."""

    async def shell(request: web.Request) -> Answer:
        # As with the reader's: a link that was cut is answered by the page, which asks for the whole one.
        page = request.app[key]
        return Answer(
            body=page.shell,
            status=200 if _is_id(request.match_info.get("id", "")) else 404,
            content_type="text/html",
            charset="utf-8",
            headers=dict(page.shell_headers),
        )

    async def file(request: web.Request) -> Answer:
        asset = request.app[key].files.get(request.path)
        if asset is None:
            return problem("not-found")
        return Answer(body=asset.body, headers={**asset.headers, "Content-Type": asset.content_type})

    return [
        web.get(f"/{path}", shell, name=f"{name}-no-id"),
        web.get(f"/{path}/{{id:.*}}", shell, name=name),
        web.get(f"/{name}/{{name}}", file, name=f"{name}-file"),
    ]


def _is_id(text: str) -> bool:
    try:
        base64url.decode(text, _ID_BYTES)
    except MalformedError:
        return False
    return True
