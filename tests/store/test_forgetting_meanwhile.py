"""Somebody is forgotten in a record while its whole month is: one comes after the other, and neither is turned away."""

import asyncio

import pytest

from store import forgetting_records, record_endings, records, retention
from store.records import Named
from store.words import Actor
from tests.keys.test_retiring_meanwhile import and_then, waits
from tests.stores import Home
from tests.verifying.attacked import checked, failed

# On SQLite one writer waits for the other before it looks at anything.
pytestmark = pytest.mark.parametrize("home", ["postgresql"], indirect=True)


async def test_a_person_and_their_month_are_forgotten_at_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both hold the record before its disclosures: the other order has each wait for the other, and one fails."""
    home.hold_clock()
    async with home.open("bot") as bot:
        named = Named("a key", owner="U0MAYA", recipient="U0DANA")
        key, _ = await records.make(bot, named, "x", lives_seconds=3600, by=Actor.SENDER)
        await record_endings.revoke(bot, key.id, by=Actor.SENDER)
        home.advance_clock(95 * 86_400)
        later, _ = await records.make(bot, named, "x", lives_seconds=3600, by=Actor.SENDER)
        begun: list[asyncio.Task[retention.Swept]] = []

        async def sweep() -> None:
            begun.append(asyncio.create_task(retention.sweep(bot, 2)))
            await waits(bot, begun[0])

        monkeypatch.setattr(forgetting_records, "_making", and_then(forgetting_records._making, sweep))
        assert await forgetting_records.forget(bot, key.id, "U0MAYA") == 1
        assert len((await begun[0]).forgotten) == 1
        assert (await records.find(bot, key.id)).named is None
        assert (await records.find(bot, later.id)).named == named
    assert failed(await asyncio.to_thread(checked, home)) == []
