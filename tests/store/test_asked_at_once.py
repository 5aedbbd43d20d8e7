"""One token asks for two things in the same moment, and two bots do them: neither waits for what the other holds."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import text

from store import asked_orders, asked_records, sending_bounds, tokens
from store.opened import Store
from store.words import Scope
from tests.sealed_elsewhere import sealed_record
from tests.store import asking
from tests.store.test_api_tokens import token_for
from tests.store.test_asked_records import asked, owner_of
from tests.stores import Home

_BLOCKED = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


class Held:
    """Whoever has the first of its two locks goes on when the other has one too, or waits for one."""

    def __init__(self, watching: Store) -> None:
        self._watching, self._with_one = watching, set[Any]()

    def after(self, lock: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """The same, and then the wait."""

        async def held(*given: Any, **named: Any) -> Any:
            got = await lock(*given, **named)
            is_first = asyncio.current_task() not in self._with_one
            self._with_one.add(asyncio.current_task())
            while is_first and len(self._with_one) < 2 and not await self._is_one_blocked():  # noqa: ASYNC110 - above
                await asyncio.sleep(0.02)
            return got

        return held

    async def _is_one_blocked(self) -> bool:
        async with self._watching.db.read() as tx:
            return bool(await tx.scalar(_BLOCKED))


@pytest.mark.parametrize("home", ["postgresql"], indirect=True)
async def test_an_order_and_a_record_of_one_token_at_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pace's lock and the token's row are taken in one order everywhere: both are done, and neither is refused."""
    _, record = sealed_record()
    async with home.open("bot") as bot, home.open("bot") as second, home.open() as web:
        token = await token_for(bot, Scope.SEND)
        one = await asked(bot, web, home, token, record)
        owner = await owner_of(bot, home, one)
        _, order = await asking.asked(bot, web, home, token)
        held = Held(web)
        monkeypatch.setattr(sending_bounds, "require_pace", held.after(sending_bounds.require_pace))
        monkeypatch.setattr(tokens, "touch", held.after(tokens.touch))
        async with asyncio.timeout(30):
            done = await asyncio.gather(
                asked_orders.answer(bot, order, asking.TERMS), asked_records.make(second, one, owner)
            )
        assert all(done)
