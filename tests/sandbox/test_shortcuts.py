"""Message shortcuts, as somebody finds them in a message's menu."""

from __future__ import annotations

import asyncio

import pytest

from sandbox.control import shortcuts
from sandbox.fixtures import GENERAL, MAYA, PARTNERS, PIA, SHORTCUT
from sandbox.rules import Refused
from sandbox.running import Sandbox
from tests.sandbox.breaking import breaks
from tests.sandbox.rawsocket import raw_socket


@breaks("message_action: the whole message, a fresh trigger_id and response_url")
async def test_the_payload_has_the_whole_message(sandbox: Sandbox) -> None:
    """With who wrote it, where, and a way back to whoever chose it."""
    ts = (await sandbox.type(MAYA, GENERAL, "key & more"))["ts"]
    async with raw_socket(sandbox) as socket:
        chosen = asyncio.create_task(sandbox.use_shortcut(MAYA, GENERAL, ts))
        envelope = await socket.next()
        await socket.ack(envelope)
        assert await chosen == {"outcome": "acked"}
    payload = envelope["payload"]
    assert payload["type"] == "message_action"
    assert payload["callback_id"] == SHORTCUT
    assert payload["message"] == {"type": "message", "user": MAYA, "text": "key &amp; more", "ts": ts}
    assert (payload["message_ts"], payload["channel"]["id"]) == (ts, GENERAL)
    assert payload["response_url"].startswith(sandbox.url)
    with pytest.raises(RuntimeError):
        shortcuts.WHOLE_MESSAGE.keep({**payload, "response_url": ""})


@breaks(
    "message shortcut: one that is in the manifest",
    "message shortcut: only people of the workspace that installed the app",
)
async def test_who_does_not_see_it(sandbox: Sandbox) -> None:
    """People of another company, and nobody one that the app does not have."""
    ts = (await sandbox.type(MAYA, PARTNERS, "key"))["ts"]
    for user, callback_id in ((PIA, SHORTCUT), (MAYA, "another")):
        with pytest.raises(Refused, match=r"see it|has no such") as no:
            await sandbox.use_shortcut(user, PARTNERS, ts, callback_id)
        assert no.value.error == "no_such_shortcut"
