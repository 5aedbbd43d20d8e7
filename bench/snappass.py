"""SnapPass under gunicorn with two workers of sixteen threads, on Redis as it comes, which waits for no disk."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bench.contestants import Contestant
from bench.installing import SNAPPASS, redis
from bench.load import Turn, load, post
from bench.processes import started
from tests.programs import Call, free_port

_FORM = "application/x-www-form-urlencoded"
_SECRET = "x" * 256
_FILL_SECONDS = 60.0


@asynccontextmanager
async def snappass(folder: Path) -> AsyncIterator[Contestant]:
    """Both programs; `folder` is where they log, and where Redis would put its snapshots."""
    store, port = free_port(), free_port()
    redis_words = [redis() or "", "--port", str(store), "--bind", "127.0.0.1", "--dir", str(folder)]
    words = [str(SNAPPASS / "gunicorn"), "--worker-class", "gthread", "--workers", "2", "--threads", "16"]
    environment = {"NO_SSL": "True", "REDIS_URL": f"redis://127.0.0.1:{store}/0"}
    async with (
        started(redis_words, folder / "redis.log", store) as redis_pid,
        started(
            [*words, "--bind", f"127.0.0.1:{port}", "snappass.main:app"], folder / "snappass.log", port, environment
        ) as pid,
    ):

        async def fill(count: int) -> Sequence[Turn]:
            made = await load(port, await creates(count), _FILL_SECONDS, keep_bodies=True)
            return [(post(_path(body), b"", _FORM),) for body in made.bodies or ()]

        async def creates(count: int) -> Sequence[Turn]:
            return [(_create(_SECRET),)] * count

        yield Contestant("SnapPass", port, [pid], [redis_pid], {"claim": fill, "create": creates})


async def created(port: int, secret: str) -> str:
    """Hand in a secret; the path that shows it."""
    form = urlencode({"password": secret, "ttl": "hour"}).encode()
    call = Call(port, "POST", "/", form, {"Accept": "application/json"}, content_type=_FORM)
    return _path((await call.answer()).body)


def _create(secret: str) -> bytes:
    form = urlencode({"password": secret, "ttl": "hour"}).encode()
    return post("/", form, _FORM, Accept="application/json")


def _path(body: bytes) -> str:
    return urlsplit(str(json.loads(body)["link"])).path
