"""One Chromium for all tests of the page, and a fresh sandbox with a fresh tab for each."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, Page
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.fixtures import MAYA
from sandbox.running import Sandbox
from tests.browser.chromium import running
from tests.sandbox.page.screens import screen


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with running() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as listening:
        yield listening


@pytest_asyncio.fixture(loop_scope="session")
async def client(sandbox: Sandbox) -> AsyncWebClient:
    """Slack's own client with the bot's token."""
    return AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[], timeout=10)


@pytest_asyncio.fixture(loop_scope="session")
async def page(chromium: Browser, sandbox: Sandbox) -> AsyncIterator[Page]:
    """The page at desktop size, Maya in front; a script error or a policy violation fails the test."""
    wrong: list[str] = []
    context = await chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    shown = await context.new_page()
    shown.on("pageerror", lambda error: wrong.append(str(error)))
    # A refusal of the control is told to the person, and to the console by the browser itself.
    shown.on(
        "console",
        lambda line: wrong.append(line.text) if line.type == "error" and "400 (Bad Request)" not in line.text else None,
    )
    await shown.goto(f"{sandbox.url}/")
    await screen(shown, MAYA).locator(".entry").first.wait_for()
    yield shown
    await context.close()
    assert wrong == []
