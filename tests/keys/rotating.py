"""Rotations for tests, each as the command makes it, and what must hold whichever of them were made."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from sqlalchemy import select

from store import claims
from store.formats import event_v1
from store.keys import event_keys, log_key, pepper
from store.log.sequencer import Sequencer
from store.opened import Store
from store.schema import events
from store.words import Event
from tests.store.living import SOMEBODY, created
from tests.store.test_log import drained
from tests.stores import Home, Sealed
from tests.verifying.attacked import checked, failed

Rotation = Callable[[Store, Home], Awaitable[object]]


async def event_bot(store: Store, home: Home) -> object:
    return await event_keys.rotate(store, home.signing, "event-bot", home.signing / "event-bot.key")


async def event_web(store: Store, home: Home) -> object:
    return await event_keys.rotate(store, home.signing, "event-web", home.keyring / "event-web.key")


async def the_pepper(store: Store, home: Home) -> object:
    return await pepper.rotate(store, home.signing)


async def log(store: Store, home: Home) -> object:
    return await log_key.rotate(store, home.signing)


ROTATIONS: dict[str, tuple[Rotation, Callable[[Home], Path]]] = {
    "event-bot": (event_bot, lambda home: home.signing / "event-bot.key"),
    "event-web": (event_web, lambda home: home.keyring / "event-web.key"),
    "pepper": (the_pepper, lambda home: home.keyring / "pepper"),
    "log": (log, lambda home: home.signing / "log.key"),
}
"""Each key's rotation, and where the key is."""


async def opened_by(web: Store, drop: Sealed) -> None:
    """A link opens, and its page says that it did."""
    won = drop.present()
    await claims.claim(web, won, SOMEBODY)
    await claims.acknowledge(web, drop.new.id, drop.new.link_proof, won.claim)


async def lives(home: Home, bot: Store, web: Store) -> Sealed:
    """A drop's whole life, every event of which the log takes."""
    drop = await created(bot)
    await opened_by(web, drop)
    assert await drained(Sequencer(bot, home.signing)) == []
    return drop


async def faults(home: Home) -> list[str]:
    """What `sendsecret verify --store` finds wrong."""
    return failed(await asyncio.to_thread(checked, home))


async def said(store: Store) -> list[dict[str, Any]]:
    """The claims of every `key.rotated`, in their order."""
    async with store.db.read() as tx:
        leaves = await tx.execute(
            select(events.c.leaf).where(events.c.event == Event.KEY_ROTATED).order_by(events.c.position)
        )
        return [event_v1.unverified(leaf) for leaf in leaves.scalars()]
