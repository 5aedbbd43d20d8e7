"""A busy Slack, a closed way back, an app that was installed anew: said in words, and nothing waits for ever."""

import asyncio
import json

import pytest

from bot import delivery
from sandbox.fixtures import DANA, MAYA, MAYA_DANA
from store.deliveries import Place, place_of, remember
from store.words import Audience
from tests.bot.desk import Desk, found


async def test_a_busy_slack_is_waited_for_and_the_sender_reads_for_how_long(desk: Desk) -> None:
    """The window says so meanwhile, and then that it arrived."""
    desk.sandbox.fault("conversations.open", "ratelimited", times=1, retry_after=2)
    view = await desk.open_form("/sendsecret @noor")
    await desk.fill(view)
    await desk.submit(view)
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Slack asked me to slow down; I try again in 2 s.")
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Sent. The link opens once")


async def test_what_was_revoked_meanwhile_is_not_called_sent_again(desk: Desk) -> None:
    """One of two waits for Slack; the other, revoked from the DM by then, stands as revoked when the window is done."""
    desk.sandbox.fault("conversations.open", "ratelimited", times=1, retry_after=4)
    view = await desk.open_form("/sendsecret @noor @lee")
    await desk.fill(view)
    await desk.submit(view)
    waiting = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Slack asked me to slow down"))
    assert '"revoke"' not in json.dumps(waiting["blocks"])
    status = found(await desk.sandbox.wait_message(MAYA, contains="has the link"))
    [delivered] = [
        b["block_id"]
        for before, b in zip(status["blocks"], status["blocks"][1:], strict=False)
        if b["type"] == "actions" and "has the link" in json.dumps(before)
    ]
    await desk.sandbox.click(MAYA, "revoke", status["conversation"], status["ts"], block_id=delivered)
    assert await desk.told(MAYA, "Revoked. The secret is destroyed")
    done = found(await desk.sandbox.wait_view(MAYA, "sent_drop", contains="and destroyed. Nobody opened it."))
    assert json.dumps(done["blocks"]).count("Passphrase: ") == 1


async def test_a_link_shown_to_its_sender_waits_for_nobody(desk: Desk) -> None:
    """It makes no call to Slack, and another form's slow-down holds nothing up."""
    desk.sandbox.fault("conversations.open", "ratelimited", times=3, retry_after=30)
    slow = await desk.open_form("/sendsecret @noor @lee @sam")
    await desk.fill(slow)
    await desk.submit(slow)
    view = await desk.open_form("/sendsecret @noor")
    await desk.fill(view, delivery="shown")
    await desk.submit(view)
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="Nobody has it yet", seconds=8)
    desk.sandbox.clear_faults()


async def test_it_is_not_waited_for_longer_than_the_lease_allows(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A drop whose lease is over has ended: a link posted after that would be dead on arrival."""
    monkeypatch.setattr(delivery, "PATIENCE_SECONDS", 1.0)
    desk.sandbox.fault("conversations.open", "ratelimited", times=1, retry_after=2)
    view = await desk.open_form("/sendsecret @noor")
    await desk.fill(view)
    await desk.submit(view)
    assert await desk.sandbox.wait_view(MAYA, "sent_drop", contains="slow down for too long. The secret was destroyed")


async def test_an_answer_whose_way_back_is_closed_goes_by_dm(desk: Desk) -> None:
    """Silence would look like success."""
    desk.sandbox.set("response_uses", 0)
    desk.sandbox.fault("views.open", "error", error="expired_trigger_id")
    await desk.sandbox.type(MAYA, MAYA_DANA, "/sendsecret @dana")
    told = found(await desk.sandbox.wait_message(MAYA, contains="Slack gives me 3 seconds", ephemeral=False))
    assert told["conversation"] == desk.sandbox.bot_dm(MAYA)


async def test_messages_in_a_dm_that_we_lost_are_posted_anew_or_left(desk: Desk) -> None:
    """After a new installation the old DMs are out of reach: the sender gets a new message, nothing waits for ever."""
    await desk.send()
    link = await desk.link()
    old = found(await desk.sandbox.wait_message(MAYA, contains="has the link"))
    for audience in (Audience.SENDER, Audience.RECIPIENT):
        place = await known_place(desk, link.id, audience)
        await remember(desk.store, link.id, audience, Place("D0BEFORE", place.ts))
    await desk.sandbox.click(MAYA, "revoke", old["conversation"], old["ts"])
    new = found(await desk.sandbox.wait_message(MAYA, contains="Revoked <!date", ephemeral=False))
    assert new["ts"] != old["ts"]
    await desk.audit_thread("Destroyed: revoked")
    assert "open_drop" in json.dumps(desk.sandbox.messages(DANA, str(desk.sandbox.bot_dm(DANA))))


async def known_place(desk: Desk, drop: bytes, audience: Audience) -> Place:
    """A message is seen a moment before the bot has noted where it stands."""
    for _ in range(500):
        if (place := await place_of(desk.store, drop, audience)) is not None:
            return place
        await asyncio.sleep(0.02)
    raise AssertionError("it is noted nowhere")


async def test_a_permission_that_is_missing_is_not_answered_by_press_again(desk: Desk) -> None:
    """Pressing would never help; whoever runs it can mend it."""
    view = await desk.open_form("/sendsecret")
    await desk.fill(view, recipients=[DANA])
    desk.sandbox.drop_scope("users:read")
    answer = await desk.submit(view)
    assert "does not let me look people up (missing_scope)" in answer["errors"]["recipients"]
    assert "will not help" in answer["errors"]["recipients"]
