"""A key is retired while what it signed for is used: one comes after the other, and neither is turned away for it."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import text

from store import asked_once, token_reads, tokens
from store.errors import UnknownTokenError
from store.handing_in import hand_in
from store.opened import Store
from store.orders import place
from store.words import Event, Read, Scope
from tests.keys.test_retiring import leaked, retired
from tests.sealed_elsewhere import published
from tests.store.sealing_under_orders import seal_under, terms
from tests.store.test_tokens import said
from tests.stores import Home

# On SQLite one writer waits for the other before it looks at anything.
pytestmark = pytest.mark.parametrize("home", ["postgresql"], indirect=True)


def and_then(real: Callable[..., Awaitable[Any]], act: Callable[[], Awaitable[None]]) -> Callable[..., Awaitable[Any]]:
    """What does the same as `real`, and `act` before the transaction in which it stands goes on, once."""
    is_done = False

    async def both(*given: Any, **facts: Any) -> Any:
        nonlocal is_done
        done = await real(*given, **facts)
        if not is_done:
            is_done = True
            await act()
        return done

    return both


async def waits(store: Store, task: "asyncio.Task[Any]") -> None:
    """Until it is as far as it comes."""
    locked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with asyncio.timeout(20):
        while not task.done():
            async with store.db.read() as tx:
                if await tx.scalar(text(locked)):
                    return
            await asyncio.sleep(0.01)


async def test_a_token_is_used_as_its_key_is_retired(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The use that has begun is on record; then the token is over."""
    async with leaked(home) as (bot, thief, kid):
        token, _ = await tokens.make(thief, "T1", "U1", scopes=frozenset({Scope.READ}))
        begun: list[asyncio.Task[None]] = []

        async def retire() -> None:
            begun.append(asyncio.create_task(retired(bot, home, kid)))
            await waits(bot, begun[0])

        monkeypatch.setattr(tokens, "touch", and_then(tokens.touch, retire))
        await token_reads.record(thief, token.id, Read.LIST)
        await begun[0]
        assert [one["token"] for one in await said(bot, Event.TOKEN_USED)] == [token.id_text]
        assert [one["token"] for one in await said(bot, Event.TOKEN_REVOKED)] == [token.id_text]
        with pytest.raises(UnknownTokenError):
            await token_reads.record(bot, token.id, Read.LIST)


async def test_something_is_sealed_under_an_order_as_its_key_is_retired(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was handed in first stays: the log takes it by its position."""
    async with leaked(home) as (bot, thief, kid):
        public, link = await published(bot, home), await place(thief, terms())
        its, handed = seal_under(public, terms(), bot.clock.now_seconds())
        begun: list[asyncio.Task[None]] = []

        async def retire() -> None:
            begun.append(asyncio.create_task(retired(bot, home, kid)))
            await waits(bot, begun[0])

        monkeypatch.setattr(asked_once, "settle", and_then(asked_once.settle, retire))
        await hand_in(thief, link, handed)
        await begun[0]
        assert its.id in await drops_made(bot)


async def drops_made(store: Store) -> list[bytes]:
    """Every drop that an event says was created."""
    async with store.db.read() as tx:
        made = await tx.execute(text("SELECT drop_id FROM events WHERE event = 'drop.created'"))
        return [bytes(one) for one in made.scalars().all()]
