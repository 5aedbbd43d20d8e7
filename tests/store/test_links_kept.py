"""Drops whose links their sealer keeps: no sealed link is taken, and a bot has fifteen minutes to look into each."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from store import deliveries, endings, links_kept, orders, sweeper
from store.drops import find
from store.errors import UnacceptableDropError
from store.formats import delivery_v1
from store.handing_in import hand_in
from store.schema_of_deliveries import deliveries as sealed_links
from store.words import Delivery, OrderKind, Outcome, SealedBy, Way
from tests.sealed_elsewhere import published
from tests.store.sealing_under_orders import ordered, seal_under
from tests.stores import Home

KEPT = {"way": "shown", "kind": OrderKind.CLIENT}


async def test_it_waits_for_a_bot_and_leaves_no_link(home: Home) -> None:
    """Found once, until it is on record; the row of links on their way is never made."""
    async with home.open("bot") as bot, home.open() as web:
        link, wanted, public = await ordered(bot, home, **KEPT)
        its, handed = seal_under(public, wanted, web.clock.now_seconds())
        assert handed.sealed_link is None
        await hand_in(web, link, handed)
        await hand_in(web, link, handed)
        drop = await find(bot, its.id)
        assert drop is not None
        assert (drop.way, drop.sealed_by, drop.delivery) == (Way.SHOWN, SealedBy.CLIENT, Delivery.PENDING)
        assert list(await links_kept.waiting(bot.db)) == [its.id]
        async with bot.db.read() as tx:
            assert (await tx.execute(select(sealed_links))).all() == []
        assert await deliveries.record_delivered(bot, its.id, None)
        assert list(await links_kept.waiting(bot.db)) == []


async def test_what_no_bot_looks_into_ends(home: Home) -> None:
    """Not after the three minutes of a link in a bot's hand, but after fifteen; and what has ended waits no more."""
    async with home.open("bot") as bot:
        found = []
        for _ in range(2):
            link, wanted, public = await ordered(bot, home, **KEPT)
            its, handed = seal_under(public, wanted, bot.clock.now_seconds())
            await hand_in(bot, link, handed)
            found.append(its.id)
        await endings.revoke(bot, found[0])
        home.advance_clock(890)
        await sweeper.sweep(bot)
        assert list(await links_kept.waiting(bot.db)) == found[1:]
        home.advance_clock(20)
        assert list(await links_kept.waiting(bot.db)) == []
        await sweeper.sweep(bot)
        drop = await find(bot, found[1])
        assert drop is not None
        assert drop.outcome is Outcome.UNDELIVERED


async def test_a_sealed_link_goes_where_it_is_delivered_and_only_there(home: Home) -> None:
    """With one too many the bot would hold a link key that it was not to have; without one nobody would deliver."""
    async with home.open("bot") as bot:
        for way, is_sealed in (("shown", True), ("dm", False), ("mail", False)):
            link, wanted, public = await ordered(bot, home, kind=OrderKind.CLIENT, way=way)
            its, handed = seal_under(public, wanted, bot.clock.now_seconds())
            to_bot = delivery_v1.seal(await published(bot, home), its.id, its.url(bot.issuer)) if is_sealed else None
            with pytest.raises(UnacceptableDropError, match="sealed to the bot"):
                await hand_in(bot, link, replace(handed, sealed_link=to_bot))
            assert await find(bot, its.id) is None
            assert (await orders.look(bot, link)).drop_id is None
