"""Whatever drops live through, in any order, the check finds nothing wrong with it."""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import select

from store import asks, claims, deliveries, door, endings, pausing, recipient_verification, sweeper, unlocking
from store.claims import Presented
from store.errors import StoreError
from store.log.sequencer import Sequencer
from store.opened import Store
from store.schema import drops
from store.words import Actor, Ask, Verify
from tests.store.faults import Crash, dying
from tests.store.living import SOMEBODY, created
from tests.store.test_log import drained
from tests.stores import Home, Sealed
from tests.verifying.attacked import checked, failed
from tests.verifying.lived import either

Step = Callable[[Store, Home, Sealed, Presented], Awaitable[object]]


async def _wrong(store: Store, home: Home, drop: Sealed, won: Presented) -> None:
    await claims.claim(store, drop.present(right=False), SOMEBODY)


async def _second(store: Store, home: Home, drop: Sealed, won: Presented) -> None:
    await claims.claim(store, drop.present(), SOMEBODY)


async def _later(store: Store, home: Home, drop: Sealed, won: Presented) -> None:
    home.advance_clock(4000)
    await sweeper.sweep(store)


async def _crash(store: Store, home: Home, drop: Sealed, won: Presented) -> None:
    with suppress(Crash):
        await endings.revoke(dying(store, 1, after=True)[0], drop.new.id, by=Actor.ADMIN)


async def _lose(store: Store, home: Home, drop: Sealed, won: Presented) -> None:
    store.keyring.erase(drop.new.id)
    await sweeper.sweep_keys(store)


STEPS: tuple[tuple[int, Step], ...] = (
    (4, lambda store, home, drop, won: claims.claim(store, won, SOMEBODY)),
    (5, _wrong),
    (2, _second),
    (2, _later),
    (1, _crash),
    (1, _lose),
    (2, lambda store, home, drop, won: claims.acknowledge(store, drop.new.id, drop.new.link_proof, won.claim)),
    (3, lambda store, home, drop, won: door.look(store, drop.new.id, drop.new.link_proof, SOMEBODY)),
    (1, lambda store, home, drop, won: endings.revoke(store, drop.new.id)),
    (2, lambda store, home, drop, won: pausing.pause(store, drop.new.id)),
    (2, lambda store, home, drop, won: pausing.resume(store, drop.new.id)),
    (1, lambda store, home, drop, won: pausing.deny_opening(store, drop.new.id)),
    (3, lambda store, home, drop, won: unlocking.unlock(store, drop.new.id)),
    (1, lambda store, home, drop, won: deliveries.record_delivered(store, drop.new.id, None)),
    (1, lambda store, home, drop, won: deliveries.record_undelivered(store, drop.new.id, why="channel_not_found")),
    (1, lambda store, home, drop, won: asks.ask(store, drop.new.id, drop.new.link_proof, Ask.AGAIN)),
    (3, lambda store, home, drop, won: recipient_verification.verify(store, drop.new.id)),
    (1, lambda store, home, drop, won: recipient_verification.refuse(store, drop.new.id)),
    (1, lambda store, home, drop, won: asks.not_me(store, drop.new.id, drop.new.link_proof)),
)


def _ahead(home: Home) -> int:
    """How far the store's clock is ahead of the one by which tests seal, in seconds."""
    shift: int = json.loads(home.clock_file.read_text())["shift_ms"] if home.clock_file.exists() else 0
    return shift // 1000


@pytest.mark.parametrize("seed", range(3))
async def test_any_order_of_verbs_holds(home: Home, seed: int) -> None:
    """Thirty drops, each with up to twenty acts of anybody, crashes and time in between."""
    dice = random.Random(seed)  # noqa: S311 - repeatable, and nothing secret
    async with either(home) as both:
        store = replace(both, redelivery_seconds=dice.choice((0, 60, 600)))
        sequencer = Sequencer(store, home.signing)
        for _ in range(30):
            rules = {"on_lock": dice.choice(("lock", "destroy")), "verify": dice.choice((*Verify, Verify.NONE))}
            drop = await created(store, lives_seconds=_ahead(home) + 100_000, **rules)
            won = drop.present()
            if dice.random() < 0.8:  # or else most of them would end as undelivered
                await deliveries.record_delivered(store, drop.new.id, None)
            weights = [
                weight * dice.choice((1, 1, 9)) for weight, _ in STEPS
            ]  # some people do one thing again and again
            for _ in range(dice.randrange(20)):
                [(_, step)] = dice.choices(STEPS, weights)
                with suppress(StoreError):
                    await step(store, home, drop, won)
                home.advance_clock(dice.choice((0, 0, 0, 31, 301)))
            if dice.random() < 0.5:
                await sequencer.step()
        assert failed(await asyncio.to_thread(checked, home)) == []
        await drained(sequencer)
        async with store.db.read() as tx:
            ended = set((await tx.execute(select(drops.c.outcome).distinct())).scalars())
        assert len(ended) >= 4
        assert failed(await asyncio.to_thread(checked, home)) == []
