"""
A crash at every durable act of every verb, before and after it took effect.

After it, another program with the same database and keyring goes on.  Whatever the line: nobody is given the secret
twice, nothing is left half done once the sweeper has run, and each state change has its event.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from store import claims, creation, deliveries, endings, pausing, sweeper, unlocking
from store.deliveries import Place
from store.door import Visitor
from store.errors import (
    DropEndedError,
    DropLockedError,
    DropPausedError,
    StoreError,
    UnknownDropError,
    WrongPassphraseError,
)
from store.keyring import KeyState
from store.opened import Store
from store.words import Audience
from tests.store.faults import Crash, dying
from tests.store.reading import events_of, notices_of, require_destroyed, row_of, words_of
from tests.stores import Home, Sealed, seal

MOST_ACTS = 8
SOMEBODY = Visitor()

Verb = Callable[[Store, Sealed, claims.Presented], Awaitable[object]]


async def create(store: Store, sealed: Sealed, presented: claims.Presented) -> None:
    await creation.create(store, sealed.new)


async def claim(store: Store, sealed: Sealed, presented: claims.Presented) -> None:
    await claims.claim(store, presented, SOMEBODY)


async def guess_wrong(store: Store, sealed: Sealed, presented: claims.Presented) -> None:
    with pytest.raises((WrongPassphraseError, DropLockedError)):
        await claims.claim(store, sealed.present(right=False), SOMEBODY)


async def acknowledge(store: Store, sealed: Sealed, presented: claims.Presented) -> None:
    await claims.acknowledge(store, sealed.new.id, sealed.new.link_proof, presented.claim)


async def revoke(store: Store, sealed: Sealed, presented: claims.Presented) -> None:
    await endings.revoke(store, sealed.new.id)


async def give_up(store: Store, sealed: Sealed, presented: claims.Presented) -> None:
    await deliveries.record_undelivered(store, sealed.new.id)


async def deliver(store: Store, sealed: Sealed, presented: claims.Presented) -> None:
    await deliveries.record_delivered(store, sealed.new.id, Place("D1", "1.2"))


async def unlock(store: Store, sealed: Sealed, presented: claims.Presented) -> None:
    await unlocking.unlock(store, sealed.new.id)


async def pause(store: Store, sealed: Sealed, presented: claims.Presented) -> None:
    await pausing.pause(store, sealed.new.id)


async def resume(store: Store, sealed: Sealed, presented: claims.Presented) -> None:
    await pausing.resume(store, sealed.new.id)


async def claim_strictly(store: Store, sealed: Sealed, presented: claims.Presented) -> None:
    await claims.claim(replace(store, redelivery_seconds=0), presented, SOMEBODY)


WAYS: dict[str, tuple[list[Verb], Verb]] = {
    "create": ([], create),
    "deliver": ([create], deliver),
    "claim": ([create], claim),
    "claim in strict mode": ([create], claim_strictly),
    "claim again": ([create, claim], claim),
    "wrong guess": ([create], guess_wrong),
    "last wrong guess": ([create, *[guess_wrong] * 4], guess_wrong),
    "acknowledge": ([create, claim], acknowledge),
    "revoke": ([create], revoke),
    "give up": ([create], give_up),
    "unlock": ([create, *[guess_wrong] * 5], unlock),
    "pause": ([create], pause),
    "resume": ([create, pause], resume),
    "revoke while paused": ([create, pause], revoke),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
async def test_a_crash_at_any_act_leaves_nothing_half_done(home: Home, way: str, after: bool) -> None:
    """Every verb, every durable act, before and after."""
    before, verb = WAYS[way]
    async with home.open() as store:
        crashes = 0
        for at in range(1, MOST_ACTS):
            home.reset_clock()
            sealed = seal(lives_seconds=100_000)
            presented = sealed.present()
            for step in before:
                await step(store, sealed, presented)
                home.advance_clock(301 if step is guess_wrong else 0)
            doomed, _ = dying(store, at, after=after)
            try:
                await verb(doomed, sealed, presented)
            except Crash:
                crashes += 1
            if verb is claim_strictly and (await row_of(store, sealed.new.id)).state == "claimed":
                with pytest.raises(DropEndedError):
                    await claim_strictly(store, sealed, presented)
                continue
            if verb is deliver and (await row_of(store, sealed.new.id)).delivery == "delivered":
                assert await deliveries.place_of(store, sealed.new.id, Audience.RECIPIENT) == Place("D1", "1.2")
            await require_sound(store, sealed, presented, home)
        assert 0 < crashes < MOST_ACTS - 1  # at least one act died, and the last rounds ran past the verb's end


async def require_sound(store: Store, sealed: Sealed, presented: claims.Presented, home: Home) -> None:
    """What must hold whenever and wherever the program died."""
    try:
        row = await row_of(store, sealed.new.id)
    except Exception:  # noqa: BLE001 - no row: the creation did not commit, and nothing may open
        with pytest.raises(UnknownDropError):
            await claims.claim(store, presented, SOMEBODY)
        return
    assert [event["n"] for event in await events_of(store, sealed.new.id)] == list(range(1, row.n + 1))
    audit = [word for audience, word in await notices_of(store, sealed.new.id) if audience == "audit"]
    assert audit == [event["evt"] for event in await events_of(store, sealed.new.id)]
    if row.state in ("sealed", "locked"):
        assert store.keyring.state(sealed.new.id) is KeyState.LIVE
    received = 0
    for one in (presented, sealed.present(), sealed.present()):
        try:
            await claims.claim(store, one, SOMEBODY)
            received += 1
        except (DropEndedError, DropLockedError, DropPausedError):
            pass
    assert received <= 1
    home.advance_clock(200_000)
    await sweeper.sweep(store)
    await sweeper.sweep_keys(store)
    await require_destroyed(store, sealed.new.id)
    words = await words_of(store, sealed.new.id)
    assert words.count("claimed") == (1 if received or row.claim_hash else 0)
    with pytest.raises(StoreError):
        await claims.claim(store, presented, SOMEBODY)
