"""Conversations and the messages in them, with every earlier version of an edited message.

A conversation does not know who may post where: those are rules (sandbox/web_api/rules_messages.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from sandbox.wire import Json

Kind = Literal["channel", "private", "im", "bot_im", "mpim"]


@dataclass
class Version:
    """What a message said before it was edited."""

    at: float
    text: str
    blocks: list[Json]


@dataclass
class Message:
    """One message; `ts` names it within its conversation. `seen_by` None = everybody there."""

    ts: str
    conversation: str
    author: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    metadata: Json | None = None
    thread_ts: str | None = None
    bot_id: str | None = None
    unfurl_links: bool | None = None
    unfurl_media: bool | None = None
    edited_ts: str | None = None
    deleted: bool = False
    seen_by: str | None = None
    by_response_url: bool = False
    earlier: list[Version] = field(default_factory=list)

    def as_slack(self) -> Json:
        """The `message` object of answers and payloads."""
        message: Json = {"type": "message", "user": self.author, "text": self.text, "ts": self.ts}
        if self.bot_id:
            message["bot_id"] = self.bot_id
        if self.blocks:
            message["blocks"] = self.blocks
        if self.thread_ts:
            message["thread_ts"] = self.thread_ts
        if self.edited_ts:
            message["edited"] = {"user": self.author, "ts": self.edited_ts}
        if self.metadata is not None:
            message["metadata"] = self.metadata
        return message


@dataclass
class Conversation:
    """A channel or a direct message. `members` holds user ids, the bot's too."""

    id: str
    name: str
    kind: Kind
    members: set[str]
    archived: bool = False
    is_ext_shared: bool = False
    topic: str = ""
    messages: list[Message] = field(default_factory=list)

    def find(self, ts: str) -> Message | None:
        for message in self.messages:
            if message.ts == ts and not message.deleted:
                return message
        return None

    def channel_name(self) -> str:
        """What a slash command's payload says; Slack hides the names of direct and private ones."""
        if self.kind in ("im", "bot_im"):
            return "directmessage"
        return "privategroup" if self.kind == "private" else self.name

    def as_slack(self) -> Json:
        """The `channel` object of `conversations.info`, as far as the sandbox has one."""
        return {
            "id": self.id,
            "name": self.name,
            "is_channel": self.kind == "channel",
            "is_private": self.kind != "channel",
            "is_im": self.kind in ("im", "bot_im"),
            "is_archived": self.archived,
            "is_ext_shared": self.is_ext_shared,
        }
