"""One workplace for each Slack mode, and one Chromium, for all tests whose drops do not know each other."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.chromium import running as chromium
from tests.e2e.workplace import Mode, Workplace, workplace
from tests.stores import Home


@pytest_asyncio.fixture(scope="package", loop_scope="session", params=list(Mode), ids=str)
async def at(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Workplace]:
    """The real programs at work, with Slack in one mode; a Slack that waits for a loaded machine."""
    path = tmp_path_factory.mktemp(f"workplace-{request.param}")
    home = Home(path, f"sqlite+aiosqlite:///{path}/store.db")
    await home.prepare()
    async with workplace(home, request.param) as at:
        at.sandbox.set("ack_seconds", 30)
        at.sandbox.set("trigger_seconds", 30)
        bot = await at.start_bot()
        yield at
        assert await bot.stop() == 0
        assert await at.web.stop() == 0
        assert b"Traceback" not in at.logs()


@pytest_asyncio.fixture(scope="package", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """A Chromium; every visitor gets a context of its own."""
    async with chromium() as running:
        yield running
