"""
The log as anybody may see it: the last checkpoint, the tiles under it, its key, the keys that sign events.

Hashes and public keys only, so that nobody is asked who they are.  `GET /log/checkpoint` and `/log/tile/...` are those
of C2SP tlog-tiles under the prefix `/log`, without entry bundles: what happened is shown to nobody here.  A log that
was opened after a restored backup has a prefix of its own, as it has a name of its own: `/log-2` for `.../audit-2`.  An
address never comes to mean another tree, so that a tile may be kept for ever.  `GET /log/vkey` has one line for each
log, oldest first.
"""

import re
from typing import Final

from aiohttp import web

from reveal_web.proofs.in_words import in_words
from reveal_web.reader.answers import Answer, problem
from reveal_web.reader.parts import PARTS
from store.formats import tiles_v1
from store.formats.errors import MalformedError
from store.log import published
from store.pacing import unhurried

_LOG: Final = "{log:log(?:-[0-9]{1,9})?}"
_FOR_EVER: Final = {"Cache-Control": "public, max-age=31536000, immutable"}


def routes() -> list[web.RouteDef]:
    """Checkpoint, tiles, the log's key, the keys that sign events."""
    return [
        web.get(f"/{_LOG}/checkpoint", in_words(_checkpoint), name="checkpoint"),
        web.get(f"/{_LOG}/{{path:tile/.*}}", in_words(_tile), name="tile"),
        web.get("/log/vkey", in_words(_log_keys), name="vkey"),
        web.get("/.well-known/jwks.json", in_words(_keys), name="jwks"),
    ]


async def _checkpoint(request: web.Request) -> Answer:
    log = _log(request)
    note = None if log is None else await published.checkpoint(request.app[PARTS].store, log)
    if note is None:
        return problem("not-found")
    return Answer(text=note, content_type="text/plain", charset="utf-8")


async def _tile(request: web.Request) -> Answer:
    try:
        wanted = tiles_v1.parse_path(request.match_info["path"])
    except MalformedError:
        return problem("not-found")
    log = _log(request)
    # An auditor asks for one after the other, as fast as they come.
    async with unhurried():
        hashes = None if log is None else await published.tile(request.app[PARTS].store, wanted, log)
    if hashes is None:
        return problem("not-found")
    # A partial tile is another address than the full one, so that neither ever changes.
    return Answer(body=hashes, content_type="application/octet-stream", headers=_FOR_EVER)


def _log(request: web.Request) -> int | None:
    """The number of the log that the prefix names, in its one spelling."""
    found = re.fullmatch(r"log(?:-([2-9]|[1-9][0-9]+))?", request.match_info["log"])
    return None if found is None else int(found[1] or 1)


async def _log_keys(request: web.Request) -> Answer:
    keys = await published.log_keys(request.app[PARTS].store)
    if not keys:
        return problem("not-found")
    return Answer(text="".join(f"{key}\n" for key in keys), content_type="text/plain", charset="utf-8")


async def _keys(request: web.Request) -> Answer:
    keys = await published.event_keys(request.app[PARTS].store)
    text = f'{{"keys":[{",".join(keys)}]}}'
    return Answer(text=text, content_type="application/jwk-set+json", charset="utf-8")
