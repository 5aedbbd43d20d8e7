"""A listening sandbox, and a small Bolt app connected to it over a real socket."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.running import Sandbox
from tests.sandbox.breaking import watch


def pytest_configure() -> None:
    watch()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The look back over all rules comes after the tests that break them."""
    items.sort(key=lambda item: item.path.stem == "test_every_rule")


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    """Slack's own client with the bot's token, without its retries: a refusal must be seen once."""
    return AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[], timeout=10)


@asynccontextmanager
async def connected(
    sandbox: Sandbox, app: AsyncApp, ping_interval: float = 10
) -> AsyncIterator[AsyncSocketModeHandler]:
    """The Bolt app, listening over Socket Mode until the block ends."""
    logging.getLogger("slack_bolt").setLevel(logging.ERROR)
    web_client = AsyncWebClient(token=sandbox.app_token, base_url=sandbox.api_url)
    handler = AsyncSocketModeHandler(app, sandbox.app_token, web_client=web_client, ping_interval=ping_interval)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    try:
        assert await sandbox.wait_sockets()
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


def bolt(sandbox: Sandbox) -> AsyncApp:
    """An app without listeners, whose client speaks to the sandbox."""
    client = AsyncWebClient(token=sandbox.bot_token, base_url=sandbox.api_url)
    return AsyncApp(client=client, token=sandbox.bot_token)
