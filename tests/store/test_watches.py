"""What is told in time, and of what it is not."""

from store import watches
from store.words import Event
from tests.store.living import refuse
from tests.store.test_desk import delivered, words
from tests.stores import Home

_DAY = 86_400


async def test_what_is_locked_is_not_told_to_be_late(home: Home) -> None:
    """Its sender has been told worse, so that the log does not say that they are told; the last hour is told."""
    home.hold_clock()
    async with home.open("bot") as store:
        locked = await delivered(store, lives_seconds=2 * _DAY, unviewed_after=9000)
        await refuse(store, locked, 5, home)
        home.advance_clock(9001)
        assert await watches.tell_due(store) == 0
        assert Event.UNVIEWED not in await words(store, locked)
        home.advance_clock(2 * _DAY - 12_000)
        assert await watches.tell_due(store) == 1
        assert (await words(store, locked))[-1] is Event.UNVIEWED
