"""A claim and its recipient's press at one moment: the statement that pays decides, not what was looked at before."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from store import claims, endings, pausing, recipient_verification
from store.claims import Release
from store.errors import NotVerifiedError, StoreError
from store.opened import Store
from store.words import Verify
from tests.store.living import SOMEBODY, created
from tests.store.reading import words_of
from tests.stores import Home, Sealed


def meanwhile(store: Store, act: Callable[[], object]) -> Store:
    """The same store, where something happens between the look and the payment."""

    class Keyring:
        def __getattr__(self, name: str) -> Any:
            return getattr(store.keyring, name)

        def read(self, drop_id: bytes) -> Any:
            act()
            return store.keyring.read(drop_id)

    keyring: Any = Keyring()
    return replace(store, keyring=keyring)


@pytest.mark.parametrize("right", [True, False], ids=["right", "wrong"])
async def test_ten_minutes_that_end_between_look_and_payment_are_over(store: Store, home: Home, right: bool) -> None:
    """Nothing is given out and no try is used up, though it was let in a moment before."""
    home.hold_clock()
    sealed = await created(store, verify=Verify.SLACK)
    await recipient_verification.verify(store, sealed.new.id)
    late = meanwhile(store, lambda: home.advance_clock(recipient_verification.VERIFIED_MS / 1000))
    with pytest.raises(NotVerifiedError):
        await claims.claim(late, sealed.present(right=right), SOMEBODY)
    assert await words_of(store, sealed.new.id) == ["created", "recipient_verified"]


async def test_of_many_claims_after_one_press_one_wins(store: Store, home: Home) -> None:
    """A press lets one page load in, as a link that asks for none does."""
    sealed = await created(store, verify=Verify.SLACK)

    async def one() -> bool:
        try:
            return isinstance(await claims.claim(store, sealed.present(), SOMEBODY), Release)
        except StoreError:
            return False

    assert not any(await asyncio.gather(*(one() for _ in range(10))))
    await recipient_verification.verify(store, sealed.new.id)
    assert sum(await asyncio.gather(*(one() for _ in range(20)))) == 1


async def test_presses_at_one_moment_are_one(store: Store) -> None:
    """Two bots that take one press each write it once and give the same time."""
    sealed = await created(store, verify=Verify.SLACK)
    untils = await asyncio.gather(*(recipient_verification.verify(store, sealed.new.id) for _ in range(5)))
    assert len(set(untils)) == 1
    assert None not in untils
    assert await words_of(store, sealed.new.id) == ["created", "recipient_verified"]


@pytest.mark.parametrize("end", ["revoked", "paused"])
async def test_a_press_of_what_cannot_be_opened_is_none(store: Store, end: str) -> None:
    """It is not recorded, and what is let go on later wants a press of its own."""

    async def stop(sealed: Sealed) -> None:
        await (endings.revoke if end == "revoked" else pausing.pause)(store, sealed.new.id)

    sealed = await created(store, verify=Verify.SLACK)
    await stop(sealed)
    assert await recipient_verification.verify(store, sealed.new.id) is None
    assert "recipient_verified" not in await words_of(store, sealed.new.id)
    if end == "paused":
        await pausing.resume(store, sealed.new.id)
        with pytest.raises(NotVerifiedError):
            await claims.claim(store, sealed.present(), SOMEBODY)
