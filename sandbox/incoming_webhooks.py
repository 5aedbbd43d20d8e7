"""Incoming webhooks: an address through which another app's messages come into one channel.

Whoever knows the address can post there, and nobody can edit or delete through it. Slack answers `ok` as text,
and every refusal as a word with a status of its own.
"""

from __future__ import annotations

from sandbox import fixtures
from sandbox.block_kit.surfaces import message_blocks
from sandbox.conversations import Message
from sandbox.rules import Rule, when
from sandbox.web_api.rules_messages import TEXT_IS_TEXT
from sandbox.workspace import Workspace

PAGE = "messaging/sending-messages-using-incoming-webhooks"
STATUS = {"no_service": 404, "channel_is_archived": 410}
"""Every other refusal is a 400."""

KNOWN = Rule("incoming webhook: one that Slack issued", PAGE, "no_service", when(lambda c: c is None, "no such one"))
OBJECT = Rule(
    "incoming webhook: a JSON object", PAGE, "invalid_payload", when(lambda b: not isinstance(b, dict), "not JSON")
)
CONTENT = Rule(
    "incoming webhook: text or blocks",
    PAGE,
    "no_text",
    when(lambda body: not body.get("text") and not body.get("blocks"), "neither text nor blocks"),
)
ARCHIVED = Rule(
    "incoming webhook: not into an archived channel",
    PAGE,
    "channel_is_archived",
    when(lambda conversation: conversation.archived, "it is archived"),
)


def post(workspace: Workspace, name: str, body: object) -> Message:
    """Post what came through the webhook of this name. Refused with the codes of the rules above."""
    conversation = workspace.conversations.get(fixtures.WEBHOOKS.get(name, ""))
    KNOWN.hold(conversation)
    assert conversation is not None
    OBJECT.hold(body)
    assert isinstance(body, dict)
    CONTENT.hold(body)
    TEXT_IS_TEXT.hold(body)
    ARCHIVED.hold(conversation)
    blocks = message_blocks(body["blocks"]) if body.get("blocks") else []
    return workspace.post(
        Message(
            ts=workspace.new_ts(),
            conversation=conversation.id,
            author=fixtures.ANCHOR_USER,
            bot_id=fixtures.ANCHOR_BOT,
            text=body.get("text") or "",
            blocks=blocks,
            unfurl_links=body.get("unfurl_links"),
            unfurl_media=body.get("unfurl_media"),
        )
    )
