"""The real bot in a workspace where Slack refuses, is busy, or is gone: everybody reads why, and nothing is lost."""

import asyncio
import io
import json
from functools import partial

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler

from bot import sending, socket_mode
from sandbox.fixtures import AUDIT, DANA, MAYA, MAYA_DANA, SAM
from sandbox.running import Sandbox
from store.words import Outcome
from tests.bot.desk import SECRET, Desk, found, shown_passphrase, working
from tests.canaries import is_in
from tests.stores import Home


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answer to a form and what follows it, without the moment that Slack's two ways need."""
    monkeypatch.setattr(sending, "_ANSWER_SHOWN_SECONDS", 0.05)


UNDELIVERED = {
    ("conversations.open", "user_disabled"): "'s account is deactivated. The secret was destroyed.",
    ("conversations.open", "user_not_found"): "Slack does not know",
    ("conversations.open", "invalid_user_combination"): "(`/invite @sendsecret`) and send it again",
    ("conversations.open", "missing_scope"): "I lack a permission in Slack. The secret was destroyed. Tell whoever",
    ("conversations.open", "token_expired"): "my token has expired. The secret was destroyed. Tell whoever",
    (
        "chat.postMessage",
        "restricted_action",
    ): "does not let me write to people. The secret was destroyed. Tell whoever",
    ("chat.postMessage", "account_inactive"): "my account in Slack is switched off. The secret was destroyed.",
    (
        "conversations.open",
        "ratelimited",
    ): "slow down for too long. The secret was destroyed. Send it again in a while.",
    ("chat.postMessage", "ratelimited"): "slow down for too long. The secret was destroyed. Send it again in a while.",
}
"""Where and how Slack does not take a link, and what the sender reads."""


async def test_every_refusal_of_a_link_has_its_sentence(desk: Desk, everything_logged: io.StringIO) -> None:
    """The sender reads why and what to do; the drop has ended as undelivered; the log has the code and no secret."""
    for (method, code), said in UNDELIVERED.items():
        view = await desk.open_form("/sendsecret @noor")
        await desk.fill(view, passphrase="7777 8888")
        if code == "ratelimited":
            desk.sandbox.fault(method, "ratelimited", times=None, retry_after=3600)
        else:
            desk.sandbox.fault(method, "error", times=None, error=code)
        await desk.submit(view)
        shown = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Not sent"))
        assert said in json.dumps(shown["blocks"], ensure_ascii=False), code
        desk.sandbox.clear_faults()
        await desk.sandbox.close_view(shown["id"])
    for canary in (SECRET, "77778888", "7777 8888", desk.sandbox.bot_token, desk.sandbox.app_token):
        assert not is_in(canary.encode(), everything_logged.getvalue().encode())


async def test_a_bot_that_was_never_invited_tells_the_sender(sandbox: Sandbox, sqlite_home: Home) -> None:
    """ADMINS is empty: the link arrives, the sender is asked to invite, and then the audit channel has everything."""
    sandbox.kick_bot(AUDIT)
    async with working(sandbox, sqlite_home, admins="") as desk:
        view = await desk.send()
        told = found(await sandbox.wait_message(MAYA, contains="Sent. I cannot write to the audit channel"))
        assert f"<#{AUDIT}>" in told["text"]
        assert "Invite me with `/invite @sendsecret`" in told["text"]
        assert await desk.read(await desk.link(), shown_passphrase(view)) == SECRET
        sandbox.invite_bot(AUDIT)
        assert await desk.audit_thread("Destroyed: viewed")
        read = sandbox.messages(MAYA, str(sandbox.bot_dm(MAYA)))
        assert len([message for message in read if "audit channel" in message["text"]]) == 1


async def test_administrators_hear_that_the_channel_is_back(desk: Desk) -> None:
    """How much was posted late stands there, so that nobody looks for a gap."""
    desk.sandbox.archive(AUDIT)
    await desk.send()
    assert await desk.sandbox.wait_message(SAM, contains="Unarchive it, or set AUDIT_CHANNEL to another.")
    desk.sandbox.archive(AUDIT, archived=False)
    back = found(await desk.sandbox.wait_message(SAM, contains="I can write to the audit channel"))
    assert back["text"].endswith("again. Entries posted late, in order: 2.")
    assert await desk.audit_thread("Link delivered")


async def test_a_messages_tab_that_is_switched_off_is_told_in_the_audit_channel(desk: Desk) -> None:
    """Links fail in words; what was owed before arrives when it is on again."""
    view = await desk.send()
    link = await desk.link()
    desk.sandbox.set("messages_tab", False)
    await desk.read(link, shown_passphrase(view))
    assert await desk.sandbox.wait_message(SAM, AUDIT, contains="Turn on the Messages tab in my app's settings")
    await desk.audit_thread("Destroyed: viewed")
    desk.sandbox.set("messages_tab", True)
    assert await desk.sandbox.wait_message(MAYA, contains="has “Stripe restricted key”")
    assert await desk.sandbox.wait_message(DANA, contains="and destroyed", lacks="open_drop")


async def test_all_of_slack_goes_and_comes_back(
    sandbox: Sandbox, sqlite_home: Home, everything_logged: io.StringIO
) -> None:
    """What readers do meanwhile is told afterwards, and the log has no secret of all this."""
    async with working(sandbox, sqlite_home) as desk:
        view = await desk.send()
        link, passphrase = await desk.link(), shown_passphrase(view)
        await sandbox.go_away("http_503")
        await desk.read(link, passphrase)
        assert (await desk.drop(link)).outcome is Outcome.VIEWED
        assert await sandbox.wait_call("auth.test", count=3)
        sandbox.come_back()
        await desk.audit_thread("Destroyed: viewed")
        assert await sandbox.wait_message(MAYA, contains="has “Stripe restricted key”")
        assert await sandbox.wait_message(DANA, contains="and destroyed", lacks="open_drop")
        logged = everything_logged.getvalue().encode()
        assert b"Slack does not answer; notices wait" in logged
        for canary in (SECRET.encode(), link.key, passphrase.encode(), sandbox.bot_token.encode()):
            assert not is_in(canary, logged)


async def test_a_trigger_that_came_too_late_is_told(desk: Desk) -> None:
    """The sentence says that nothing was sent and what to type."""
    desk.sandbox.set("trigger_seconds", -1)
    await desk.sandbox.type(MAYA, MAYA_DANA, f"/sendsecret @dana {SECRET}")
    told = found(await desk.sandbox.wait_message(MAYA, contains="I missed them", ephemeral=True))
    assert told["text"] == (
        "Slack gives me 3 seconds to open the form and I missed them. Nothing was sent. Type the command again."
    )


async def test_a_slow_down_of_half_a_minute_ends_in_words(desk: Desk) -> None:
    """A form that Slack does not open now is not opened later, when nobody waits for it any more."""
    desk.sandbox.fault("views.open", "ratelimited", times=1, retry_after=30)
    await desk.sandbox.type(MAYA, MAYA_DANA, "/sendsecret @dana")
    assert await desk.sandbox.wait_message(
        MAYA, contains="Slack did not open the form. Nothing was sent.", ephemeral=True
    )


async def test_nobody_is_looked_up_without_the_scope(desk: Desk) -> None:
    """The form is refused in words, and nothing is stored."""
    view = await desk.open_form("/sendsecret")
    desk.sandbox.drop_scope("users:read")
    await desk.fill(view, recipients=[DANA])
    answer = await desk.submit(view)
    assert "Nothing was sent" in answer["errors"]["recipients"]


async def test_a_closed_way_to_answer_breaks_nothing(desk: Desk) -> None:
    """A response_url that answers 404: the press is carried out, and message and audit channel show it."""
    await desk.send()
    link = await desk.link()
    status = found(await desk.sandbox.wait_message(MAYA, contains="has the link"))
    desk.sandbox.set("response_uses", 0)
    await desk.sandbox.click(MAYA, "revoke", status["conversation"], status["ts"])
    await desk.audit_thread("Destroyed: revoked")
    assert (await desk.drop(link)).outcome is Outcome.REVOKED
    assert await desk.sandbox.wait_message(MAYA, status["conversation"], contains="Revoked <!date^")


class _FirstIsUsedUp(set[str]):
    """Addresses of sockets, of which the first that is handed out does not connect anybody."""

    handed_out = 0

    def add(self, ticket: str) -> None:
        self.handed_out += 1
        if self.handed_out > 1:
            super().add(ticket)


async def test_an_address_that_is_used_up_is_given_up(
    sandbox: Sandbox, sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack's answer to a connection was lost, and its address with it: the bot asks for another and comes back."""
    often = partial(AsyncSocketModeHandler, ping_interval=0.2)
    monkeypatch.setattr(socket_mode, "AsyncSocketModeHandler", often)
    monkeypatch.setattr(socket_mode, "_RENEWED_SECONDS", 0.1)
    monkeypatch.setattr(socket_mode, "_AGAIN_SECONDS", (0.2, 0.2))
    async with working(sandbox, sqlite_home):
        sandbox.workspace.tickets = addresses = _FirstIsUsedUp()
        await sandbox.disconnect()
        assert await sandbox.wait_sockets()
        assert addresses.handed_out >= 2


class _NoneConnects(set[str]):
    """Addresses of sockets, none of which connects anybody."""

    handed_out = 0

    def add(self, ticket: str) -> None:
        self.handed_out += 1


async def test_addresses_are_not_asked_for_in_vain(
    sandbox: Sandbox, sqlite_home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack gives addresses and its sockets are silent: one more is asked for soon, and then none for long."""
    often = partial(AsyncSocketModeHandler, ping_interval=0.1)
    monkeypatch.setattr(socket_mode, "AsyncSocketModeHandler", often)
    monkeypatch.setattr(socket_mode, "_RENEWED_SECONDS", 0.1)
    async with working(sandbox, sqlite_home):
        sandbox.workspace.tickets = addresses = _NoneConnects()
        await sandbox.disconnect()
        async with asyncio.timeout(30):
            while not addresses.handed_out:  # noqa: ASYNC110 - other programs' acts
                await asyncio.sleep(0.05)
        await asyncio.sleep(1.5)
        assert addresses.handed_out <= 2
