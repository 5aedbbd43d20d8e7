"""One Chromium for all of these tests, and for each a web program of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.chromium import running
from tests.browser.visiting import Visit, visiting
from tests.composer.real_composer import RealComposer, real_composer


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """A Chromium as people have it."""
    async with running() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser) -> AsyncIterator[Visit]:
    """One visitor. Whatever the test does, the page may not break its own policy or fail silently."""
    async with visiting(chromium) as visitor:
        yield visitor
        assert visitor.console == []


@pytest_asyncio.fixture(loop_scope="session")
async def composer(tmp_path: Path) -> AsyncIterator[RealComposer]:
    """The real web program on a store of its own."""
    async with real_composer(tmp_path) as running_composer:
        yield running_composer
