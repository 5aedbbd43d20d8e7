"""What an app says through a response URL, or in the acknowledgement of a slash command.

Only the person who did something sees it, unless it says `in_channel`; on a slash command that also
publishes the line which that person typed.
"""

from __future__ import annotations

from sandbox import fixtures
from sandbox.block_kit.surfaces import message_blocks
from sandbox.conversations import Message
from sandbox.response_urls import ResponseUrl
from sandbox.rules import Conduct, Refused, Rule, when
from sandbox.web_api.rules_messages import TEXT_IS_TEXT
from sandbox.wire import Json
from sandbox.workspace import Workspace

PAGE = "interactivity/handling-user-interaction"
OBJECT = Rule(
    "response_url: a JSON object", PAGE, "invalid_payload", when(lambda body: not isinstance(body, dict), "not JSON")
)
DELETE_ALONE = Rule(
    "response_url: delete_original stands alone",
    PAGE,
    "invalid_payload",
    when(lambda body: body.get("delete_original") and len(body) > 1, "delete_original must be the only member"),
)
CONTENT = Rule(
    "response_url: text or blocks",
    PAGE,
    "no_text",
    when(lambda body: not body.get("text") and not body.get("blocks"), "neither text nor blocks"),
)
TYPE = Rule(
    "response_url: response_type is ephemeral or in_channel",
    PAGE,
    "invalid_payload",
    when(
        lambda body: body.get("response_type", "ephemeral") not in ("ephemeral", "in_channel"), "unknown response_type"
    ),
)
EPHEMERAL = Conduct(
    "response_url: ephemeral unless asked otherwise",
    PAGE,
    when(
        lambda pair: pair[1].seen_by is None and pair[0].get("response_type") != "in_channel",
        "a response without response_type is for one person",
    ),
)
SHOWS_COMMAND = Conduct(
    "response_url: in_channel publishes the typed command",
    "interactivity/implementing-slash-commands",
    when(lambda pair: pair[0].typed and not pair[1], "the command line was not published"),
)


def respond(workspace: Workspace, url: ResponseUrl, body: object) -> None:
    """Carry out one post to a response URL. Refused with the codes of the rules above."""
    OBJECT.hold(body)
    assert isinstance(body, dict)
    DELETE_ALONE.hold(body)
    origin = _origin(workspace, url)
    if body.get("delete_original"):
        if origin is not None:
            origin.deleted = True
        workspace.changes.tell()
        return
    CONTENT.hold(body)
    TYPE.hold(body)
    TEXT_IS_TEXT.hold(body)
    blocks = message_blocks(body["blocks"]) if body.get("blocks") else []
    if body.get("replace_original") and origin is not None:
        workspace.rewrite(origin, text=body.get("text") or "", blocks=blocks, show_edited=True)
        return
    publish(workspace, url, body, blocks)


def publish(workspace: Workspace, url: ResponseUrl, body: Json, blocks: list[Json]) -> None:
    """Post a new message: to one person, or to all and then with the typed command before it."""
    everybody = body.get("response_type") == "in_channel"
    if everybody:
        shown = None
        if url.typed:
            shown = workspace.post(
                Message(workspace.new_ts(), url.conversation, url.user, url.typed, by_response_url=True)
            )
        SHOWS_COMMAND.keep((url, shown))
    message = Message(
        ts=workspace.new_ts(),
        conversation=url.conversation,
        author=fixtures.BOT_USER,
        bot_id=fixtures.BOT,
        text=body.get("text") or "",
        blocks=blocks,
        seen_by=None if everybody else url.user,
        unfurl_links=body.get("unfurl_links"),
        unfurl_media=body.get("unfurl_media"),
        by_response_url=True,
    )
    EPHEMERAL.keep((body, message))
    workspace.post(message)


def _origin(workspace: Workspace, url: ResponseUrl) -> Message | None:
    if url.origin != "message":
        return None
    return workspace.conversations[url.conversation].find(url.message_ts)


def answer_command(workspace: Workspace, url: ResponseUrl, body: Json) -> None:
    """Show what the acknowledgement of a slash command says; an impossible one becomes a complaint."""
    if not body.get("text") and not body.get("blocks"):
        return
    try:
        TYPE.hold(body)
        TEXT_IS_TEXT.hold(body)
        blocks = message_blocks(body["blocks"]) if body.get("blocks") else []
    except Refused as no:
        workspace.complain(url.user, "slash command", no.error)
        return
    publish(workspace, url, body, blocks)
