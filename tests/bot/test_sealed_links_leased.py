"""Links that others sealed, in the hands of bots that die, wait, lack a key, or cannot record what they did."""

import asyncio
from functools import partial
from typing import Any

import pytest

from bot.sealed_deliveries import SealedDeliveries
from bot.slack_calls import SlackBusyError
from sandbox.fixtures import DANA, MAYA
from store import deliveries, sealed_links
from store.errors import StoreUnavailableError
from store.link_opener import DeliveryKey, LinkOpener
from store.log.who_may_say import believed
from store.opened import Store
from tests.bot.counted_slack import CountedSlack, KilledError
from tests.sealed_elsewhere import handed_in, waiting
from tests.store.reading import require_destroyed, words_of
from tests.stores import Home

PEOPLE: dict[str, Any] = {"sender_id": MAYA, "recipient_id": DANA, "lives_seconds": 100_000}


def bot_of(store: Store, home: Home, slack: CountedSlack, *, opens_here_only: bool = False) -> SealedDeliveries:
    """A bot's loop as a program that has just been started holds it."""
    there: Any = slack
    return SealedDeliveries(store, there, LinkOpener(home.signing), partial(believed, home.signing), opens_here_only)


async def test_a_busy_slack_is_waited_for_within_the_fifteen_minutes(home: Home) -> None:
    """Briefly with the link in hand, for long without it, and not for longer than it may take."""
    home.hold_clock()
    waits = [0.01, 300.0]
    slack = CountedSlack(trouble=lambda method, _: SlackBusyError(waits.pop(0)) if waits else None)
    async with home.open("bot") as store:
        sealed = await handed_in(store, home, **PEOPLE)
        bot = bot_of(store, home, slack)
        assert await bot.once()
        assert (slack.posts, await bot.once()) == ([], False)
        home.advance_clock(300)
        assert await bot.once()
        assert len(slack.posts) == 1
        assert await words_of(store, sealed.new.id) == ["created", "delivered"]
        waits.append(901.0)
        late = await handed_in(store, home, **PEOPLE)
        assert await bot.once()
        assert "slow down for too long" in slack.posts[-1][2]
        await require_destroyed(store, late.new.id)


async def test_a_bot_that_dies_with_a_link_in_hand_posts_it_once_more_at_most(home: Home) -> None:
    """After the post and before it is recorded: the next one posts the same link, and that is all."""
    slack = CountedSlack()

    def die(method: str) -> None:
        if method == "chat.postMessage":
            raise KilledError

    async with home.open("bot") as one, home.open("bot") as two:
        sealed = await handed_in(one, home, **PEOPLE)
        slack.after = die
        with pytest.raises(KilledError):
            await bot_of(one, home, slack).once()
        slack.after = lambda method: None
        assert not await bot_of(two, home, slack).once(), "its lease is not over"
        home.advance_clock(sealed_links.LEASE_MS / 1000)
        assert await bot_of(two, home, slack).once()
        assert not await bot_of(one, home, slack).once()
        assert [channel for channel, _, _ in slack.posts] == [f"D{DANA}"] * 2
        assert (await words_of(one, sealed.new.id)) == ["created", "delivered"]


async def test_what_cannot_be_recorded_is_tried_while_it_may_be(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that is away for a moment makes no second message."""
    slack, real, refusals = CountedSlack(), deliveries.record_delivered, iter(range(3))

    async def record(*given: Any, **said: Any) -> bool:
        if next(refusals, None) is not None:
            raise StoreUnavailableError("away")
        return await real(*given, **said)

    monkeypatch.setattr("bot.delivery._RECORD_AGAIN_AFTER", (0.01,))
    monkeypatch.setattr(deliveries, "record_delivered", record)
    async with sqlite_home.open("bot") as store:
        await handed_in(store, sqlite_home, **PEOPLE)
        await bot_of(store, sqlite_home, slack).once()
        assert len(slack.posts) == 1
        assert await waiting(store) == set()


async def test_what_is_posted_and_not_recorded_is_held_for_as_long_as_that_takes(
    sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store that does not take one word for minutes makes no second message, in this program or another."""
    slack, real, is_away = CountedSlack(), deliveries.record_delivered, True

    async def record(*given: Any, **said: Any) -> bool:
        if is_away:
            raise StoreUnavailableError("away")
        return await real(*given, **said)

    monkeypatch.setattr("bot.delivery._RECORD_AGAIN_AFTER", (0.01,))
    monkeypatch.setattr("bot.sealed_deliveries._RENEWED_EVERY", 0.01)
    monkeypatch.setattr(deliveries, "record_delivered", record)
    async with sqlite_home.open("bot") as one, sqlite_home.open("bot") as two:
        sealed = await handed_in(one, sqlite_home, **PEOPLE)
        posted = asyncio.Event()
        slack.after = lambda method: posted.set() if method == "chat.postMessage" else None
        delivering = asyncio.create_task(bot_of(one, sqlite_home, slack).once())
        await posted.wait()
        for _ in range(5):
            sqlite_home.advance_clock(60)
            await asyncio.sleep(0.3)
            assert await sealed_links.take(two.db) is None
        is_away = False
        assert await delivering
        assert len(slack.posts) == 1
        assert await words_of(one, sealed.new.id) == ["created", "delivered"]


async def test_a_bot_without_the_key_leaves_it_to_one_that_has_it(home: Home, tmp_path: Any) -> None:
    """Another host with a key of its own must not end what it cannot read."""
    slack, other = CountedSlack(), tmp_path / "other"
    DeliveryKey.make(other / "delivery.key")
    async with home.open("bot") as store:
        sealed = await handed_in(store, home, **PEOPLE)
        there: Any = slack
        stranger = SealedDeliveries(store, there, LinkOpener(other), partial(believed, home.signing), False)
        assert await stranger.once()
        assert slack.posts == []
        assert await waiting(store) == {sealed.new.id}
        home.advance_clock(20)
        assert await bot_of(store, home, slack).once()
        assert len(slack.posts) == 1


async def test_links_that_open_here_only_are_not_sent(sqlite_home: Home) -> None:
    """Real people would be sent to their own computers."""
    slack = CountedSlack()
    async with sqlite_home.open("bot") as store:
        sealed = await handed_in(store, sqlite_home, **PEOPLE)
        await bot_of(store, sqlite_home, slack, opens_here_only=True).once()
        assert [(channel, "on localhost" in said) for channel, _, said in slack.posts] == [(f"D{MAYA}", True)]
        await require_destroyed(store, sealed.new.id)
