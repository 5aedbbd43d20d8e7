"""Where an honest log says that a drop takes the place of a message, and where the check refuses it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from store import deliveries, door, leaks
from store.log.sequencer import Sequencer
from store.opened import Store
from tests.sealed_elsewhere import handed_in
from tests.store.living import SOMEBODY, created, viewed
from tests.store.test_log import drained
from tests.stores import Home, Sealed
from tests.verifying.attacked import checked, failed, require_failure
from tests.verifying.lived import either


async def _said(store: Store, sealed: Sealed) -> None:
    async with store.db.write() as tx:
        await leaks.tell(tx, store, sealed.new.id)


async def _delivered(store: Store, sealed: Sealed, *, replaces: bool = False) -> None:
    await deliveries.record_delivered(store, sealed.new.id, None, replaces_leak=replaces)


async def test_at_creation_by_the_bot_and_at_delivery_from_elsewhere(home: Home) -> None:
    """Also where a quick reader was at the door, or had read it, before that was recorded."""
    async with either(home) as store:
        await _delivered(store, await created(store, replaces_leak=True))
        for is_quick in (False, True):
            outside = await handed_in(store, home)
            if is_quick:
                await door.look(store, outside.new.id, outside.new.link_proof, SOMEBODY)
            await _delivered(store, outside, replaces=True)
            await door.look(store, outside.new.id, outside.new.link_proof, SOMEBODY)
        read = await handed_in(store, home)
        await viewed(store, home, read)
        await _delivered(store, read, replaces=True)
        assert await drained(Sequencer(store, home.signing)) == []
        assert failed(await asyncio.to_thread(checked, home)) == []


async def _at_once_from_elsewhere(store: Store, home: Home) -> None:
    await _said(store, await handed_in(store, home))


async def _twice_at_delivery(store: Store, home: Home) -> None:
    sealed = await handed_in(store, home)
    await _delivered(store, sealed, replaces=True)
    await _said(store, sealed)


async def _later_from_elsewhere(store: Store, home: Home) -> None:
    sealed = await handed_in(store, home)
    await _delivered(store, sealed)
    await door.look(store, sealed.new.id, sealed.new.link_proof, SOMEBODY)
    await _said(store, sealed)


async def _at_delivery_by_the_bot(store: Store, home: Home) -> None:
    await _delivered(store, await created(store), replaces=True)


async def _twice_by_the_bot(store: Store, home: Home) -> None:
    await _said(store, await created(store, replaces_leak=True))


@pytest.mark.parametrize(
    "untrue",
    [
        _at_once_from_elsewhere,
        _twice_at_delivery,
        _later_from_elsewhere,
        _at_delivery_by_the_bot,
        _twice_by_the_bot,
    ],
)
async def test_nowhere_else(home: Home, untrue: Callable[[Store, Home], Awaitable[None]]) -> None:
    """Signed by the bot's own key, and in the log; the story does not hold all the same."""
    async with either(home) as store:
        await untrue(store, home)
        assert await drained(Sequencer(store, home.signing)) == []
        require_failure(await asyncio.to_thread(checked, home), "that it replaced a leak was not said")
