"""What may be posted where, and which messages may be changed."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from sandbox import fixtures
from sandbox.app_settings import AppSettings
from sandbox.conversations import Conversation, Message
from sandbox.rules import Rule, when

POST = "reference/methods/chat.postMessage"
UPDATE = "reference/methods/chat.update"
DELETE = "reference/methods/chat.delete"
EPHEMERAL = "reference/methods/chat.postEphemeral"
PERMALINK = "reference/methods/chat.getPermalink"


@dataclass(frozen=True)
class Place:
    """Where the bot wants to post. `named` is the argument as given."""

    named: Any
    conversation: Conversation | None
    app: AppSettings

    def bot_is_in(self) -> bool:
        return self.conversation is not None and fixtures.BOT_USER in self.conversation.members


CONVERSATION_ID = Rule(
    "channel: a conversation id, not a person's",
    POST,
    "channel_not_found",
    when(
        lambda p: not isinstance(p.named, str) or not re.fullmatch(r"[CDG][A-Z0-9]+", p.named),
        "open the conversation first and use its D… id",
    ),
)
EXISTS = Rule(
    "channel: one that exists", POST, "channel_not_found", when(lambda p: p.conversation is None, "no such one")
)
NOT_BETWEEN_PEOPLE = Rule(
    "channel: never a DM between two people",
    f"{POST}#dm",
    "channel_not_found",
    when(lambda p: p.conversation.kind == "im", "a bot token cannot reach a DM between two people"),
)
SEES_PRIVATE = Rule(
    "channel: a private one only for members",
    POST,
    "channel_not_found",
    when(lambda p: p.conversation.kind == "private" and not p.bot_is_in(), "the bot cannot see it"),
)
NOT_ARCHIVED = Rule(
    "channel: not archived", POST, "is_archived", when(lambda p: p.conversation.archived, "it is archived")
)
MEMBER = Rule("channel: the bot is in it", POST, "not_in_channel", when(lambda p: not p.bot_is_in(), "invite it"))
MESSAGES_TAB = Rule(
    "channel: the Messages tab is on",
    "surfaces/app-home",
    "messages_tab_disabled",
    when(lambda p: p.conversation.kind == "bot_im" and not p.app.messages_tab, "the tab is off"),
)
WHERE = (CONVERSATION_ID, EXISTS, NOT_BETWEEN_PEOPLE, SEES_PRIVATE, NOT_ARCHIVED, MEMBER, MESSAGES_TAB)

SAYS_SOMETHING = Rule(
    "message: text or blocks",
    POST,
    "no_text",
    when(lambda a: not a.get("text") and not a.get("blocks"), "neither text nor blocks"),
)
TEXT_IS_TEXT = Rule(
    "message: text is a string",
    POST,
    "invalid_arguments",
    when(lambda a: a.get("text") is not None and not isinstance(a["text"], str), "text must be a string"),
)
POST_LENGTH = Rule(
    "chat.postMessage: text of at most 40,000 characters",
    POST,
    "msg_too_long",
    when(lambda a: len(a.get("text") or "") > 40_000, "longer than 40,000 characters"),
)
UPDATE_LENGTH = Rule(
    "chat.update: text of at most 4,000 characters",
    UPDATE,
    "msg_too_long",
    when(lambda a: len(a.get("text") or "") > 4_000, "longer than 4,000 characters"),
)
NO_ATTACHMENTS = Rule(
    "message: no attachments (the sandbox does not play them)",
    POST,
    "invalid_attachments",
    when(lambda a: bool(a.get("attachments")), "use blocks"),
)
THREAD = Rule(
    "thread_ts: a message of this conversation",
    POST,
    "thread_not_found",
    when(lambda pair: pair[0] is None, "there is no such parent message"),
)
TOP_LEVEL = Rule(
    "thread_ts: a parent, not a reply",
    POST,
    "cannot_reply_to_message",
    when(lambda m: m.thread_ts not in (None, m.ts), "that message is itself a reply"),
)


def _metadata(given: Any) -> str | None:
    if not isinstance(given, dict) or set(given) - {"event_type", "event_payload"}:
        return "metadata is an object of event_type and event_payload"
    if given == {}:
        return None
    fine = isinstance(given.get("event_type"), str) and isinstance(given.get("event_payload"), dict)
    return None if fine and given["event_type"] else "metadata needs event_type and event_payload"


METADATA_FORM = Rule(
    "metadata: event_type and event_payload", "messaging/message-metadata", "invalid_metadata_format", _metadata
)
METADATA_SIZE = Rule(
    "metadata: at most 16 kB",
    "messaging/message-metadata",
    "metadata_too_large",
    when(lambda given: len(json.dumps(given).encode()) > 16_000, "larger than 16 kB"),
)
GONE = when(lambda m: m is None or m.seen_by is not None, "no such message, or one that only one person sees")
FOREIGN = when(lambda m: m.author != fixtures.BOT_USER, "somebody else's message")
FOUND = Rule(
    "chat.update: a message that exists and is not ephemeral",
    UPDATE,
    "message_not_found",
    GONE,
)
OWN = Rule(
    "chat.update: own messages only",
    UPDATE,
    "cant_update_message",
    FOREIGN,
)
BY_CALL = Rule(
    "chat.update: never a message that came by a response_url",
    UPDATE,
    "cant_update_message",
    when(lambda m: m.by_response_url, "it was posted through a response_url; only a click in it brings another one"),
)
FOUND_TO_DELETE = Rule(
    "chat.delete: a message that exists and is not ephemeral",
    DELETE,
    "message_not_found",
    GONE,
)
OWN_TO_DELETE = Rule(
    "chat.delete: own messages only",
    DELETE,
    "cant_delete_message",
    FOREIGN,
)
SEEN_TO_LINK = Rule(
    "chat.getPermalink: a conversation that exists and the bot can see",
    PERMALINK,
    "channel_not_found",
    when(
        lambda c: c is None or (c.kind != "channel" and fixtures.BOT_USER not in c.members), "the bot sees no such one"
    ),
)
FOUND_TO_LINK = Rule(
    "chat.getPermalink: a message that exists and is not ephemeral",
    PERMALINK,
    "message_not_found",
    GONE,
)
REACHES = Rule(
    "chat.postEphemeral: the person is in the conversation",
    EPHEMERAL,
    "user_not_in_channel",
    when(
        lambda pair: not isinstance(pair[0], str) or pair[0] not in pair[1].members,
        "that person is not in the conversation",
    ),
)


def own(message: Message | None, found: Rule, mine: Rule) -> Message:
    """The message, if it exists and is the bot's."""
    found.hold(message)
    assert message is not None
    mine.hold(message)
    return message
