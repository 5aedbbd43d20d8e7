"""Installations with a few drops, for packs of which every row is known."""

import asyncio
from typing import Any

from store import endings
from store.log.sequencer import Sequencer
from tests.evidence.packs import command
from tests.store.living import created
from tests.store.test_log import drained
from tests.stores import Home
from tests.verifying.lived import either


async def lived_with(home: Home, *fields: dict[str, Any], ends: bool = True) -> None:
    """One drop for each, revoked, all in the log."""
    async with either(home) as store:
        await drained(Sequencer(store, home.signing))
        for one in fields:
            drop = await created(store, **one)
            if ends:
                await endings.revoke(store, drop.new.id)
        await drained(Sequencer(store, home.signing))


async def two_logs(home: Home) -> None:
    """Two drops in one log, one in the next, and one that began in the first and ended in the second."""
    await lived_with(home, {}, {})
    async with either(home) as store:
        begun = await created(store)
        await drained(Sequencer(store, home.signing))
    opened = await asyncio.to_thread(command, home, "log", "new", "--force")
    assert opened.exit_code == 0, opened.output
    async with either(home) as store:
        await endings.revoke(store, begun.new.id)
        await endings.revoke(store, (await created(store)).new.id)
        await drained(Sequencer(store, home.signing))
