"""Posting, changing and deleting messages: where, which, and what of it remains."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.fixtures import ARCHIVED, AUDIT, DANA, GENERAL, MAYA, MAYA_DANA, SAM
from sandbox.running import Sandbox
from tests.sandbox.breaking import breaking, breaks
from tests.sandbox.parts import button, section


@pytest.mark.parametrize(
    ("rule", "channel"),
    [
        ("channel: a conversation id, not a person's", DANA),
        ("channel: one that exists", "C0NOWHERE1"),
        ("channel: never a DM between two people", MAYA_DANA),
        ("channel: not archived", ARCHIVED),
        ("channel: the bot is in it", GENERAL),
    ],
)
async def test_where_the_bot_cannot_post(sandbox: Sandbox, client: AsyncWebClient, rule: str, channel: str) -> None:
    """Posting there is refused with Slack's code for it."""
    await breaking(sandbox, rule, client.chat_postMessage(channel=channel, text="x"))


@breaks("channel: a private one only for members", "channel: the Messages tab is on")
async def test_what_administrators_change_is_felt_at_once(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Kicked out of a private channel it is invisible; with the Messages tab off a DM is closed."""
    sandbox.kick_bot(AUDIT)
    await breaking(sandbox, "channel: a private one only for members", client.chat_postMessage(channel=AUDIT, text="x"))
    dm = (await client.conversations_open(users=DANA))["channel"]["id"]
    sandbox.set("messages_tab", False)
    await breaking(sandbox, "channel: the Messages tab is on", client.chat_postMessage(channel=dm, text="x"))
    sandbox.set("messages_tab", True)
    assert (await client.chat_postMessage(channel=dm, text="x"))["ok"]


@pytest.mark.parametrize(
    ("rule", "arguments"),
    [
        ("message: text or blocks", {}),
        ("message: text or blocks", {"text": "", "blocks": []}),
        ("message: text is a string", {"text": {"a": 1}}),
        ("chat.postMessage: text of at most 40,000 characters", {"text": "x" * 40_001}),
        ("message: no attachments (the sandbox does not play them)", {"text": "x", "attachments": [{"text": "x"}]}),
        ("metadata: event_type and event_payload", {"text": "x", "metadata": {"event_type": "x"}}),
        ("metadata: event_type and event_payload", {"text": "x", "metadata": "{"}),
        (
            "metadata: at most 16 kB",
            {"text": "x", "metadata": {"event_type": "x", "event_payload": {"a": "x" * 16_000}}},
        ),
        ("thread_ts: a message of this conversation", {"text": "x", "thread_ts": "1700000000.000001"}),
    ],
)
async def test_what_is_no_message(
    sandbox: Sandbox, client: AsyncWebClient, rule: str, arguments: dict[str, Any]
) -> None:
    """Content that Slack does not take is refused by name."""
    await breaking(sandbox, rule, client.api_call("chat.postMessage", json={"channel": AUDIT, **arguments}))


async def test_a_reply_stands_in_its_thread(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """A reply hangs under its parent; a reply to a reply is refused."""
    parent = (await client.chat_postMessage(channel=AUDIT, text="parent"))["ts"]
    reply = (await client.chat_postMessage(channel=AUDIT, text="reply", thread_ts=parent))["ts"]
    assert [m["text"] for m in sandbox.thread(SAM, AUDIT, parent)] == ["parent", "reply"]
    again = client.chat_postMessage(channel=AUDIT, text="x", thread_ts=reply)
    await breaking(sandbox, "thread_ts: a parent, not a reply", again)


async def test_an_update_replaces_and_remembers(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Text without blocks removes the blocks and shows "(edited)"; blocks alone keep the text and do not."""
    blocks = [section("first"), {"type": "actions", "elements": [button()]}]
    metadata = {"event_type": "drop", "event_payload": {"id": "x"}}
    posted = await client.chat_postMessage(channel=AUDIT, text="one", blocks=blocks, metadata=metadata)
    ts = posted["ts"]
    await client.api_call("chat.update", json={"channel": AUDIT, "ts": ts, "blocks": [section("second")]})
    (shown,) = sandbox.messages(SAM, AUDIT)
    assert (shown["text"], "edited" in shown, shown["metadata"]) == ("one", False, metadata)
    await client.chat_update(channel=AUDIT, ts=ts, text="three", metadata={})
    (shown,) = sandbox.messages(SAM, AUDIT)
    assert (shown["text"], "edited" in shown, "blocks" in shown, "metadata" in shown) == ("three", True, False, False)
    assert [version["text"] for version in sandbox.edits(SAM, AUDIT, ts)] == ["one", "one"]


@breaks("chat.update: text of at most 4,000 characters")
async def test_only_own_messages_can_be_changed(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Somebody else's, a missing and an ephemeral message cannot be updated or deleted."""
    theirs = (await sandbox.type(SAM, AUDIT, "mine"))["ts"]
    private = (await client.chat_postEphemeral(channel=AUDIT, user=SAM, text="psst"))["message_ts"]
    for ts, kind in ((theirs, "own messages only"), (private, "a message that exists and is not ephemeral")):
        await breaking(sandbox, f"chat.update: {kind}", client.chat_update(channel=AUDIT, ts=ts, text="x"))
        await breaking(sandbox, f"chat.delete: {kind}", client.chat_delete(channel=AUDIT, ts=ts))
    own = (await client.chat_postMessage(channel=AUDIT, text="x"))["ts"]
    long = client.chat_update(channel=AUDIT, ts=own, text="x" * 4_001)
    await breaking(sandbox, "chat.update: text of at most 4,000 characters", long)
    assert (await client.chat_delete(channel=AUDIT, ts=own))["ok"]
    assert own not in [m["ts"] for m in sandbox.messages(SAM, AUDIT)]


async def test_a_message_has_an_address(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Anybody's, where the bot sees the conversation; none that is gone, nor one between two people."""
    theirs = (await sandbox.type(MAYA, GENERAL, "mine"))["ts"]
    told = await client.chat_getPermalink(channel=GENERAL, message_ts=theirs)
    assert told["permalink"] == f"https://pretend.slack.com/archives/{GENERAL}/p{theirs.replace('.', '')}"
    between = (await sandbox.type(MAYA, MAYA_DANA, "x"))["ts"]
    for channel, ts in ((MAYA_DANA, between), ("C0NOWHERE", theirs)):
        hidden = client.chat_getPermalink(channel=channel, message_ts=ts)
        await breaking(sandbox, "chat.getPermalink: a conversation that exists and the bot can see", hidden)
    gone = client.chat_getPermalink(channel=GENERAL, message_ts="1.1")
    await breaking(sandbox, "chat.getPermalink: a message that exists and is not ephemeral", gone)


@breaks("chat.postEphemeral: the person is in the conversation")
async def test_an_ephemeral_message_is_for_one_person(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """Only the named person sees it, and only a member can be named."""
    await client.chat_postEphemeral(channel=AUDIT, user=SAM, text="psst")
    assert [m["text"] for m in sandbox.ephemerals(SAM)] == ["psst"]
    assert sandbox.messages(MAYA, AUDIT) == []
    outside = client.chat_postEphemeral(channel=AUDIT, user=DANA, text="x")
    await breaking(sandbox, "chat.postEphemeral: the person is in the conversation", outside)


@breaks("chat.postMessage: about one a second and conversation")
async def test_the_tier_of_posting_when_it_is_on(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """With tier limits a burst of six to one channel is refused with 429, and time heals it."""
    sandbox.set("tier_limits", True)
    for _ in range(5):
        await client.chat_postMessage(channel=AUDIT, text="x")
    rule = "chat.postMessage: about one a second and conversation"
    await breaking(sandbox, rule, client.chat_postMessage(channel=AUDIT, text="x"))
    sandbox.move_clock(1.0)
    assert (await client.chat_postMessage(channel=AUDIT, text="x"))["ok"]


async def test_every_argument_is_recorded_and_the_flags_are_kept(sandbox: Sandbox, client: AsyncWebClient) -> None:
    """A test can see the unfurl flags on the call and on the message."""
    await client.chat_postMessage(channel=AUDIT, text="x", unfurl_links=False, unfurl_media=False)
    arguments = sandbox.calls("chat.postMessage")[0]["arguments"]
    assert (arguments["unfurl_links"], arguments["unfurl_media"]) == (False, False)
    (shown,) = sandbox.messages(SAM, AUDIT)
    assert (shown["unfurl_links"], shown["unfurl_media"]) == (False, False)
