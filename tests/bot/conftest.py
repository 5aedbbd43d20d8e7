"""The real bot on the pretend Slack's real sockets, over a real SQLite store."""

import io
from collections.abc import AsyncIterator

import pytest
from slack_bolt.listener.async_listener import AsyncCustomListener

from bot import home_desk, sending
from sandbox.running import Sandbox
from tests.bot.desk import Desk, working
from tests.bot.posting import Posting, posting
from tests.log_stream import log_stream
from tests.stores import Home


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Deadlines that a loaded machine keeps as well; what they are for is tested in test_in_time."""
    monkeypatch.setattr(sending, "LOOKED_UP_WITHIN", 10.0)
    monkeypatch.setattr(sending, "STARTED_WITHIN", 15.0)
    monkeypatch.setattr(sending, "STORED_WITHIN", 20.0)
    # A tab follows what happens within this; two seconds in each test would be minutes.
    monkeypatch.setattr(home_desk, "_EVERY_SECONDS", 0.05)
    # The library stops waiting for a listener after three seconds; the pretend Slack says for itself how long it waits.
    patience = property(lambda listener: 30, lambda listener, seconds: None)
    monkeypatch.setattr(AsyncCustomListener, "ack_timeout", patience, raising=False)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A pretend workspace."""
    async with Sandbox() as running:
        running.set("ack_seconds", 30)
        running.set("trigger_seconds", 30)
        yield running


@pytest.fixture
async def desk(sandbox: Sandbox, sqlite_home: Home) -> AsyncIterator[Desk]:
    """A workspace with the bot at work in it."""
    async with working(sandbox, sqlite_home) as desk:
        yield desk


@pytest.fixture
def everything_logged() -> io.StringIO:
    """A stream that gets every record of every logger, at DEBUG, as the program formats it."""
    return log_stream()


@pytest.fixture
async def http(sandbox: Sandbox, sqlite_home: Home, everything_logged: io.StringIO) -> AsyncIterator[Posting]:
    """The same with the bot in HTTP mode."""
    async with posting(sandbox, sqlite_home, everything_logged) as http:
        yield http
