"""Guesses at the passphrase of a record that people read: paid for each, five a round, fifteen in all for each link."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from store import record_pages, record_views
from store.errors import (
    CannotUnlockError,
    DropLockedError,
    KeyUnreadableError,
    StoreUnavailableError,
    TooSoonError,
    UnknownRecordError,
    WrongPassphraseError,
)
from store.opened import Store
from store.record_keys import KeyName
from store.record_pages import Unlocked
from tests.store.looking import WAITS, Holder, guess, made_page, rotated
from tests.store.recording import VALUE, VISITOR, said, told, words
from tests.stores import Home, key_path


@pytest.fixture
async def bot(home: Home) -> AsyncIterator[Store]:
    """The store as the operators' command line holds it."""
    async with home.open("bot") as bot:
        yield bot


async def test_the_schedule_of_guesses(bot: Store, store: Store, home: Home) -> None:
    """Three at once, the 4th after 30 s, the 5th after 5 min, then it is locked; the wait is a right guess's, too."""
    home.hold_clock()
    holder = await made_page(bot)
    for left, wait in ((4, 0), (3, 0), (2, 30), (1, 300)):
        with pytest.raises(WrongPassphraseError) as refused:
            await holder.view(store, holder.wrong())
        assert (refused.value.tries_left, refused.value.retry_after_seconds) == (left, wait)
        if wait:
            with pytest.raises(TooSoonError) as early:
                await holder.view(store)
            assert early.value.retry_after_seconds == wait
            assert (await holder.look(store)).retry_after_seconds == wait
        home.advance_clock(wait)
    with pytest.raises(DropLockedError):
        await holder.view(store, holder.wrong())
    home.advance_clock(86_400 // 48)
    for presented in (holder.right(), holder.wrong()):
        with pytest.raises(DropLockedError):
            await holder.view(store, presented)
    assert (await holder.look(store)).is_locked
    assert await record_pages.locked(bot) == {holder.link.id}
    assert await words(bot) == ["created", *["refused"] * 5, "locked"]
    assert [one["tries_left"] for one in await said(bot) if one["evt"] == "record.refused"] == [4, 3, 2, 1, 0]
    assert len(await told(bot)) == 3  # made, the first refusal, the lock


async def test_a_right_guess_begins_the_schedule_anew_and_forgives_nothing(
    bot: Store, store: Store, home: Home
) -> None:
    """Fifteen refusals lock for good, whoever opens it in between, and nobody can unlock it: it is to be rotated."""
    home.hold_clock()
    holder = await made_page(bot, lives_seconds=86_400)
    for _ in range(5):
        for _ in range(3):
            with pytest.raises((WrongPassphraseError, DropLockedError)):
                await holder.view(store, holder.wrong())
        home.advance_clock(31)
        if not (await holder.look(store)).is_locked:
            assert await holder.view(store) == VALUE
            assert (await holder.look(store)).retry_after_seconds == 0
    with pytest.raises(DropLockedError):
        await holder.view(store)
    assert await record_pages.unlocks_left(bot, [holder.link.id]) == {holder.link.id: 0}
    with pytest.raises(CannotUnlockError):
        await record_pages.unlock(bot, holder.link.id)
    assert await (await rotated(bot, holder)).view(store) == VALUE


async def test_it_is_unlocked_twice(bot: Store, store: Store, home: Home) -> None:
    """Five more guesses each time; never what is not locked, and never a third time."""
    home.hold_clock()
    holder = await made_page(bot, lives_seconds=86_400)
    with pytest.raises(CannotUnlockError):
        await record_pages.unlock(bot, holder.link.id)
    other = await made_page(bot, lives_seconds=86_400)
    await guess(store, other, home)
    both = [holder.link.id, other.link.id]
    for left, is_last in ((1, False), (0, True)):
        await guess(store, holder, home)
        assert await record_pages.unlocks_left(bot, both) == {holder.link.id: left + 1, other.link.id: 2}
        assert await record_pages.unlock(bot, holder.link.id) == Unlocked(5, is_last=is_last)
        assert await record_pages.unlocks_left(bot, both[:1]) == {}
        assert (await holder.look(store)).tries_left == 5
    await guess(store, holder, home)
    with pytest.raises(CannotUnlockError):
        await record_pages.unlock(bot, holder.link.id)
    assert [one["unlocks_left"] for one in await said(bot) if one["evt"] == "record.unlocked"] == [1, 0]
    assert [one["guesses"] for one in await said(bot) if one["evt"] == "record.locked"] == [5, 5, 10, 15]


@pytest.mark.parametrize(("before", "left"), [((4, 4), 2), ((4, 1), 5)])
async def test_an_unlocking_gives_what_is_left(
    bot: Store, store: Store, home: Home, before: tuple[int, ...], left: int
) -> None:
    """Wrong ones before a right one count for the fifteen; once those are used up no second unlocking helps."""
    home.hold_clock()
    holder = await made_page(bot, lives_seconds=86_400)
    for wrong in before:
        for wait in WAITS[:wrong]:
            home.advance_clock(wait)
            with pytest.raises(WrongPassphraseError):
                await holder.view(store, holder.wrong())
        home.advance_clock(301)
        await holder.view(store)
    await guess(store, holder, home)
    assert await record_pages.unlock(bot, holder.link.id) == Unlocked(left, is_last=True)
    assert (await holder.look(store)).tries_left == left
    for wait in WAITS[:left]:
        home.advance_clock(wait)
        with pytest.raises((WrongPassphraseError, DropLockedError)):
            await holder.view(store, holder.wrong())
    with pytest.raises(CannotUnlockError):
        await record_pages.unlock(bot, holder.link.id)


async def test_fifty_guesses_at_once_cost_what_there_is(bot: Store, store: Store, home: Home) -> None:
    """Three are refused, for the fourth has to wait; none more is compared, and each that was has its event."""
    holder = await made_page(bot)
    async with home.open() as second:
        tries = [record_views.view(one, holder.wrong(), VISITOR) for one in (store, second) * 25]
        answers = await asyncio.gather(*tries, return_exceptions=True)
    refused = [one for one in answers if isinstance(one, WrongPassphraseError)]
    assert len(refused) == 3
    assert {type(one) for one in answers} <= {WrongPassphraseError, TooSoonError, StoreUnavailableError}
    assert (await words(bot)).count("refused") == 3
    assert (await holder.look(store)).tries_left == 2


async def test_a_repeated_refusal_is_paid_for_once(bot: Store, store: Store) -> None:
    """A page whose answer was lost asks again with the same attempt, also twice at once."""
    holder = await made_page(bot)
    wrong = holder.wrong()
    tries = [record_views.view(store, wrong, VISITOR) for _ in range(4)]
    answers = [*await asyncio.gather(*tries, return_exceptions=True)]
    assert {type(one) for one in answers} == {WrongPassphraseError}
    with pytest.raises(WrongPassphraseError) as again:
        await record_views.view(store, wrong, VISITOR)
    assert again.value.tries_left == 4
    with pytest.raises(WrongPassphraseError) as other:
        await record_views.view(store, replace(wrong, attempt=secrets.token_bytes(32)), VISITOR)
    assert other.value.tries_left == 3


async def test_a_keyring_that_is_away_costs_no_guess(bot: Store, store: Store) -> None:
    """Neither a right nor a wrong one; the value is there once the keyring is."""
    holder = await made_page(bot, reads=1)
    path = key_path(bot.keyring.records, KeyName(holder.link.id, 1).encoded)
    aside = path.rename(path.with_suffix(".aside"))
    for presented in (holder.right(), holder.wrong()):
        with pytest.raises(KeyUnreadableError):
            await holder.view(store, presented)
    assert await words(bot) == ["created"]
    aside.rename(path)
    assert (await holder.look(store)).tries_left == 5
    assert await holder.view(store) == VALUE


async def test_a_guess_that_meets_a_rotation_counts_for_neither(
    bot: Store, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Looked at under the old link and paid for under none: the new one has all of its guesses."""
    old = await made_page(bot)
    new: list[Holder] = []
    pay = record_views._pay

    async def late(*given: Any) -> Any:
        if not new:
            new.append(await rotated(bot, old))
        return await pay(*given)

    monkeypatch.setattr(record_views, "_pay", late)
    for presented in (old.wrong(), old.right()):
        with pytest.raises(UnknownRecordError):
            await record_views.view(store, presented, VISITOR)
    assert (await new[0].look(store)).tries_left == 5
    assert await words(bot) == ["created", "rotated"]
