"""One request's lines in the log, told from every other's."""

import asyncio
import io
import json
import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import pytest
from structlog.contextvars import get_contextvars

from reveal_web.assets import Assets
from reveal_web.measured import Measured, Requests, told_apart
from reveal_web.reader.app import build_app
from reveal_web.reader.parts import PARTS
from reveal_web.reader.serving import serving
from reveal_web.settings import WebSettings
from store import claims
from store.logs import begin_request
from store.metrics import Metrics
from store.opened import opened
from tests.log_stream import log_stream
from tests.web import wire
from tests.web.conftest import World


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """What the program would log, at DEBUG."""
    root = logging.getLogger()
    before, level = root.handlers, root.level
    yield log_stream()
    root.handlers = before
    root.setLevel(level)


@dataclass
class Logged:
    """A server and its log."""

    world: World
    stream: io.StringIO

    def entries(self, event: str) -> list[dict[str, Any]]:
        """Its entries of one kind."""
        found = [json.loads(line) for line in self.stream.getvalue().splitlines()]
        return [entry for entry in found if entry["event"] == event]


@pytest.fixture
async def logged(installed: WebSettings, page: Assets, stream: io.StringIO) -> AsyncIterator[Logged]:
    """The server as the program serves it."""
    async with opened(installed, program="web", event_key=installed.event_key) as store:
        app = build_app(store, installed, page)
        app.middlewares.append(told_apart)
        kind = partial(Measured, Requests(Metrics(store, installed.keyring_dir, "web").registry, app[PARTS]))
        async with serving(app, installed.web_host, 0, kind) as port:
            assert installed.test_clock_file is not None
            yield Logged(World(store, installed, app[PARTS], port, installed.test_clock_file), stream)


async def test_what_failed_has_the_word_of_its_request(logged: Logged, monkeypatch: pytest.MonkeyPatch) -> None:
    """The line that says where a request broke, and the one that says how it was answered, share a word."""
    holder = await logged.world.make()

    async def broken(*_: object) -> None:
        raise RuntimeError("kanarienvogel")

    monkeypatch.setattr(claims, "claim", broken)
    assert (await logged.world.claim(holder)).status == 500
    assert (await logged.world.ask(wire.get("/healthz"))).status == 200
    [failed], [first, second] = logged.entries("a request failed"), logged.entries("answered")
    assert failed["request"] == first["request"] != second["request"]
    assert "RuntimeError" in failed["error"]
    assert "kanarienvogel" not in logged.stream.getvalue()


async def test_requests_of_one_connection_are_told_apart(logged: Logged) -> None:
    """Also the last of them, which broke the parser and reached no route."""
    async with wire.connected(logged.world.port) as (reader, writer):
        for raw in (wire.get("/healthz"), wire.get("/healthz"), b"\x00\r\n\r\n"):
            writer.write(raw)
            await wire.read_reply(reader)
    answered = logged.entries("answered")
    assert [entry["status"] for entry in answered] == [200, 200, 400]
    assert len({entry["request"] for entry in answered}) == 3


async def test_a_word_ends_with_its_request() -> None:
    """What runs beside a request, and what comes after it, has another word or none."""
    seen: list[object] = []

    async def request() -> None:
        begin_request()
        await asyncio.sleep(0)
        seen.append(get_contextvars())

    await asyncio.gather(request(), request())
    assert seen[0] != seen[1]
    assert "request" not in get_contextvars()
