"""Drops that end otherwise than by being read, and what everybody is told."""

import pytest

from bot.settings import BotSettings
from sandbox.fixtures import MAYA, MAYA_DANA, NOOR, TEAM
from sandbox.running import Sandbox
from store import creation, endings
from store.errors import DropEndedError
from store.words import Delivery, Outcome
from tests.bot.desk import SECRET, Desk, found, shown_passphrase, working
from tests.store.reading import of_form
from tests.stores import Home, seal


async def test_an_expired_drop_is_told(desk: Desk) -> None:
    """Nobody looks at it, and still it ends in time: sender, auditors and the message say so."""
    await desk.send("/sendsecret @noor")
    desk.home.advance_clock(25 * 3600)
    assert await desk.sandbox.wait_message(MAYA, contains="for Noor Haddad expired")
    assert await desk.sandbox.wait_message(NOOR, contains="Expired <!date^", lacks="open_drop")
    await desk.audit_thread("Destroyed: expired")


async def test_a_second_page_with_the_right_passphrase_is_an_alarm(desk: Desk) -> None:
    """It gets nothing, and sender and auditors are told that somebody else knows link and passphrase."""
    view = await desk.send("/sendsecret @noor")
    link, passphrase = await desk.link(NOOR), shown_passphrase(view)
    assert await desk.read(link, passphrase, acknowledge=False) == SECRET
    with pytest.raises(DropEndedError):
        # The same passphrase in another page: typed without its space, its claim is another one.
        await desk.claim_again(link, passphrase)
    assert await desk.sandbox.wait_message(MAYA, contains=":rotating_light: A second page gave the right passphrase")
    await desk.audit_thread(":rotating_light: *A second page gave the right passphrase*")


async def test_a_release_that_was_never_confirmed_is_told_with_what_to_do(desk: Desk) -> None:
    """The sender must not rely on it."""
    view = await desk.send("/sendsecret @noor")
    await desk.read(await desk.link(NOOR), shown_passphrase(view), acknowledge=False)
    desk.home.advance_clock(120)
    assert await desk.sandbox.wait_message(MAYA, contains="never confirmed that it could be read. Ask Noor Haddad")
    await desk.audit_thread("Destroyed: released, and never confirmed")


async def test_a_drop_whose_program_died_before_delivering_is_undelivered(desk: Desk) -> None:
    """Its link is lost with the program that held it: when the lease is over, the sender is told to send it again."""
    left = seal(sender_id=MAYA, recipient_id=NOOR, recipient_name="Noor Haddad", team_id=TEAM)
    async with desk.home.open("bot") as dead:
        await creation.create(dead, left.new)
    desk.home.advance_clock(181)
    assert await desk.sandbox.wait_message(MAYA, contains="did not reach *Noor Haddad*")
    await desk.audit_thread("Destroyed: undelivered")


async def test_a_revoke_while_the_link_is_on_its_way_leaves_no_promise(desk: Desk) -> None:
    """The message that arrives after the end is edited at once, and the modal says what happened."""
    view = await desk.open_form("/sendsecret @noor")
    await desk.fill(view)
    desk.sandbox.fault("chat.postMessage", "ratelimited", times=1, retry_after=1)
    await desk.submit(view)
    [drop] = await of_form(desk.store, view["id"])
    await endings.revoke(desk.store, drop.id)
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="it ended before it arrived")
    message = found(await desk.sandbox.wait_message(NOOR, contains="took it back"))
    assert "open_drop" not in str(message)


async def test_a_stop_waits_for_the_link_that_is_on_its_way(sandbox: Sandbox, sqlite_home: Home) -> None:
    """A bot that is told to stop delivers what it has answered for, and records it."""
    async with working(sandbox, sqlite_home) as desk:
        view = await desk.open_form("/sendsecret @noor")
        await desk.fill(view)
        sandbox.fault("chat.postMessage", "ratelimited", times=1, retry_after=1)
        await desk.submit(view)
        assert sandbox.bot_dm(NOOR) is None or not sandbox.messages(NOOR, str(sandbox.bot_dm(NOOR)))
    assert await sandbox.wait_message(NOOR, contains="open_drop", seconds=0.1)
    async with sqlite_home.open() as store:
        [drop] = await of_form(store, view["id"])
    assert (drop.delivery, drop.outcome) == (Delivery.DELIVERED, None)


async def test_nothing_is_sent_while_links_open_on_this_computer_only(
    sandbox: Sandbox, sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither by the command nor by a form that was opened before."""
    async with working(sandbox, sqlite_home) as desk:
        view = await desk.open_form("/sendsecret @noor")
        await desk.fill(view)
    monkeypatch.setattr(BotSettings, "opens_here_only", property(lambda _: True))
    async with working(sandbox, sqlite_home) as desk:
        await sandbox.type(MAYA, MAYA_DANA, "/sendsecret @dana")
        assert await sandbox.wait_message(MAYA, contains="would open on this computer only", ephemeral=True)
        answer = await sandbox.submit(view["id"])
        assert "would open on this computer only" in answer["errors"]["recipients"]
        assert not sandbox.calls("chat.postMessage")


async def test_an_opened_drop_can_be_asked_for_again(desk: Desk) -> None:
    """A dead link that is opened again is told calmly and shows nothing."""
    view = await desk.send("/sendsecret @noor")
    link, passphrase = await desk.link(NOOR), shown_passphrase(view)
    await desk.read(link, passphrase)
    with pytest.raises(DropEndedError) as ended:
        await desk.read(link, passphrase)
    assert ended.value.outcome is Outcome.VIEWED
    assert await desk.sandbox.wait_message(MAYA, contains="Nothing was shown; often it is the recipient")
    texts = await desk.audit_thread("Dead link looked at")
    assert ":rotating_light:" not in str(texts)
