"""Slash commands and messages as people type them."""

from __future__ import annotations

import asyncio

import pytest

from sandbox.control import composer
from sandbox.fixtures import ARCHIVED, AUDIT, DANA, GENERAL, MAYA, MAYA_DANA, OLD, PARTNERS, PIA, PROJECT
from sandbox.rules import Refused
from sandbox.running import Sandbox
from sandbox.typed_text import escaped
from tests.sandbox.breaking import breaks
from tests.sandbox.parts import Json
from tests.sandbox.rawsocket import raw_socket


async def typed(sandbox: Sandbox, conversation: str, line: str) -> Json:
    """The payload that the app gets."""
    async with raw_socket(sandbox) as socket:
        command = asyncio.create_task(sandbox.type(MAYA, conversation, line))
        envelope = await socket.next()
        await socket.ack(envelope)
        await command
    payload: Json = envelope["payload"]
    return payload


@breaks("slash command: D… id and directmessage in a DM, never a thread_ts")
async def test_the_payload_of_a_command(sandbox: Sandbox) -> None:
    """Names of DMs and private channels are hidden, ids are not, and there is never a thread_ts."""
    in_dm = await typed(sandbox, MAYA_DANA, "/sendsecret @dana  key")
    assert (in_dm["channel_id"], in_dm["channel_name"]) == (MAYA_DANA, "directmessage")
    assert (in_dm["command"], in_dm["text"]) == ("/sendsecret", f"<@{DANA}|dana>  key")
    assert "thread_ts" not in in_dm
    assert in_dm["response_url"].startswith(sandbox.url)
    assert (await typed(sandbox, AUDIT, "/sendsecret"))["channel_name"] == "privategroup"
    assert (await typed(sandbox, GENERAL, "/sendsecret"))["channel_name"] == "general"
    with pytest.raises(RuntimeError):
        composer.PAYLOAD.keep({**in_dm, "thread_ts": "1.1"})


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("@dana", f"<@{DANA}|dana>"),
        ("hello @dana.", f"hello <@{DANA}|dana>."),
        ("@nobody", "@nobody"),
        ("a@b.example & <x>", "<mailto:a@b.example|a@b.example> &amp; &lt;x&gt;"),
        ("see #security-audit", f"see <#{AUDIT}|security-audit>"),
        ("https://x.example/?a=1&b=2", "<https://x.example/?a=1&amp;b=2>"),
        ("&amp;", "&amp;amp;"),
        ("plain", "plain"),
    ],
)
def test_what_is_typed_is_escaped_as_slack_does(line: str, text: str) -> None:
    """Mentions, channels, addresses and the three characters are rewritten; the rest is untouched."""
    assert escaped(Sandbox().workspace, line) == text


@breaks(
    "slash command: one that is in the manifest",
    "slash command: only people of the workspace that installed the app",
    "slash command: not in threads",
)
async def test_who_cannot_run_a_command(sandbox: Sandbox) -> None:
    """An unknown command, a person of another company and a thread are refused by the client."""
    assert await sandbox.type(MAYA, GENERAL, "/nothing") == {"outcome": "invalid_command"}
    assert "/nothing: not a valid command." in sandbox.ephemerals(MAYA)[0]["text"]
    assert await sandbox.type(PIA, PARTNERS, "/sendsecret") == {"outcome": "invalid_command"}
    parent = (await sandbox.type(MAYA, GENERAL, "hello"))["ts"]
    in_thread = await sandbox.type(MAYA, GENERAL, "/sendsecret", thread_ts=parent)
    assert in_thread == {"outcome": "command_in_thread"}
    assert sandbox.envelopes() == []


@breaks("Messages tab: read only unless the manifest says otherwise")
async def test_where_nobody_can_type(sandbox: Sandbox) -> None:
    """The app's read-only tab, an archived channel, a foreign conversation and a dead account take nothing."""
    dm = (await sandbox.open_home(MAYA))["channel"]
    for user, place, error in (
        (MAYA, dm, "messages_tab_read_only"),
        (MAYA, ARCHIVED, "is_archived"),
        (DANA, GENERAL, "no_such_conversation"),
        (OLD, GENERAL, "cannot_act"),
    ):
        with pytest.raises(Refused) as no:
            await sandbox.type(user, place, "hello")
        assert no.value.error == error
    sandbox.set("messages_tab_read_only", False)
    assert (await sandbox.type(MAYA, dm, "hello"))["outcome"] == "posted"


async def test_unread_marks_follow_reading(sandbox: Sandbox) -> None:
    """A message is unread for the others until they look, and never for its author."""

    def unread(user: str) -> int:
        return next(int(c["unread"]) for c in sandbox.conversations(user) if c["id"] == PROJECT)

    await sandbox.type(MAYA, PROJECT, "hello")
    assert (unread(MAYA), unread(DANA)) == (0, 1)
    await sandbox.mark_read(DANA, PROJECT)
    assert unread(DANA) == 0
