"""An order that a client asks for is answered once, for whoever has the token and for nothing but what they asked."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from store import asked_orders, orders, personal, tokens, vouching
from store.drops import find
from store.errors import NoBotError, UnknownOrderError, UnknownTokenError
from store.formats.asked_order_v1 import Asked, Refusal
from store.handing_in import hand_in
from store.log.who_may_say import believed
from store.schema import drops
from store.schema_of_orders import orders as table
from store.schema_of_tokens import tokens as all_tokens
from store.words import Actor, Event, OrderState, SealedBy
from tests.sealed_elsewhere import published
from tests.store.asking import TERMS, WISHES, asked, given, owner_of
from tests.store.sealing_under_orders import seal_under
from tests.store.test_tokens import said
from tests.stores import Home


async def test_from_the_question_to_the_drop(home: Home) -> None:
    """Asked, open, used: the drop says that a client sealed it, and the bot may deliver it."""
    async with home.open("bot") as bot, home.open() as web:
        token = await given(bot)
        link, one = await asked(bot, web, home, token)
        assert (await orders.look(web, link)).state is OrderState.ASKED
        assert await owner_of(bot, home, one) == "UMAYA"
        assert await asked_orders.answer(bot, one, TERMS)
        assert not await asked_orders.answer(bot, one, TERMS)
        seen = await orders.look(web, link)
        assert (seen.state, seen.terms) == (OrderState.OPEN, TERMS)
        assert seen.until - seen.present <= 300_000
        its, handed = seal_under(await published(bot, home), TERMS, web.clock.now_seconds())
        await hand_in(web, link, handed)
        drop = await find(web, its.id)
        assert drop is not None
        async with bot.db.read() as tx:
            assert await tx.scalar(select(drops.c.sealed_by)) == SealedBy.CLIENT
        assert await vouching.ordered(bot, drop, believed(home.signing))
        [used] = await said(bot, Event.TOKEN_USED)
        assert (used["token"], used["answer"], str(used["order"])[:3]) == (token.id_text, "open", "or_")
        assert (await tokens.find(web, token))[1].used_at is not None


async def test_a_refusal_is_told_to_whoever_asked(home: Home) -> None:
    """With the people it is about; nothing can be sealed under it."""
    async with home.open("bot") as bot, home.open() as web:
        link, one = await asked(bot, web, home, await given(bot))
        assert await asked_orders.refuse(bot, one, Refusal("ambiguous", ["Dana", "Dana P."]), is_known=True)
        seen = await orders.look(web, link)
        assert (seen.state, seen.refusal) == (OrderState.REFUSED, Refusal("ambiguous", ["Dana", "Dana P."]))
        _, handed = seal_under(await published(bot, home), TERMS, web.clock.now_seconds())
        with pytest.raises(UnknownOrderError):
            await hand_in(web, link, handed)
        assert await asked_orders.waiting(bot) == []


async def test_what_was_asked_cannot_be_changed_in_the_database(home: Home) -> None:
    """Another recipient, or the same proof in another row: nobody asks for that."""
    async with home.open("bot") as bot, home.open() as web:
        token = await given(bot)
        _, one = await asked(bot, web, home, token)
        other = replace(one.asked, wishes=replace(WISHES, to="@mallory"))
        with pytest.raises(UnknownTokenError):
            await owner_of(bot, home, replace(one, asked=other))
        _, two = await asked(bot, web, home, token)
        with pytest.raises(UnknownTokenError):
            await owner_of(bot, home, replace(two, asked=replace(two.asked, proof=one.asked.proof)))
        home.advance_clock(121)
        with pytest.raises(UnknownTokenError):
            await owner_of(bot, home, one)


async def test_a_token_that_ends_meanwhile_orders_nothing(home: Home) -> None:
    """Before the bot looks, and between its look and its answer; nothing of that answer is kept."""
    async with home.open("bot") as bot, home.open() as web:
        token = await given(bot)
        link, one = await asked(bot, web, home, token)
        await tokens.revoke(bot, token.id, by=Actor.SENDER)
        with pytest.raises(UnknownTokenError):
            await owner_of(bot, home, one)
        with pytest.raises(UnknownTokenError):
            await asked_orders.answer(bot, one, TERMS)
        assert (await orders.look(web, link)).state is OrderState.ASKED
        assert await asked_orders.refuse(bot, one, Refusal("no-token"), is_known=False)
        assert await said(bot, Event.TOKEN_USED) == []


async def test_a_question_waits_two_minutes(home: Home) -> None:
    """Then it is over: no bot answers it, and nobody is told of it."""
    async with home.open("bot") as bot, home.open() as web:
        link, one = await asked(bot, web, home, await given(bot))
        home.advance_clock(121)
        assert await asked_orders.waiting(bot) == []
        assert not await asked_orders.answer(bot, one, TERMS)
        with pytest.raises(UnknownOrderError):
            await orders.look(web, link)


async def test_a_damaged_row_keeps_no_other_waiting(home: Home) -> None:
    """What is no question is passed over."""
    async with home.open("bot") as bot, home.open() as web:
        token = await given(bot)
        link, one = await asked(bot, web, home, token)
        key = bot.months.to_write(one.month)
        async with bot.db.write() as tx:
            nonsense = personal.seal_order(key, one.id, "{}")
            await tx.execute(update(table).where(table.c.id == link.id).values(personal=nonsense))
        _, two = await asked(bot, web, home, token)
        assert [waits.id for waits in await asked_orders.waiting(bot)] == [two.id]


async def test_nothing_in_clear_and_no_token_at_all(home: Home) -> None:
    """The row has neither wishes nor token as they are, and without a bot nothing is taken."""
    async with home.open("bot") as bot, home.open() as web:
        token = await given(bot)
        with pytest.raises(NoBotError):
            await asked_orders.ask(web, token, WISHES)
        _, one = await asked(bot, web, home, token)
        async with bot.db.read() as tx:
            [row] = (await tx.execute(select(table))).all()
            [held] = (await tx.execute(select(all_tokens))).all()
        whole = b"".join(x if isinstance(x, bytes) else str(x).encode() for x in (*row, *held))
        opened = Asked.parse(one.asked.encode()).encode()
        for canary in (token.secret, token.text.encode(), b"@dana", b"Stripe"):
            assert canary not in whole
        assert token.text not in opened
