"""A link that somebody else sealed reaches the recipient's DM as ours do, or its sender reads why it did not."""

import contextlib
import io
import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from sandbox.fixtures import AUDIT, DANA, MAYA, SAM
from sandbox.running import Sandbox
from store import creation
from store.errors import StoreUnavailableError
from store.formats import delivery_v1
from store.keys import delivery
from store.link_opener import DeliveryKey, LinkOpener
from store.words import Delivery, LinkFault, Outcome
from tests.bot.desk import Desk, found, link_in, working
from tests.bot.test_sealed_links_leased import PEOPLE
from tests.canaries import is_in
from tests.sealed_elsewhere import as_long_as_a_link, elsewhere, handed_in, ordered, waiting
from tests.store.reading import require_destroyed
from tests.stores import PUBLIC_URL, Home, Sealed


async def create(home: Home, sealed: Sealed) -> None:
    """Store it as a program whose word the log takes."""
    async with home.open("bot") as store:
        await creation.create(store, (await ordered(store, sealed)).new)


async def hand_in(home: Home, **fields: Any) -> Sealed:
    """A drop that somebody else sealed, and its sealed link, stored; a page would try again, too."""
    async with home.open("bot") as store:
        with contextlib.suppress(StoreUnavailableError):
            return await handed_in(store, home, **fields)
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


@pytest.mark.parametrize("what", ["no order", "an order for somebody else", "an order of the web program's own"])
async def test_what_was_not_ordered_is_not_posted(desk: Desk, what: str) -> None:
    """Whoever owns the web program can write any drop into the database, and any order beside it."""
    sealed = elsewhere(LinkOpener(desk.home.signing).key.public, **PEOPLE)
    if what == "an order for somebody else":
        async with desk.home.open("bot") as store:
            sealed = await ordered(store, sealed, recipient_id=SAM)
    async with desk.home.open("web") as store:
        if what == "an order of the web program's own":
            sealed = await ordered(store, sealed)
        await creation.create(store, sealed.new)
    await fails(desk, sealed, "I did not order this secret")
    assert "the bot did not order this drop" in " ".join(await desk.audit_thread("*Link not delivered:*"))


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
