"""A key is asked for again at the very end of its order, while somebody else answers that order or seals under it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import func, select, text

from store import asked_once, tokens
from store.asked_once import Before
from store.asked_orders import ask_once
from store.errors import BeingAskedError
from store.formats.api_token_v1 import ApiToken
from store.formats.order_link_v1 import OrderLink
from store.handing_in import hand_in
from store.opened import Store
from store.schema import drops
from store.words import Delivery, State
from tests.sealed_elsewhere import published
from tests.store.asking import TERMS, WISHES, given
from tests.store.sealing_under_orders import seal_under
from tests.store.test_asked_once import KEY, answered, asked
from tests.stores import Home

# On SQLite one writer waits for the other before it looks at anything.
pytestmark = pytest.mark.parametrize("home", ["postgresql"], indirect=True)

Asking = asyncio.Task[OrderLink | Before]


class Again:
    """Somebody who asks again once the time of the order is over, and is as far as they come while a commit waits."""

    def __init__(self, home: Home, web: Store, token: ApiToken, seconds: int) -> None:
        self._home = home
        self._web = web
        self._token = token
        self._seconds = seconds
        self.task: Asking | None = None

    def after(self, real: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """What does the same as `real`, and has them ask before the commit, once."""

        async def then_ask(*given: Any, **facts: Any) -> Any:
            done = await real(*given, **facts)
            if self.task is None:
                self._home.advance_clock(self._seconds)
                self.task = asyncio.create_task(ask_once(self._web, self._token, WISHES, KEY))
                await self._waits_or_is_over(self.task)
            return done

        return then_ask

    async def _waits_or_is_over(self, task: Asking) -> None:
        waits = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        async with asyncio.timeout(20):
            while not task.done():
                async with self._web.db.read() as tx:
                    if await tx.scalar(text(waits)):
                        return
                await asyncio.sleep(0.01)

    async def answer(self) -> OrderLink | Before:
        """What they hear."""
        assert self.task is not None
        return await self.task


async def test_it_is_sealed_under_just_now(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """They hear of the drop that comes of it, and get no order for another."""
    async with home.open("bot") as bot, home.open() as web:
        public, token = await published(bot, home), await given(bot)
        link = await asked(bot, token)
        await answered(bot, link)
        its, handed = seal_under(public, TERMS, bot.clock.now_seconds())
        again = Again(home, web, token, 301)
        monkeypatch.setattr(asked_once, "settle", again.after(asked_once.settle))
        await hand_in(bot, link, handed)
        assert await again.answer() == Before(its.id, State.SEALED, Delivery.PENDING)
        assert await ask_once(web, token, WISHES, KEY) == Before(its.id, State.SEALED, Delivery.PENDING)


async def test_it_is_answered_just_now(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """They hear that it is being done, until what was ordered is sealed: one drop."""
    async with home.open("bot") as bot, home.open() as web:
        public, token = await published(bot, home), await given(bot)
        link = await asked(bot, token)
        again = Again(home, web, token, 121)
        monkeypatch.setattr(tokens, "record_use", again.after(tokens.record_use))
        await answered(bot, link)
        with pytest.raises(BeingAskedError):
            await again.answer()
        its, handed = seal_under(public, TERMS, bot.clock.now_seconds())
        await hand_in(bot, link, handed)
        assert await ask_once(web, token, WISHES, KEY) == Before(its.id, State.SEALED, Delivery.PENDING)
        async with bot.db.read() as tx:
            assert await tx.scalar(select(func.count()).select_from(drops)) == 1
