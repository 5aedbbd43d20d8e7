"""The crawler requests what stands in messages, unless both flags keep it away, and consumes what GET consumes."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.crawler import AGENT
from sandbox.fixtures import AUDIT, GENERAL, MAYA
from sandbox.running import Sandbox
from tests.sandbox.breaking import breaks
from tests.sandbox.parts import button

AWAY = "crawler: both unfurl flags false keep it away"


@pytest.fixture
async def target() -> AsyncIterator[tuple[str, list[tuple[str, str]]]]:
    """A server that notes path and user agent of every request."""
    seen: list[tuple[str, str]] = []

    async def note(request: web.Request) -> web.Response:
        seen.append((request.path_qs, request.headers["User-Agent"]))
        return web.Response(text="page")

    app = web.Application()
    app.router.add_get("/{rest:.*}", note)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}", seen
    await runner.cleanup()


async def visited(sandbox: Sandbox, count: int) -> None:
    await sandbox.workspace.changes.until(lambda: len(sandbox.visits()) >= count or None, 10)
    assert len(sandbox.visits()) == count


@breaks(AWAY)
async def test_both_flags_keep_it_away(
    sandbox: Sandbox, client: AsyncWebClient, target: tuple[str, list[tuple[str, str]]]
) -> None:
    """With both flags false nothing is requested; with one of them the text and the button's URL are."""
    url, seen = target
    blocks = [{"type": "actions", "elements": [button("open", url=f"{url}/s/abc#key")]}]
    await client.chat_postMessage(channel=AUDIT, text="x", blocks=blocks, unfurl_links=False, unfurl_media=False)
    await client.chat_postMessage(channel=AUDIT, text=f"<{url}/t|t>", blocks=blocks, unfurl_links=False)
    await visited(sandbox, 2)
    assert seen == [("/t", AGENT), ("/s/abc", AGENT)]


async def test_what_people_type_is_crawled_too(sandbox: Sandbox, target: tuple[str, list[tuple[str, str]]]) -> None:
    """A pasted link is requested without its fragment; addresses elsewhere are noted and left alone."""
    url, seen = target
    await sandbox.type(MAYA, GENERAL, f"look {url}/s/abc#key and https://example.com/x")
    await visited(sandbox, 2)
    assert seen == [("/s/abc", AGENT)]
    assert [(v["url"], v["status"]) for v in sandbox.visits()] == [
        (f"{url}/s/abc#key", 200),
        ("https://example.com/x", None),
    ]
