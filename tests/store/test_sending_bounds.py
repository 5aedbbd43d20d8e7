"""How much one person may send: counted over every way in and every program, and nothing is left of what is refused."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest

from store import asked_orders, creation, endings, orders, requests, sending_bounds
from store import events as log_events
from store.deliveries import Place
from store.errors import SendingTooOftenError, TooManyOpenError
from store.opened import Store
from store.schema import drops
from store.schema_of_orders import orders as table
from store.words import OrderKind
from tests.store.asking import TERMS, asked, given
from tests.store.recording import key_files
from tests.store.sealing_under_orders import terms
from tests.store.test_record_bounds import owned
from tests.stores import Home, seal


async def sent(store: Store, person: str = "UMAYA") -> bytes:
    """The id of a drop of somebody's."""
    new = seal(sender_id=person).new
    await creation.create(store, new)
    return new.id


async def wanted(store: Store, person: str = "UMAYA", whom: str = "UDANA") -> bytes:
    """The id of a request of somebody's."""
    return (await orders.place(store, terms(kind=OrderKind.REQUEST, sender_id=whom, recipient_id=person))).id


async def rows(store: Store, home: Home) -> tuple[int, int, int]:
    """How many drops and orders there are, and keys of records and drops."""
    async with store.db.read() as tx:
        counts = [len((await tx.execute(one.select())).all()) for one in (drops, table)]
    files = [path for path in (home.keyring / "drops").rglob("*") if path.is_file()]
    return counts[0], counts[1], len(files) + len(key_files(store))


async def test_so_many_in_ten_minutes(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Drops, pages, requests and records together, ended or not; it is said when there is room, and then there is."""
    monkeypatch.setattr(sending_bounds, "MOST_IN_WINDOW", 4)
    home.hold_clock()
    async with home.open("bot") as bot, home.open() as web:
        await endings.revoke(bot, await sent(bot))
        home.advance_clock(60)
        await orders.place(bot, terms())
        await wanted(bot)
        await owned(bot)
        _, one = await asked(bot, web, home, await given(bot))
        before = await rows(bot, home)
        ways: list[Callable[[], Awaitable[object]]] = [
            lambda: sent(bot),
            lambda: orders.place(bot, terms()),
            lambda: wanted(bot),
            lambda: owned(bot),
            lambda: asked_orders.answer(bot, one, TERMS),
        ]
        for way in ways:
            with pytest.raises(SendingTooOftenError) as refused:
                await way()
            assert refused.value.retry_after_seconds == 540
        assert await rows(bot, home) == before
        with pytest.raises(SendingTooOftenError) as refused:
            await sending_bounds.require_room(bot, "UMAYA", 2)
        assert refused.value.retry_after_seconds >= 600
        await sent(bot, "UNOOR")
        home.advance_clock(540)
        await sent(bot)
        with pytest.raises(SendingTooOftenError):
            await sent(bot)


async def test_whom_everybody_asks_may_send(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request counts for whoever asks: nobody is kept from sending by what others want, until its last minute."""
    monkeypatch.setattr(sending_bounds, "MOST_IN_WINDOW", 1)
    async with home.open("bot") as bot:
        # People have other names each month: all seven days are of one.
        today = datetime.fromtimestamp(bot.clock.now_seconds(), UTC)
        home.advance_clock((32 - today.day) * 86_400 if today.day > 20 else 0)
        await sent(bot, "UDANA")
        order = await wanted(bot, "UMAYA", "UDANA")
        await requests.remember(bot, order, Place("D0DANA", "1790000000.000100"))
        with pytest.raises(SendingTooOftenError):
            await sent(bot, "UMAYA")
        with monkeypatch.context() as one_more:
            one_more.setattr(sending_bounds, "MOST_IN_WINDOW", 2)
            await sent(bot, "UDANA")
        home.advance_clock(7 * 86_400 - 60)
        await sent(bot, "UDANA")


async def test_two_at_once_are_no_more_than_one(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two programs: the second counts when the first has made its own, however long both wait behind their count."""
    monkeypatch.setattr(sending_bounds, "MOST_IN_WINDOW", 1)
    arrived, both = [], asyncio.Event()
    say = log_events.append

    async def behind_the_count(*said: Any, **more: Any) -> Any:
        arrived.append(said)
        if len(arrived) == 2:
            both.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(both.wait(), 1)
        return await say(*said, **more)

    async with home.open("bot") as one, home.open("bot") as other:
        monkeypatch.setattr(log_events, "append", behind_the_count)
        done = await asyncio.gather(sent(one), sent(other), return_exceptions=True)
        assert sorted(type(each).__name__ for each in done) == ["SendingTooOftenError", "bytes"]
        assert (await rows(one, home))[0] == 1


async def test_so_many_open_at_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every month, and requests with them; what is over makes room, and nobody else's counts."""
    monkeypatch.setattr(sending_bounds, "MOST_OPEN", 2)
    async with home.open("bot") as bot:
        first = seal(lives_seconds=90 * 86_400).new
        await creation.create(bot, first)
        home.advance_clock(40 * 86_400)
        await wanted(bot)
        for way in (sent, wanted):
            with pytest.raises(TooManyOpenError):
                await way(bot)
        await wanted(bot, "UDANA", "UMAYA")
        await endings.revoke(bot, first.id)
        await sent(bot)
        with pytest.raises(TooManyOpenError):
            await sent(bot)
