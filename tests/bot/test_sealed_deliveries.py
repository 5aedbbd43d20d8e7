"""A link that somebody else sealed reaches the recipient's DM as ours do, or its sender reads why it did not."""

import asyncio
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from bot.sealed_deliveries import SealedDeliveries
from bot.slack_calls import SlackBusyError
from sandbox.fixtures import AUDIT, DANA, MAYA, SAM
from sandbox.running import Sandbox
from store import creation, deliveries, sealed_links
from store.errors import StoreUnavailableError
from store.formats import delivery_v1
from store.keys import delivery
from store.link_opener import DeliveryKey, LinkOpener
from store.opened import Store
from store.words import Delivery, LinkFault, Outcome
from tests.bot.counted_slack import CountedSlack, KilledError
from tests.bot.desk import Desk, found, link_in, working
from tests.canaries import is_in
from tests.sealed_elsewhere import as_long_as_a_link, elsewhere, handed_in, waiting
from tests.store.reading import require_destroyed, words_of
from tests.stores import PUBLIC_URL, Home, Sealed

PEOPLE: dict[str, Any] = {"sender_id": MAYA, "recipient_id": DANA, "lives_seconds": 100_000}


async def create(home: Home, sealed: Sealed) -> None:
    """Store it as a program whose word the log takes."""
    async with home.open("bot") as store:
        await creation.create(store, sealed.new)


async def hand_in(home: Home, **fields: Any) -> Sealed:
    """A drop that somebody else sealed, and its sealed link, stored."""
    async with home.open("bot") as store:
        return await handed_in(store, home, **fields)


async def arrives(desk: Desk, sealed: Sealed) -> None:
    """Its own link, in the message that every link comes with; recorded, and nothing is left of what was sealed."""
    message = found(await desk.sandbox.wait_message(DANA, contains="open_drop"))
    assert link_in(message) == sealed.link
    assert message["text"] == "Maya Okafor sent you a credential"
    assert await desk.sandbox.wait_message(MAYA, contains="*Dana Petrov* has the link")
    assert (await desk.drop(sealed.link)).delivery is Delivery.DELIVERED
    assert await waiting(desk.store) == set()


async def fails(desk: Desk, sealed: Sealed, said: str) -> None:
    """Nobody got a link; the sender reads why, the security team too, and nothing is left."""
    assert await desk.sandbox.wait_message(MAYA, contains="did not reach *Dana Petrov*")
    if said:
        assert await desk.sandbox.wait_message(MAYA, contains=said)
    assert not await desk.sandbox.wait_message(DANA, contains="open_drop", seconds=0.1)
    assert await desk.audit_thread("Destroyed: undelivered")
    await require_destroyed(desk.store, sealed.new.id)
    assert await waiting(desk.store) == set()


async def test_a_sealed_link_is_delivered(desk: Desk) -> None:
    """Within a second or two, several at once, each its own."""
    sealed = await hand_in(desk.home, **PEOPLE)
    await arrives(desk, sealed)
    others = [await hand_in(desk.home, **PEOPLE | {"recipient_id": SAM}) for _ in range(7)]
    for one in others:
        assert await desk.sandbox.wait_message(SAM, contains=one.link.fragment())
    assert len([call for call in desk.sandbox.calls("chat.postMessage") if "open_drop" in json.dumps(call)]) == 8


async def test_after_ten_minutes_without_a_bot_it_is_delivered(sandbox: Sandbox, sqlite_home: Home) -> None:
    """A restart, or a long one."""
    sealed = await hand_in(sqlite_home, **PEOPLE)
    sqlite_home.advance_clock(600)
    async with working(sandbox, sqlite_home) as desk:
        await arrives(desk, sealed)


async def test_after_twenty_minutes_without_a_bot_it_is_undelivered(sandbox: Sandbox, sqlite_home: Home) -> None:
    """The sender is told, and nothing of the sealed link is in any file."""
    sealed = await hand_in(sqlite_home, **PEOPLE)
    sqlite_home.advance_clock(1200)
    async with working(sandbox, sqlite_home) as desk:
        await fails(desk, sealed, "")
    assert sealed.new.sealed_link is not None
    for path in sqlite_home.path.rglob("*"):
        assert not path.is_file() or sealed.new.sealed_link[:32] not in path.read_bytes(), path.name


async def test_a_refusal_of_slack_is_told_in_the_same_words(desk: Desk) -> None:
    """As for a link that we sealed; here in the sender's DM, because there is no window."""
    desk.sandbox.fault("conversations.open", "error", times=1, error="user_disabled")
    sealed = await hand_in(desk.home, **PEOPLE)
    await fails(desk, sealed, "account is deactivated")
    assert "Link not delivered: user_disabled" in " ".join(await desk.audit_thread("Link not delivered"))


@pytest.mark.parametrize("what", ["another drop", "another server", "another key", "no link"])
async def test_a_link_that_is_not_the_drops_own_is_not_posted(desk: Desk, what: str) -> None:
    """Whoever seals must not be able to make us post a link to anything else."""
    other = await hand_in(desk.home, **PEOPLE | {"recipient_id": SAM})
    forged = {
        "another drop": other.link.url(PUBLIC_URL),
        "another server": other.link.url("http://localhost:8081"),
        "another key": as_long_as_a_link(),
        "no link": as_long_as_a_link(),
    }[what]
    public = LinkOpener(desk.home.signing).key.public
    sealed = elsewhere(public, link=forged, **PEOPLE)
    if what == "another key":
        swapped = replace(sealed.link, key=other.link.key).url(PUBLIC_URL)
        resealed = delivery_v1.seal(public, sealed.new.id, swapped)
        sealed = replace(sealed, new=replace(sealed.new, sealed_link=resealed))
    await create(desk.home, sealed)
    await fails(desk, sealed, "is not this secret's own link")
    assert "is not its own link" in " ".join(await desk.audit_thread("*Link not delivered:*"))
    assert not [call for call in desk.sandbox.calls("chat.postMessage") if "8081" in json.dumps(call)]


async def test_what_no_key_opens_is_undelivered(desk: Desk) -> None:
    """Sealed to a key that was never ours."""
    stranger = DeliveryKey.parse(DeliveryKey.generate())
    sealed = elsewhere(stranger.public, **PEOPLE)
    await create(desk.home, sealed)
    await fails(desk, sealed, "sealed to a key that I do not have")


async def test_a_rotation_while_one_waits_loses_nothing(sandbox: Sandbox, sqlite_home: Home) -> None:
    """Sealed to the old key, delivered after the new one is in place; and the next is sealed to the new one."""
    async with sqlite_home.open("bot") as store:
        sealed = await handed_in(store, sqlite_home, **PEOPLE)
        await delivery.rotate(store, sqlite_home.signing)
    async with working(sandbox, sqlite_home) as desk:
        await arrives(desk, sealed)
        await delivery.rotate(desk.store, sqlite_home.signing)
        again = await hand_in(sqlite_home, **PEOPLE | {"recipient_id": SAM})
        assert await sandbox.wait_message(SAM, contains=again.link.fragment())


def bot_of(store: Store, home: Home, slack: CountedSlack, *, opens_here_only: bool = False) -> SealedDeliveries:
    """A bot's loop as a program that has just been started holds it."""
    there: Any = slack
    return SealedDeliveries(store, there, LinkOpener(home.signing), opens_here_only)


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

    async def record(*given: Any) -> bool:
        if next(refusals, None) is not None:
            raise StoreUnavailableError("away")
        return await real(*given)

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

    async def record(*given: Any) -> bool:
        if is_away:
            raise StoreUnavailableError("away")
        return await real(*given)

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
        stranger = SealedDeliveries(store, there, LinkOpener(other), False)
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


async def test_a_fault_has_words_for_each_reader() -> None:
    """Sender and security team."""
    from bot import audit_wording, undelivered_wording

    for fault in LinkFault:
        assert "The secret was destroyed." in undelivered_wording.BY_CODE[fault]
        assert "not delivered" in audit_wording.LINK_FAULTS[fault]


async def test_the_link_in_clear_is_nowhere_but_in_its_message(
    sandbox: Sandbox, sqlite_home: Home, everything_logged: io.StringIO
) -> None:
    """Not in a log, a table, a file, a notice, another call to Slack or its metadata; delivered or not."""
    async with working(sandbox, sqlite_home, log_level="DEBUG") as desk:
        good = await hand_in(sqlite_home, **PEOPLE)
        await arrives(desk, good)
        sandbox.fault("conversations.open", "error", times=1, error="restricted_action")
        bad = await hand_in(sqlite_home, **PEOPLE)
        assert await sandbox.wait_message(MAYA, contains="does not let me write")
        assert (await desk.drop(bad.link)).outcome is Outcome.UNDELIVERED
        logged = everything_logged.getvalue().encode()
        audit = json.dumps(sandbox.messages(SAM, AUDIT)).encode()
        calls = [call["arguments"] for call in sandbox.calls()]
        async with desk.store.db.read() as tx:
            notices = "".join((await tx.execute(text("SELECT about FROM notices"))).scalars()).encode()
    assert is_in(b"drop.delivered", notices)
    private = LinkOpener(sqlite_home.signing).key.private
    for key in (good.link.key, bad.link.key, private):
        assert not is_in(key, logged)
        assert not is_in(key, audit)
        assert not is_in(key, notices)
        carry = [call for call in calls if is_in(key, json.dumps(call, default=str).encode())]
        assert len(carry) == (key == good.link.key)
        assert not any(is_in(key, str(call.get("metadata", "")).encode()) for call in carry)
        assert not any(is_in(key, call["text"].encode()) for call in carry), "a notification shows the text"
        files = [path for path in sqlite_home.path.rglob("*") if path.is_file()]
        holders = [path.name for path in files if is_in(key, path.read_bytes())]
        assert holders == (["delivery.key"] if key == private else [])
