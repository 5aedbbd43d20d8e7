"""A client's own repetition finds what its first question made, wherever the answer was lost; nobody else's does."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from store import asked_once, asked_orders, orders
from store.asked_once import Before
from store.asked_orders import ask_once
from store.errors import AskedOtherwiseError, BeingAskedError
from store.formats import attempt_v1
from store.formats.api_token_v1 import ApiToken
from store.formats.asked_order_v1 import Refusal, Wishes
from store.formats.errors import MalformedError
from store.formats.order_link_v1 import OrderLink
from store.handing_in import hand_in
from store.opened import Store
from store.schema import drops
from store.schema_of_asked_once import asked_once as keys
from store.schema_of_orders import orders as all_orders
from store.words import Delivery, OrderState, State
from tests.sealed_elsewhere import published
from tests.store.asking import TERMS, WISHES, given
from tests.store.faults import Crash, dying
from tests.store.sealing_under_orders import seal_under
from tests.store.test_asked_once import KEY, answered
from tests.stores import Home

ATTEMPT = "attempt-0123456789"
OTHER = "attempt-9876543210"


async def asked(
    store: Store, token: ApiToken, attempt: str | None = ATTEMPT, wishes: Wishes = WISHES, key: str = KEY
) -> OrderLink:
    """The order that comes of it."""
    link = await ask_once(store, token, wishes, key, attempt)
    assert isinstance(link, OrderLink)
    return link


async def test_the_same_attempt_is_told_the_same(home: Home) -> None:
    """While it is asked, ordered, and refused, through either program; once it is handed in, the drop; one order."""
    async with home.open("bot") as bot, home.open() as web:
        public, token = await published(bot, home), await given(bot)
        link = await asked(bot, token)
        assert await asked(web, token) == link
        await answered(bot, link, Refusal("label"))
        assert await asked(web, token) == link
        assert (await orders.look(web, link)).state is OrderState.REFUSED
        # Asked anew, as a client does that has mended what was wrong.
        second = await asked(web, token, OTHER)
        assert second != link
        await answered(bot, second)
        assert await asked(web, token, OTHER) == second
        its, handed = seal_under(public, TERMS, bot.clock.now_seconds())
        await hand_in(web, second, handed)
        for attempt in (ATTEMPT, OTHER, None):
            assert await ask_once(web, token, WISHES, KEY, attempt) == Before(its.id, State.SEALED, Delivery.PENDING)
        async with bot.db.read() as tx:
            assert await tx.scalar(select(func.count()).select_from(drops)) == 1
            assert await tx.scalar(select(func.count()).select_from(all_orders)) == 2


@pytest.mark.parametrize("first", [ATTEMPT, None])
async def test_nobody_elses_order_is_told(home: Home, first: str | None) -> None:
    """Another attempt, or none, hears that it is being done; another question, that it is another."""
    async with home.open("bot") as bot:
        await published(bot, home)
        token = await given(bot)
        link = await asked(bot, token, first)
        for attempt in {ATTEMPT, OTHER, None} - {first} | ({None} if first is None else set()):
            with pytest.raises(BeingAskedError):
                await ask_once(bot, token, WISHES, KEY, attempt)
        with pytest.raises(AskedOtherwiseError):
            await ask_once(bot, token, replace(WISHES, to="@mallory"), KEY, first)
        # Another key and another token: orders of their own, whose tokens the first one's does not tell.
        others = [await asked(bot, token, key="another"), await asked(bot, await given(bot, "USAM"))]
        assert len({link.id, *(one.id for one in others)}) == 3
        assert len({link.token, *(one.token for one in others)}) == 3


async def test_what_is_over_is_asked_anew(home: Home) -> None:
    """Never answered, never sealed under, and a refusal that is kept no more: another order, of the same attempt."""
    async with home.open("bot") as bot:
        await published(bot, home)
        token = await given(bot)
        links = [await asked(bot, token)]
        home.advance_clock(121)
        links.append(await asked(bot, token))
        await answered(bot, links[-1])
        home.advance_clock(301)
        links.append(await asked(bot, token))
        await answered(bot, links[-1], Refusal("label"))
        home.advance_clock(301)
        links.append(await asked(bot, token))
        assert len({one.id for one in links}) == 4
        assert await asked(bot, token) == links[-1]


async def test_another_question_after_a_refusal(home: Home) -> None:
    """Even in the same attempt it is another question, and is not answered with the refusal of the first."""
    async with home.open("bot") as bot:
        await published(bot, home)
        token = await given(bot)
        link = await asked(bot, token)
        await answered(bot, link, Refusal("confirm", ["Dana"]))
        assert await asked(bot, token, wishes=replace(WISHES, label="Mended")) != link


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("is_free_before", [False, True])
async def test_a_program_that_dies_over_it(home: Home, is_free_before: bool, after: bool) -> None:
    """Before its commit or behind it: whoever asks again has an order, and there is one."""
    async with home.open("bot") as bot, home.open() as web:
        await published(bot, home)
        token = await given(bot)
        if is_free_before:
            await answered(bot, await asked(bot, token, OTHER), Refusal("label"))
        doomed, _ = dying(web, 1, after=after)
        with pytest.raises(Crash):
            await ask_once(doomed, token, WISHES, KEY, ATTEMPT)
        link = await asked(web, token)
        assert await asked(web, token) == link
        [waiting] = await asked_orders.waiting(bot)
        assert waiting.id == link.id


@pytest.mark.parametrize("is_free_before", [False, True])
async def test_a_repetition_that_overtakes(home: Home, is_free_before: bool) -> None:
    """Twelve of one attempt at once, through two programs: all are told of one order, none that it is another's."""
    async with home.open("bot") as bot, home.open() as web:
        await published(bot, home)
        token = await given(bot)
        if is_free_before:
            await answered(bot, await asked(bot, token, OTHER), Refusal("label"))
        some = [asked((bot, web)[n % 2], token) for n in range(12)]
        assert len(set(await asyncio.gather(*some))) == 1
        assert len(await asked_orders.waiting(bot)) == 1


# On SQLite there is one writer, and nobody comes in between.
@pytest.mark.parametrize("home", ["postgresql"], indirect=True)
@pytest.mark.parametrize("first", [ATTEMPT, OTHER])
async def test_a_key_that_was_free_a_moment_ago(home: Home, first: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two find it free: the second goes on with what the first has made, if that is its own, and else waits."""
    async with home.open("bot") as bot, home.open() as web:
        await published(bot, home)
        token = await given(bot)
        await answered(bot, await asked(bot, token, "attempt-of-yesterday"), Refusal("label"))
        faster: list[OrderLink] = []
        moved = asked_once._moved

        async def overtaken(*given: Any) -> bool:
            if not faster:
                faster.append(OrderLink(bytes(16), bytes(32)))
                faster[0] = await asked(web, token, first)
            return await moved(*given)

        monkeypatch.setattr(asked_once, "_moved", overtaken)
        if first == ATTEMPT:
            assert [await asked(bot, token)] == faster
        else:
            with pytest.raises(BeingAskedError):
                await asked(bot, token)
        assert len(await asked_orders.waiting(bot)) == 1


async def test_what_is_kept_tells_no_token(home: Home) -> None:
    """Neither the attempt nor what is made of it stands in the database."""
    async with home.open("bot") as bot:
        await published(bot, home)
        link = await asked(bot, await given(bot))
        async with bot.db.read() as tx:
            rows = [*(await tx.execute(select(all_orders))).all(), *(await tx.execute(select(keys))).all()]
        whole = b"".join(x if isinstance(x, bytes) else str(x).encode() for row in rows for x in row)
        assert ATTEMPT.encode() not in whole
        assert link.token not in whole


@pytest.mark.parametrize("attempt", ["", "x" * 15, "x" * 256, "a b" * 8, "é" * 20, "x" * 20 + "\n"])
def test_what_is_no_attempt(attempt: str) -> None:
    """16 to 255 visible characters of ASCII."""
    with pytest.raises(MalformedError):
        attempt_v1.require_attempt(attempt)


def test_an_orders_token_is_spelled_so() -> None:
    """Frozen: two releases beside each other must tell the same."""
    token = ApiToken(bytes(range(12)), bytes(range(32)))
    made = attempt_v1.order_token(token, "k", ATTEMPT, bytes(16))
    assert made.hex() == "24163895bc53d55e1394b44ed896173304faff979f8726d781680e0d05e76d2b"
