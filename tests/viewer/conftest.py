"""One Chromium for all of these tests, and for each a web program of its own."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.chromium import running
from tests.browser.visiting import Visit, visiting
from tests.viewer.real_viewer import RealViewer, real_viewer


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
async def viewer(tmp_path: Path) -> AsyncIterator[RealViewer]:
    """The real web program on a store of its own."""
    async with real_viewer(tmp_path) as running_viewer:
        yield running_viewer
