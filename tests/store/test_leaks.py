"""Drops in place of a message: the log says it once, and somebody is asked to delete the message once for a form."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from store import creation, deliveries, endings, leaks
from store.formats.order_v1 import Terms
from store.opened import Store
from tests.sealed_elsewhere import elsewhere, ordered, published
from tests.store.living import created
from tests.store.reading import words_of
from tests.store.sealing_under_orders import terms
from tests.stores import Home, Sealed

MESSAGE = "V1:UNOOR:CGENERAL:1764000000.000100"


async def sealed_outside(store: Store, home: Home, replaces: str | None = MESSAGE) -> Sealed:
    """A drop of a page whose order was placed for a form about that message."""
    sealed = await ordered(store, elsewhere(await published(store, home)), replaces=replaces)
    await creation.create(store, sealed.new)
    return sealed


async def delivered(store: Store, sealed: Sealed) -> None:
    assert await deliveries.record_delivered(store, sealed.new.id, None, replaces_leak=True)


async def test_what_was_sealed_outside_says_it_at_delivery(home: Home) -> None:
    """Once, however often delivery is recorded, and not where it never arrives."""
    async with home.open("bot") as store:
        sealed = await sealed_outside(store, home)
        assert await words_of(store, sealed.new.id) == ["created"]
        await delivered(store, sealed)
        await delivered(store, sealed)
        assert await words_of(store, sealed.new.id) == ["created", "delivered", "leak.replaced"]
        lost = await sealed_outside(store, home)
        assert await deliveries.record_undelivered(store, lost.new.id)
        assert not await deliveries.record_delivered(store, lost.new.id, None, replaces_leak=True)
        assert "leak.replaced" not in await words_of(store, lost.new.id)


async def test_of_one_form_one_is_asked(home: Home) -> None:
    """Whichever arrives first, and again by nobody: not by the other drop, nor by a bot that was started anew."""
    async with home.open("bot") as store:
        drops = [await sealed_outside(store, home) for _ in range(2)]
        other = await sealed_outside(store, home, MESSAGE.replace("V1", "V2"))
        for sealed in (*drops, other):
            await delivered(store, sealed)
        assert await leaks.is_now_to_be_asked(store, drops[1].new.id)
        assert await leaks.is_now_to_be_asked(store, other.new.id)
    async with home.open("bot") as store:
        for sealed in (*drops, other):
            assert not await leaks.is_now_to_be_asked(store, sealed.new.id)


async def test_the_message_is_left_where_no_drop_of_its_form_arrives(home: Home) -> None:
    """Not while another one is on its way, nor after that has arrived."""
    async with home.open("bot") as store:
        one, two, three = [await sealed_outside(store, home) for _ in range(3)]
        other = await sealed_outside(store, home, MESSAGE.replace("V1", "V2"))
        for sealed, is_left in ((one, False), (two, False), (other, True), (three, True)):
            await deliveries.record_undelivered(store, sealed.new.id)
            assert await leaks.is_left_standing(store, sealed.new.id) is is_left
        await delivered(store, await sealed_outside(store, home))
        assert not await leaks.is_left_standing(store, one.new.id)


async def test_two_bots_ask_once(home: Home) -> None:
    """Each brings another drop of the form in the same moment."""
    async with home.open("bot") as one, home.open("bot") as another:
        for _ in range(10):
            message = f"V{_}:{MESSAGE}"
            first, second = [await sealed_outside(one, home, message) for _ in range(2)]
            asked = await asyncio.gather(
                leaks.is_now_to_be_asked(one, first.new.id), leaks.is_now_to_be_asked(another, second.new.id)
            )
            assert sorted(asked) == [False, True]


@pytest.mark.parametrize("replaces", [True, False])
async def test_of_a_form_that_the_bot_seals_too(store: Store, replaces: bool) -> None:
    """A form that was sent again after a link failed is the same form; one about no message asks nobody."""
    usual: dict[str, Any] = {"replaces_leak": replaces, "sender_id": "UMAYA"}
    failed = await created(store, submission="V1", **usual)
    await endings.give_up_delivery(store, failed.new.id, only_if_lease_is_over=False)
    assert await leaks.is_left_standing(store, failed.new.id) is replaces
    again = await created(store, submission="V1/1", **usual)
    other = await created(store, submission="V1", recipient_id="UEVE", **usual)
    assert await leaks.is_now_to_be_asked(store, again.new.id) is replaces
    for sealed in (failed, again, other):
        assert not await leaks.is_now_to_be_asked(store, sealed.new.id)
        assert not await leaks.is_left_standing(store, sealed.new.id)


async def test_what_is_in_place_of_nothing(home: Home) -> None:
    """No order, an order without a message, and no drop at all."""
    async with home.open("bot") as store:
        for drop_id in ((await sealed_outside(store, home, None)).new.id, bytes(16)):
            assert not await leaks.is_now_to_be_asked(store, drop_id)
            assert not await leaks.is_left_standing(store, drop_id)


def test_terms_of_before_keep_their_hash() -> None:
    """What an order was signed over by a bot that had no word for it."""
    usual = terms()
    assert "replaces" not in usual.encode()
    about = replace(usual, replaces=MESSAGE)
    assert about.digest != usual.digest
    assert Terms.parse(about.encode()) == about
