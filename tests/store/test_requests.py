"""Where a message stands that asks for something, taking it back, and forgetting whom it names."""

import asyncio
import secrets

import pytest

from store import drops, endings, forgetting, orders, requests
from store.deliveries import Place
from store.errors import OrderUsedError, UnknownOrderError
from store.formats.order_link_v1 import OrderLink
from store.handing_in import hand_in
from store.opened import Store
from store.schema_of_orders import orders as table
from store.words import OrderKind
from tests.canaries import is_in
from tests.store.sealing_under_orders import ordered, seal_under
from tests.store.test_forgetting import told
from tests.stores import Home

ASKING = {"kind": OrderKind.REQUEST, "sender_id": "UDANA", "recipient_id": "UMAYA", "reference": None}
PLACE = Place("D0DANA", "1790000000.000100")


async def count(store: Store) -> int:
    """How many orders there are."""
    async with store.db.read() as tx:
        return len((await tx.execute(table.select())).all())


async def test_the_message_that_asks_is_found_by_what_was_sealed(home: Home) -> None:
    """And by nothing else; where it stands is readable with the month's key only."""
    async with home.open("bot") as bot, home.open() as web:
        link, wanted, public = await ordered(bot, home, **ASKING)
        await requests.remember(bot, link.id, PLACE)
        its, handed = seal_under(public, wanted, web.clock.now_seconds())
        assert await requests.place_for(bot, its.id) is None
        await hand_in(web, link, handed)
        assert await requests.place_for(bot, its.id) == PLACE
        async with bot.db.read() as tx:
            [row] = (await tx.execute(table.select())).all()
        assert not is_in(PLACE.channel.encode(), row.place)
        await requests.remember(bot, secrets.token_bytes(16), PLACE)


async def test_what_was_asked_for_is_taken_back(home: Home) -> None:
    """By whoever asked, once; nobody can seal under it then."""
    async with home.open("bot") as bot, home.open() as web:
        link, wanted, public = await ordered(bot, home, **ASKING)
        await requests.remember(bot, link.id, PLACE)
        _, handed = seal_under(public, wanted, web.clock.now_seconds())
        for other in ("UDANA", "UNOOR", ""):
            with pytest.raises(UnknownOrderError):
                await requests.take_back(bot, link.id, other)
        assert await requests.take_back(bot, link.id, "UMAYA") == PLACE
        for again in (link.id, secrets.token_bytes(16)):
            with pytest.raises(UnknownOrderError):
                await requests.take_back(bot, again, "UMAYA")
        with pytest.raises(UnknownOrderError):
            await hand_in(web, link, handed)


async def test_after_the_sealing_it_is_too_late(home: Home) -> None:
    """And when its time is over there is nothing to take back."""
    async with home.open("bot") as bot, home.open() as web:
        link, wanted, public = await ordered(bot, home, **ASKING)
        its, handed = seal_under(public, wanted, web.clock.now_seconds())
        await hand_in(web, link, handed)
        with pytest.raises(OrderUsedError):
            await requests.take_back(bot, link.id, "UMAYA")
        assert await drops.find(bot, its.id) is not None
        link, _, _ = await ordered(bot, home, **ASKING)
        home.advance_clock(7 * 86_400 + 1)
        with pytest.raises(UnknownOrderError):
            await requests.take_back(bot, link.id, "UMAYA")


async def test_of_sealing_and_taking_back_one_happens(home: Home) -> None:
    """At the same moment, many times: a drop, or a request that was taken back, and never both."""
    async with home.open("bot") as bot, home.open() as web:
        for _ in range(12):
            link, wanted, public = await ordered(bot, home, **ASKING)
            its, handed = seal_under(public, wanted, web.clock.now_seconds())
            sealing, taking = await asyncio.gather(
                hand_in(web, link, handed), requests.take_back(bot, link.id, "UMAYA"), return_exceptions=True
            )
            has_drop = await drops.find(bot, its.id) is not None
            assert has_drop == (sealing is None) == isinstance(taking, OrderUsedError | UnknownOrderError)


async def asked(bot: Store, home: Home, **people: str) -> OrderLink:
    """A request that nobody has answered."""
    link, _, _ = await ordered(bot, home, **{**ASKING, **people})
    await requests.remember(bot, link.id, PLACE)
    return link


async def test_a_person_is_forgotten_in_what_nobody_has_sealed(home: Home) -> None:
    """Whether they were to seal it or to get it; other people's stays."""
    async with home.open("bot") as bot:
        theirs = [await asked(bot, home), await asked(bot, home, sender_id="UNOOR", recipient_id="UDANA")]
        other = await asked(bot, home, sender_id="UNOOR")
        assert (await forgetting.find(bot, "UDANA")).orders == 2
        assert await forgetting.forget_orders(bot, "UDANA") == 2
        assert await forgetting.forget_orders(bot, "UDANA") == 0
        assert (await forgetting.find(bot, "UDANA")) == forgetting.Found()
        for link in theirs:
            with pytest.raises(UnknownOrderError):
                await orders.look(bot, link)
        assert (await orders.look(bot, other)).terms is not None


async def test_a_person_is_forgotten_in_the_order_of_what_is_over(home: Home) -> None:
    """An order is kept a while after it was used; the drop that is forgotten must not be named by it."""
    async with home.open("bot") as bot, home.open() as web:
        link, wanted, public = await ordered(bot, home, **ASKING)
        its, handed = seal_under(public, wanted, web.clock.now_seconds())
        await hand_in(web, link, handed)
        assert await forgetting.forget_orders(bot, "UDANA") == 0
        assert await count(bot) == 1
        await endings.revoke(bot, its.id)
        await told(bot)
        assert await forgetting.forget(bot, its.id, "UDANA") == 1
        assert await count(bot) == 0
