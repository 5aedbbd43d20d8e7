"""chat.postMessage, chat.postEphemeral, chat.update, chat.delete, chat.getPermalink."""

from __future__ import annotations

from typing import Any

from sandbox import fixtures
from sandbox.block_kit.surfaces import message_blocks
from sandbox.conversations import Conversation, Message
from sandbox.web_api import rules_messages as rules
from sandbox.wire import Json
from sandbox.workspace import Workspace


def where(workspace: Workspace, named: Any) -> Conversation:
    """The conversation, if the bot may post there."""
    found = workspace.conversations.get(named) if isinstance(named, str) else None
    place = rules.Place(named, found, workspace.app)
    for rule in rules.WHERE:
        rule.hold(place)
    assert found is not None
    return found


def _content(given: Json) -> tuple[str, list[Json]]:
    rules.TEXT_IS_TEXT.hold(given)
    rules.NO_ATTACHMENTS.hold(given)
    blocks = message_blocks(given["blocks"]) if given.get("blocks") not in (None, "") else []
    rules.SAYS_SOMETHING.hold({"text": given.get("text"), "blocks": blocks})
    return given.get("text") or "", blocks


def _metadata(given: Json) -> Json | None:
    metadata = given.get("metadata")
    if metadata is None:
        return None
    rules.METADATA_FORM.hold(metadata)
    rules.METADATA_SIZE.hold(metadata)
    return metadata or None


def _thread(conversation: Conversation, given: Json) -> str | None:
    ts = given.get("thread_ts")
    if not ts:
        return None
    parent = conversation.find(str(ts))
    rules.THREAD.hold((parent,))
    assert parent is not None
    rules.TOP_LEVEL.hold(parent)
    parent.thread_ts = parent.ts
    return parent.ts


async def post_message(workspace: Workspace, given: Json) -> Json:
    conversation = where(workspace, given.get("channel"))
    rules.TEXT_IS_TEXT.hold(given)
    rules.POST_LENGTH.hold(given)
    text, blocks = _content(given)
    metadata = _metadata(given)
    thread = _thread(conversation, given)
    workspace.pace.spend(conversation.id)
    message = workspace.post(
        Message(
            ts=workspace.new_ts(),
            conversation=conversation.id,
            author=fixtures.BOT_USER,
            bot_id=fixtures.BOT,
            text=text,
            blocks=blocks,
            metadata=metadata,
            thread_ts=thread,
            unfurl_links=given.get("unfurl_links"),
            unfurl_media=given.get("unfurl_media"),
        )
    )
    return {"channel": conversation.id, "ts": message.ts, "message": message.as_slack()}


async def post_ephemeral(workspace: Workspace, given: Json) -> Json:
    conversation = where(workspace, given.get("channel"))
    rules.REACHES.hold((given.get("user"), conversation))
    text, blocks = _content(given)
    message = workspace.post(
        Message(
            ts=workspace.new_ts(),
            conversation=conversation.id,
            author=fixtures.BOT_USER,
            bot_id=fixtures.BOT,
            text=text,
            blocks=blocks,
            thread_ts=_thread(conversation, given),
            seen_by=given.get("user"),
        )
    )
    return {"message_ts": message.ts}


async def update(workspace: Workspace, given: Json) -> Json:
    """`text` without `blocks` removes the blocks; blocks alone leave the text and show no "(edited)"."""
    conversation = where(workspace, given.get("channel"))
    message = rules.own(conversation.find(str(given.get("ts"))), rules.FOUND, rules.OWN)
    rules.BY_CALL.hold(message)
    rules.TEXT_IS_TEXT.hold(given)
    rules.UPDATE_LENGTH.hold(given)
    text, blocks = _content(given)
    metadata = _metadata(given)
    if "metadata" in given:
        message.metadata = metadata
    has_text = bool(given.get("text"))
    workspace.rewrite(message, text=text if has_text else message.text, blocks=blocks, show_edited=has_text)
    return {
        "channel": conversation.id,
        "ts": message.ts,
        "text": message.text,
        "message": message.as_slack(),
    }


async def delete(workspace: Workspace, given: Json) -> Json:
    conversation = where(workspace, given.get("channel"))
    found = conversation.find(str(given.get("ts")))
    message = rules.own(found, rules.FOUND_TO_DELETE, rules.OWN_TO_DELETE)
    message.deleted = True
    workspace.changes.tell()
    return {"channel": conversation.id, "ts": message.ts}


async def permalink(workspace: Workspace, given: Json) -> Json:
    conversation = workspace.conversations.get(str(given.get("channel")))
    rules.SEEN_TO_LINK.hold(conversation)
    assert conversation is not None
    message = conversation.find(str(given.get("message_ts")))
    rules.FOUND_TO_LINK.hold(message)
    assert message is not None
    path = f"{conversation.id}/p{message.ts.replace('.', '')}"
    return {"channel": conversation.id, "permalink": f"https://{fixtures.TEAM_DOMAIN}.slack.com/archives/{path}"}
