"""The real bot on the pretend Slack's real sockets, over a real SQLite store."""

from collections.abc import AsyncIterator

import pytest

from bot import sending
from sandbox.running import Sandbox
from tests.bot.desk import Desk, working
from tests.stores import Home


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines that a loaded machine keeps as well; what they are for is tested in test_in_time."""
    monkeypatch.setattr(sending, "LOOKED_UP_WITHIN", 10.0)
    monkeypatch.setattr(sending, "STARTED_WITHIN", 15.0)
    monkeypatch.setattr(sending, "STORED_WITHIN", 20.0)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A pretend workspace."""
    async with Sandbox() as running:
        running.set("ack_seconds", 30)
        yield running


@pytest.fixture
async def desk(sandbox: Sandbox, sqlite_home: Home) -> AsyncIterator[Desk]:
    """A workspace with the bot at work in it."""
    async with working(sandbox, sqlite_home) as desk:
        yield desk
