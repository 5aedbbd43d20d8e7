"""What a recipient's word stops, what it leaves alone, and what the sender's word brings back; on both engines."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from store import asks, claims, door, pausing, unlocking
from store.errors import (
    DropLockedError,
    DropPausedError,
    NotPausedError,
    TooSoonError,
    WrongPassphraseError,
)
from store.opened import Store
from store.schema import refusals
from tests.store.living import SOMEBODY, created, refuse
from tests.store.reading import events_of, notices_of, require_nothing_said, row_of, words_of
from tests.stores import Home, Sealed


async def what_guesses_cost(store: Store, sealed: Sealed) -> tuple[dict[str, Any], Any]:
    """All that a guess changes: the row but for the pause and the count of events, and the refused pairs."""
    row = dict((await row_of(store, sealed.new.id))._mapping)
    del row["paused_at"], row["n"]
    async with store.db.read() as tx:
        refused = select(func.count()).select_from(refusals).where(refusals.c.drop_id == sealed.new.id)
        return row, await tx.scalar(refused)


async def test_a_paused_drop_takes_no_guess(store: Store, home: Home) -> None:
    """Right, wrong or repeated: nothing is opened, nothing is paid, and the schedule stays as it was."""
    home.hold_clock()
    sealed = await created(store)
    third = sealed.present(right=False)
    for presented in (sealed.present(right=False), sealed.present(right=False), third):
        with pytest.raises(WrongPassphraseError):
            await claims.claim(store, presented, SOMEBODY)
    before = await what_guesses_cost(store, sealed)
    assert await pausing.pause(store, sealed.new.id)
    for presented in (sealed.present(), sealed.present(right=False), third, sealed.present()):
        with pytest.raises(DropPausedError):
            await claims.claim(store, presented, SOMEBODY)
    assert await what_guesses_cost(store, sealed) == before
    assert (await words_of(store, sealed.new.id))[-1] == "not_me"


async def test_the_senders_word_grants_no_try_and_shortens_no_wait(store: Store, home: Home) -> None:
    """After it the count is what it was and the wait goes on where it would have been, to the second."""
    home.hold_clock()
    sealed = await created(store)
    for _ in range(3):
        with pytest.raises(WrongPassphraseError):
            await claims.claim(store, sealed.present(right=False), SOMEBODY)
    before = await what_guesses_cost(store, sealed)
    await pausing.pause(store, sealed.new.id)
    home.advance_clock(10)
    await pausing.resume(store, sealed.new.id)
    assert await what_guesses_cost(store, sealed) == before
    assert (await row_of(store, sealed.new.id)).paused_at is None
    with pytest.raises(TooSoonError) as early:
        await claims.claim(store, sealed.present(), SOMEBODY)
    assert early.value.retry_after_seconds == 20
    home.advance_clock(20)
    assert (await claims.claim(store, sealed.present(), SOMEBODY)).envelope == sealed.new.envelope


@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
async def test_a_pause_between_the_look_and_the_payment_wins(store: Store, right: bool) -> None:
    """The payment itself asks for the pause: what was looked at before is not believed."""
    sealed = await created(store)
    loop = asyncio.get_running_loop()

    class PausedMeanwhile:
        def __getattr__(self, name: str) -> Any:
            return getattr(store.keyring, name)

        def read(self, drop_id: bytes) -> Any:
            asyncio.run_coroutine_threadsafe(pausing.pause(store, drop_id), loop).result(20)
            return store.keyring.read(drop_id)

    keyring: Any = PausedMeanwhile()
    before = await what_guesses_cost(store, sealed)
    with pytest.raises(DropPausedError):
        await claims.claim(replace(store, keyring=keyring), sealed.present(right=right), SOMEBODY)
    assert await what_guesses_cost(store, sealed) == before
    assert await words_of(store, sealed.new.id) == ["created", "not_me"]


async def test_the_door_of_a_paused_drop_says_so(store: Store) -> None:
    """Whoever looks is told, as often as they like; looking is no alarm and what it shows is the same."""
    sealed = await created(store, hint="the usual one")
    before = await door.look(store, sealed.new.id, sealed.new.link_proof, SOMEBODY)
    assert not before.is_paused
    await pausing.pause(store, sealed.new.id)
    for _ in range(2):
        looked = await door.look(store, sealed.new.id, sealed.new.link_proof, SOMEBODY)
        assert looked == replace(before, is_paused=True)
    await pausing.resume(store, sealed.new.id)
    assert await door.look(store, sealed.new.id, sealed.new.link_proof, SOMEBODY) == before
    assert await words_of(store, sealed.new.id) == ["created", "door_opened", "not_me", "unlocked"]


async def test_pausing_twice_is_one_pause(store: Store, home: Home) -> None:
    """A second press rings nobody's phone and does not move the time of the first; nor does a second "it is right"."""
    home.hold_clock()
    sealed = await created(store)
    assert await pausing.pause(store, sealed.new.id)

    async def press_again() -> None:
        home.advance_clock(5)
        assert not await pausing.pause(store, sealed.new.id)

    await require_nothing_said(store, sealed.new.id, press_again)
    await pausing.resume(store, sealed.new.id)

    async def resume_again() -> None:
        with pytest.raises(NotPausedError):
            await pausing.resume(store, sealed.new.id)

    await require_nothing_said(store, sealed.new.id, resume_again)


async def test_each_change_is_one_event_with_its_notices(store: Store) -> None:
    """A pause is told to security team and sender, its end to the recipient too; as often as it happens."""
    sealed = await created(store)
    for _ in range(2):
        await pausing.pause(store, sealed.new.id)
        await pausing.resume(store, sealed.new.id)
    events = (await events_of(store, sealed.new.id))[1:]
    assert [event["n"] for event in events] == [2, 3, 4, 5] == [*range(2, (await row_of(store, sealed.new.id)).n + 1)]
    said = [(event["evt"], event["by"], event["paused"]) for event in events]
    assert said == [("drop.not_me", "recipient", True), ("drop.unlocked", "sender", False)] * 2
    told = [("audit", "drop.not_me"), ("sender", "drop.not_me")]
    told += [(audience, "drop.unlocked") for audience in ("audit", "sender", "recipient")]
    assert (await notices_of(store, sealed.new.id))[2:] == told * 2


async def test_a_locked_drop_is_paused_and_still_locked_afterwards(store: Store, home: Home) -> None:
    """The sender's word about the link is no word about the guesses."""
    sealed = await created(store)
    await refuse(store, sealed, 5, home)
    before = await what_guesses_cost(store, sealed)
    assert await pausing.pause(store, sealed.new.id)
    looked = await door.look(store, sealed.new.id, sealed.new.link_proof, SOMEBODY)
    assert (looked.state, looked.is_paused, looked.tries_left) == ("locked", True, 0)
    with pytest.raises(DropPausedError):
        await claims.claim(store, sealed.present(), SOMEBODY)
    await pausing.resume(store, sealed.new.id)
    with pytest.raises(DropLockedError):
        await claims.claim(store, sealed.present(), SOMEBODY)
    row, pairs = await what_guesses_cost(store, sealed)
    assert (row | {"door_opened_at": None}, pairs) == before


async def test_unlocking_grants_tries_and_does_not_resume(store: Store, home: Home) -> None:
    """Five more guesses are there, and nobody can use one until the sender says that the link is right."""
    sealed = await created(store)
    await refuse(store, sealed, 5, home)
    await pausing.pause(store, sealed.new.id)
    assert await unlocking.unlock(store, sealed.new.id) == 1
    row = await row_of(store, sealed.new.id)
    assert (row.state, row.round_guesses, row.paused_at is None) == ("sealed", 0, False)
    with pytest.raises(DropPausedError):
        await claims.claim(store, sealed.present(), SOMEBODY)
    await pausing.resume(store, sealed.new.id)
    assert (await claims.claim(store, sealed.present(), SOMEBODY)).envelope == sealed.new.envelope


async def test_denying_an_opening_is_told_once_an_hour(store: Store, home: Home) -> None:
    """The recipient's word about an opened drop is recorded with a count, apart from the page's, and ends nothing."""
    home.hold_clock()
    sealed = await created(store)
    presented = sealed.present()
    await claims.claim(store, presented, SOMEBODY)
    assert [await pausing.deny_opening(store, sealed.new.id) for _ in range(3)] == [True, False, False]
    await asks.not_me(store, sealed.new.id, sealed.new.link_proof)
    home.advance_clock(30)
    assert (await claims.claim(store, presented, SOMEBODY)).envelope == sealed.new.envelope
    home.advance_clock(3570)
    assert await pausing.deny_opening(store, sealed.new.id)
    denials = [event for event in await events_of(store, sealed.new.id) if event["evt"] == "drop.not_me"]
    assert [(event.get("by"), event["count"]) for event in denials] == [("recipient", 1), (None, 1), ("recipient", 4)]
    assert (await row_of(store, sealed.new.id)).paused_at is None


async def test_what_a_page_says_pauses_nothing(store: Store) -> None:
    """Whoever holds the link may deny it; only the recipient, in Slack, can stop it."""
    sealed = await created(store)
    await asks.not_me(store, sealed.new.id, sealed.new.link_proof)
    assert (await row_of(store, sealed.new.id)).paused_at is None
    assert (await claims.claim(store, sealed.present(), SOMEBODY)).envelope == sealed.new.envelope
