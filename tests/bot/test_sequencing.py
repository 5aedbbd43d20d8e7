"""The running bot keeps the log, and tells administrators when it cannot."""

from sandbox.fixtures import SAM
from sandbox.running import Sandbox
from store import creation
from store.log import published
from store.words import Event
from tests.bot.desk import working
from tests.store.whole_log import waiting, whole_log
from tests.stores import Home, seal


async def test_what_happens_is_in_the_log_when_the_bot_has_stopped(sandbox: Sandbox, sqlite_home: Home) -> None:
    """A drop that was sent stands there signed, in the order in which it happened."""
    async with working(sandbox, sqlite_home) as desk:
        await desk.send()
    async with sqlite_home.open() as store:
        log = await whole_log(store)
        assert log.events[:3] == [Event.LOG_OPENED, Event.CREATED, Event.DELIVERED]
        assert await waiting(store) == 0
        assert log.published is not None


async def test_administrators_hear_that_the_log_stands_still_and_goes_on(sandbox: Sandbox, sqlite_home: Home) -> None:
    """Without its key nothing is signed; secrets are sent as before, and with the key back everything goes in."""
    key = sqlite_home.signing / "log.key"
    away = key.rename(sqlite_home.path / "away.key")
    async with working(sandbox, sqlite_home) as desk:
        assert await sandbox.wait_message(SAM, contains="*The audit log stands still:* the log's key log.key")
        await desk.send()
        assert await published.checkpoint(desk.store) is None
        away.rename(key)
        assert await sandbox.wait_message(SAM, contains="The audit log goes on")
    async with sqlite_home.open() as store:
        assert Event.DELIVERED in (await whole_log(store)).events
        assert await waiting(store) == 0


async def test_administrators_hear_of_an_event_that_nobody_may_have_signed(sandbox: Sandbox, sqlite_home: Home) -> None:
    """Somebody who owns the web program cannot write into the log that a drop was created, and is noticed trying."""
    async with working(sandbox, sqlite_home) as desk:
        await creation.create(desk.store, seal().new)
        assert await sandbox.wait_message(SAM, contains="the key of web may say drop.created only under an order")
