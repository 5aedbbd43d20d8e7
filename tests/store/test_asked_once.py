"""Of all that a client asks for under one key, one thing is made: at once, later, or for something else."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from store import asked_once, asked_orders, deliveries, endings, orders, sweeper
from store.asked_once import Before
from store.asked_orders import ask_once
from store.errors import AskedOtherwiseError, BeingAskedError
from store.formats.api_token_v1 import ApiToken
from store.formats.asked_order_v1 import Refusal, Wishes
from store.formats.errors import MalformedError
from store.formats.order_link_v1 import OrderLink
from store.handing_in import hand_in
from store.keys import pepper
from store.opened import Store
from store.schema_of_asked_once import asked_once as table
from store.schema_of_orders import orders as all_orders
from store.words import Delivery, Outcome, State
from tests.sealed_elsewhere import published
from tests.store.asking import TERMS, WISHES, given
from tests.store.sealing_under_orders import seal_under
from tests.stores import Home

KEY = "acme-2026-11-29-stripe"
DAY = 86_400


async def asked(store: Store, token: ApiToken, key: str = KEY, wishes: Wishes = WISHES) -> OrderLink:
    """An order that was made of it."""
    link = await ask_once(store, token, wishes, key)
    assert isinstance(link, OrderLink)
    return link


async def answered(bot: Store, link: OrderLink, refusal: Refusal | None = None) -> None:
    """The bot's answer."""
    [one] = [one for one in await asked_orders.waiting(bot) if one.id == link.id]
    if refusal is None:
        assert await asked_orders.answer(bot, one, TERMS)
    else:
        assert await asked_orders.refuse(bot, one, refusal, is_known=True)


async def sealed(bot: Store, home: Home, link: OrderLink) -> bytes:
    """A drop under it, by its id."""
    its, handed = seal_under(await published(bot, home), TERMS, bot.clock.now_seconds())
    await hand_in(bot, link, handed)
    return its.id


async def runs(store: Store, token: ApiToken, wishes: Wishes = WISHES) -> int:
    """It is being done; for how many seconds at most."""
    with pytest.raises(BeingAskedError) as running:
        await ask_once(store, token, wishes, KEY)
    return running.value.retry_after_seconds


async def test_what_was_handed_in_is_told_and_not_made_again(home: Home) -> None:
    """Running while it is asked, ordered and sealed; then the drop, as it stands, until the key is a day old."""
    async with home.open("bot") as bot:
        await published(bot, home)
        token = await given(bot)
        link = await asked(bot, token)
        assert 0 < await runs(bot, token) <= 121
        await answered(bot, link)
        assert 121 < await runs(bot, token) <= 301
        drop_id = await sealed(bot, home, link)
        assert await ask_once(bot, token, WISHES, KEY) == Before(drop_id, State.SEALED, Delivery.PENDING)
        await deliveries.record_delivered(bot, drop_id, None)
        await endings.revoke(bot, drop_id)
        assert await ask_once(bot, token, WISHES, KEY) == Before(drop_id, Outcome.REVOKED, Delivery.DELIVERED)
        home.advance_clock(DAY - 60)
        await sweeper.sweep(bot)
        assert await ask_once(bot, token, WISHES, KEY) == Before(drop_id, Outcome.REVOKED, Delivery.DELIVERED)
        home.advance_clock(120)
        await asked(bot, token)


async def test_another_question_under_the_same_key_is_refused(home: Home) -> None:
    """While the first is running, and when it is done; nothing is ordered."""
    async with home.open("bot") as bot:
        await published(bot, home)
        token = await given(bot)
        link = await asked(bot, token)
        for _ in range(2):
            for changed in ({"to": "@mallory"}, {"template": "stripe"}, {"delivery": "link"}, {"label": None}):
                with pytest.raises(AskedOtherwiseError):
                    await ask_once(bot, token, replace(WISHES, **changed), KEY)
            if (await orders.look(bot, link)).terms is None:
                await answered(bot, link)
                await sealed(bot, home, link)
        async with bot.db.read() as tx:
            assert len((await tx.execute(select(all_orders))).all()) == 1


async def test_a_key_of_which_nothing_came_is_free(home: Home) -> None:
    """Refused, never answered, never sealed under, not delivered: also for another question."""
    async with home.open("bot") as bot:
        await published(bot, home)
        token = await given(bot)
        await answered(bot, await asked(bot, token), Refusal("confirm", ["Dana"]))
        await asked(bot, token, wishes=replace(WISHES, anyway=False))
        home.advance_clock(121)
        link = await asked(bot, token)
        await answered(bot, link)
        home.advance_clock(301)
        await sweeper.sweep(bot)
        link = await asked(bot, token)
        await answered(bot, link)
        drop_id = await sealed(bot, home, link)
        assert await deliveries.record_undelivered(bot, drop_id)
        await asked(bot, token, wishes=replace(WISHES, to="@noor"))


async def test_twelve_at_once_are_one(home: Home) -> None:
    """Through two programs, at first and where the key was free again: one order, and everybody else waits."""
    async with home.open("bot") as bot, home.open() as web:
        await published(bot, home)
        token = await given(bot)
        for _ in range(2):
            some = [ask_once((bot, web)[n % 2], token, WISHES, KEY) for n in range(12)]
            answers = await asyncio.gather(*some, return_exceptions=True)
            [link] = [one for one in answers if isinstance(one, OrderLink)]
            assert sum(isinstance(one, BeingAskedError) for one in answers) == 11, answers
            await answered(bot, link, Refusal("label"))


async def test_a_key_is_one_tokens(home: Home) -> None:
    """Nobody learns by a key what somebody else has sent."""
    async with home.open("bot") as bot:
        await published(bot, home)
        one, other = await given(bot), await given(bot, "USAM")
        await asked(bot, one)
        await asked(bot, other, wishes=replace(WISHES, to="@noor"))
        await asked(bot, one, key=f"{KEY}2")


async def test_a_key_outlives_a_rotated_pepper(home: Home) -> None:
    """Or the day on which it is rotated would send twice; and the old pepper goes when the key does."""
    async with home.open("bot") as bot:
        await published(bot, home)
        token = await given(bot)
        link = await asked(bot, token)
        await pepper.rotate(bot, home.signing)
        await runs(bot, token)
        with pytest.raises(AskedOtherwiseError):
            await ask_once(bot, token, replace(WISHES, to="@noor"), KEY)
        await answered(bot, link, Refusal("label"))
        await asked(bot, token)
        home.advance_clock(7200)
        assert await pepper.forget(bot) == 0
        home.advance_clock(DAY)
        assert await pepper.forget(bot) == 1


async def test_nothing_of_it_stands_in_clear_and_it_is_swept(home: Home) -> None:
    """Neither key nor question nor link nor an order's token; and after a day not a row."""
    async with home.open("bot") as bot:
        await published(bot, home)
        token = await given(bot)
        link = await asked(bot, token)
        async with bot.db.read() as tx:
            [row] = (await tx.execute(select(table))).all()
        whole = b"".join(x if isinstance(x, bytes) else str(x).encode() for x in row)
        for canary in (KEY.encode(), b"@dana", b"Stripe", link.token, token.id, token.secret):
            assert canary not in whole
        home.advance_clock(DAY + 1)
        assert await asked_once.sweep(bot) == 1
        assert await asked_once.sweep(bot) == 0


@pytest.mark.parametrize("key", ["", " ", "a b", "x" * 256, "é", "a\n", "\x7f"])
async def test_what_is_no_key(home: Home, key: str) -> None:
    """1 to 255 visible characters of ASCII."""
    async with home.open("bot") as bot:
        await published(bot, home)
        with pytest.raises(MalformedError):
            await ask_once(bot, await given(bot), WISHES, key)
