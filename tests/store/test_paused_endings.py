"""How paused drops end, and what can be paused and resumed no more; on both engines."""

import secrets
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from store import claims, door, endings, pausing, sweeper
from store.errors import DropEndedError, NotPausedError
from store.opened import Store
from store.schema import drops
from tests.store.faults import Crash, dying
from tests.store.living import SOMEBODY, created
from tests.store.reading import events_of, require_destroyed, require_nothing_said, row_of
from tests.stores import Home, Sealed


async def by_revoking(store: Store, sealed: Sealed, home: Home) -> None:
    await endings.revoke(store, sealed.new.id)


async def by_a_touch_too_late(store: Store, sealed: Sealed, home: Home) -> None:
    home.advance_clock(3601)
    with pytest.raises(DropEndedError):
        await claims.claim(store, sealed.present(), SOMEBODY)


async def by_the_sweeper(store: Store, sealed: Sealed, home: Home) -> None:
    home.advance_clock(3601)
    assert (await sweeper.sweep(store)).ended == 1


async def by_silence_of_slack(store: Store, sealed: Sealed, home: Home) -> None:
    home.advance_clock(181)
    assert (await sweeper.sweep(store)).ended == 1


async def by_an_erased_key(store: Store, sealed: Sealed, home: Home) -> None:
    store.keyring.erase(sealed.new.id)
    assert (await sweeper.sweep_keys(store)).ended == 1


@pytest.mark.parametrize(
    ("end", "outcome"),
    [
        (by_revoking, "revoked"),
        (by_a_touch_too_late, "expired"),
        (by_the_sweeper, "expired"),
        (by_silence_of_slack, "undelivered"),
        (by_an_erased_key, "lost"),
    ],
)
async def test_a_paused_drop_ends_as_any_other(store: Store, home: Home, end: Any, outcome: str) -> None:
    """A pause keeps nothing alive, and after the end it is the end that everybody is told."""
    sealed = await created(store)
    await pausing.pause(store, sealed.new.id)
    await end(store, sealed, home)
    await require_destroyed(store, sealed.new.id)
    assert (await row_of(store, sealed.new.id)).outcome == outcome
    for look in (
        door.look(store, sealed.new.id, sealed.new.link_proof, SOMEBODY),
        claims.claim(store, sealed.present(), SOMEBODY),
    ):
        with pytest.raises(DropEndedError) as ended:
            await look
        assert ended.value.outcome == outcome


async def it_is_claimed(store: Store, sealed: Sealed, home: Home) -> None:
    await claims.claim(store, sealed.present(), SOMEBODY)


async def it_is_ending(store: Store, sealed: Sealed, home: Home) -> None:
    doomed, _ = dying(store, 1, after=True)
    with pytest.raises(Crash):
        await endings.revoke(doomed, sealed.new.id)
    assert (await row_of(store, sealed.new.id)).state == "ending"


async def it_is_ended(store: Store, sealed: Sealed, home: Home) -> None:
    await endings.revoke(store, sealed.new.id)


async def it_is_overdue(store: Store, sealed: Sealed, home: Home) -> None:
    home.advance_clock(3601)


@pytest.mark.parametrize(
    ("become", "is_paused"),
    [
        (it_is_claimed, False),  # a paused one cannot be
        (it_is_ending, False),
        (it_is_ending, True),
        (it_is_ended, False),
        (it_is_ended, True),
        (it_is_overdue, False),
        (it_is_overdue, True),
    ],
)
async def test_what_nobody_can_open_can_be_neither_paused_nor_resumed(
    store: Store, home: Home, become: Any, is_paused: bool
) -> None:
    """Too late is said and changes nothing, whether it had been paused before or not."""
    sealed = await created(store)
    if is_paused:
        await pausing.pause(store, sealed.new.id)
    await become(store, sealed, home)

    async def too_late() -> None:
        assert not await pausing.pause(store, sealed.new.id)
        with pytest.raises(NotPausedError):
            await pausing.resume(store, sealed.new.id)

    await require_nothing_said(store, sealed.new.id, too_late)


async def test_an_unknown_drop_is_neither_paused_nor_resumed(store: Store) -> None:
    """An id that is nobody's is answered like an ended one, and leaves no trace."""
    nobodys = secrets.token_bytes(16)
    assert not await pausing.pause(store, nobodys)
    with pytest.raises(NotPausedError):
        await pausing.resume(store, nobodys)
    assert await events_of(store, nobodys) == []


@pytest.mark.parametrize("first", ["sealed", "paused", "claimed"])
async def test_no_statement_makes_a_drop_both_paused_and_claimed(store: Store, first: str) -> None:
    """The database itself refuses either order, and both at once, whoever writes."""
    sealed = await created(store)
    claim: dict[str, object] = {"state": "claimed", "claim_hash": bytes(32), "claimed_at": 1, "claim_until": 2}
    pause: dict[str, object] = {"paused_at": 1}
    second = {"sealed": claim | pause, "paused": claim, "claimed": pause}[first]
    if first == "paused":
        await pausing.pause(store, sealed.new.id)
    if first == "claimed":
        await claims.claim(store, sealed.present(), SOMEBODY)
    with pytest.raises(IntegrityError, match=r"(?i)check constraint"):
        async with store.db.write() as tx:
            await tx.execute(update(drops).where(drops.c.id == sealed.new.id).values(**second))
