"""The bounds of somebody's records: how many at once, and for how long; nothing is left of one that is refused."""

import asyncio
from contextlib import suppress
from typing import Any

import pytest

from store import asked_records, record_bounds, record_endings, records
from store import events as log_events
from store.errors import RecordTooLongError, TooManyRecordsError
from store.formats.record_key_v1 import RecordKey
from store.opened import Store
from store.record_names import MOST_SECONDS, MOST_SECONDS_OF_ONE
from store.records import Named
from store.words import Actor, Scope
from tests.sealed_elsewhere import sealed_record as sealed
from tests.store.recording import VALUE, key_files, words
from tests.store.test_api_tokens import token_for
from tests.store.test_asked_records import asked, owner_of
from tests.stores import Home


async def owned(store: Store, owner: str | None = "UMAYA", lives_seconds: int = 80 * 86_400) -> RecordKey:
    """The key of a new record of somebody's."""
    named = Named("Key", owner=owner)
    return (await records.make(store, named, VALUE, lives_seconds=lives_seconds, by=Actor.SENDER))[0]


async def test_so_many_at_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of every month together; one that ended makes room, and neither another's counts nor the server's own."""
    monkeypatch.setattr(record_bounds, "MOST_LIVE", 3)
    async with home.open("bot") as bot:
        first = await owned(bot)
        home.advance_clock(40 * 86_400)
        for _ in range(2):
            await owned(bot)
        keys = key_files(bot)
        with pytest.raises(TooManyRecordsError):
            await owned(bot)
        assert key_files(bot) == keys
        assert await words(bot) == ["created"] * 3
        await owned(bot, "USAM")
        await owned(bot, None)
        await record_endings.revoke(bot, first.id)
        await owned(bot)
        with pytest.raises(TooManyRecordsError):
            await owned(bot)


async def test_two_at_once_are_no_more_than_one(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second counts when the first has made its own; each waits a while for the other behind its count."""
    monkeypatch.setattr(record_bounds, "MOST_LIVE", 1)
    arrived, both = [], asyncio.Event()
    say = log_events.append_without_drop

    async def behind_the_count(*said: Any, **more: Any) -> Any:
        arrived.append(said)
        if len(arrived) == 2:
            both.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(both.wait(), 1)
        return await say(*said, **more)

    async with home.open("bot") as bot:
        monkeypatch.setattr(log_events, "append_without_drop", behind_the_count)
        done = await asyncio.gather(owned(bot), owned(bot), return_exceptions=True)
        assert sorted(type(one).__name__ for one in done) == ["RecordKey", "TooManyRecordsError"]
        assert len(await records.everything(bot)) == len(key_files(bot)) == 1


async def test_somebodys_record_lives_for_a_year_at_most(home: Home) -> None:
    """The names of its month are kept for as long; whoever runs the server may decide that for ten."""
    async with home.open("bot") as bot:
        await owned(bot, lives_seconds=MOST_SECONDS_OF_ONE)
        await owned(bot, None, lives_seconds=MOST_SECONDS)
        keys = key_files(bot)
        with pytest.raises(RecordTooLongError):
            await owned(bot, lives_seconds=MOST_SECONDS_OF_ONE + 86_400)
        assert key_files(bot) == keys


async def test_a_record_that_a_client_asks_for_is_within_them(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """However it came past the web program, nothing of it is left, and it can be refused with its reason."""
    monkeypatch.setattr(record_bounds, "MOST_LIVE", 1)
    async with home.open("bot") as bot, home.open() as web:
        token = await token_for(bot, Scope.SEND)
        for changed, error in (
            ({"lives_seconds": MOST_SECONDS_OF_ONE + 86_400}, RecordTooLongError),
            ({}, None),
            ({}, TooManyRecordsError),
        ):
            one = await asked(bot, web, home, token, sealed(**changed)[1])
            owner = await owner_of(bot, home, one)
            keys = key_files(bot)
            if error is None:
                assert await asked_records.make(bot, one, owner)
                continue
            with pytest.raises(error):
                await asked_records.make(bot, one, owner)
            assert key_files(bot) == keys
            assert one in await asked_records.waiting(bot)
