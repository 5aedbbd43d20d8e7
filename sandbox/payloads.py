"""The payloads that Slack sends to an app, member by member as its reference lists them."""

from __future__ import annotations

import secrets

from sandbox import fixtures
from sandbox.conversations import Conversation, Message
from sandbox.modals import OpenView
from sandbox.people import Person
from sandbox.wire import Json
from sandbox.workspace import Workspace

VERIFICATION = "deprecated-verification-token"


def team(person: Person) -> Json:
    """The clicking person's team; another company's id for its people."""
    domain = fixtures.TEAM_DOMAIN if person.team_id == fixtures.TEAM else "partner"
    return {"id": person.team_id, "domain": domain}


def _user(person: Person) -> Json:
    return {
        "id": person.id,
        "username": person.handle,
        "name": person.handle,
        "team_id": person.team_id,
    }


def _common(kind: str, person: Person) -> Json:
    return {
        "type": kind,
        "team": team(person),
        "user": _user(person),
        "api_app_id": fixtures.APP,
        "token": VERIFICATION,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def _trigger_in(workspace: Workspace, person: Person, view: OpenView) -> str:
    return workspace.triggers.issue(person.id, view.id, view.current.id if view.current else None)


def response_address(workspace: Workspace, token: str) -> str:
    return f"{workspace.base_url}/response/{token}"


def slash_command(
    workspace: Workspace, person: Person, place: Conversation, command: str, text: str, response_token: str
) -> Json:
    """reference: interactivity/implementing-slash-commands. Never a thread_ts."""
    return {
        "token": VERIFICATION,
        "team_id": fixtures.TEAM,
        "team_domain": fixtures.TEAM_DOMAIN,
        "channel_id": place.id,
        "channel_name": place.channel_name(),
        "user_id": person.id,
        "user_name": person.handle,
        "command": command,
        "text": text,
        "api_app_id": fixtures.APP,
        "is_enterprise_install": "false",
        "response_url": response_address(workspace, response_token),
        "trigger_id": workspace.triggers.issue(person.id, conversation=place.id),
    }


def view_submission(workspace: Workspace, person: Person, view: OpenView) -> Json:
    """reference/interaction-payloads/view-interactions-payload."""
    return {
        **_common("view_submission", person),
        "trigger_id": _trigger_in(workspace, person, view),
        "view": view.as_slack(),
        "response_urls": _response_urls(workspace, person, view),
    }


def _response_urls(workspace: Workspace, person: Person, view: OpenView) -> list[Json]:
    urls = []
    for block in view.definition["blocks"]:
        element = block.get("element", {})
        if not element.get("response_url_enabled"):
            continue
        chosen = view.entered[block["block_id"]][element["action_id"]]["selected_conversation"]
        if chosen:
            token = workspace.response_urls.issue(person.id, chosen, "modal")
            urls.append(
                {
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                    "channel_id": chosen,
                    "response_url": response_address(workspace, token),
                }
            )
    return urls


def view_closed(person: Person, view: OpenView, *, is_cleared: bool) -> Json:
    """Without the state of input blocks: a cancelled form does not send what was typed."""
    return {
        **_common("view_closed", person),
        "view": view.as_slack(with_inputs=False),
        "is_cleared": is_cleared,
    }


def block_actions_in_view(workspace: Workspace, person: Person, view: OpenView, action: Json) -> Json:
    """No message, channel or response_url; the view carries the state of all its elements."""
    return {
        **_common("block_actions", person),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": _trigger_in(workspace, person, view),
        "view": view.as_slack(),
        "state": {"values": view.as_slack()["state"]["values"]},
        "actions": [action],
    }


def block_actions_in_message(
    workspace: Workspace, person: Person, place: Conversation, message: Message, action: Json
) -> Json:
    """With a fresh response_url. An ephemeral message is named by its container only."""
    token = workspace.response_urls.issue(person.id, place.id, "message", message_ts=message.ts)
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": place.id,
        "is_ephemeral": message.seen_by is not None,
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    payload = {
        **_common("block_actions", person),
        "container": container,
        "trigger_id": workspace.triggers.issue(person.id, conversation=place.id),
        "channel": {"id": place.id, "name": place.channel_name()},
        "state": {"values": {}},
        "response_url": response_address(workspace, token),
        "actions": [action],
    }
    if message.seen_by is None:
        payload["message"] = message.as_slack()
    return payload


def message_shortcut(
    workspace: Workspace, person: Person, place: Conversation, message: Message, callback_id: str
) -> Json:
    """reference/interaction-payloads/shortcuts-interaction-payload: the whole message, and a response_url."""
    token = workspace.response_urls.issue(person.id, place.id, "slash")
    return {
        **_common("message_action", person),
        "action_ts": workspace.new_ts(),
        "callback_id": callback_id,
        "trigger_id": workspace.triggers.issue(person.id, conversation=place.id),
        "channel": {"id": place.id, "name": place.channel_name()},
        "message_ts": message.ts,
        "message": message.as_slack(),
        "response_url": response_address(workspace, token),
    }


def event(workspace: Workspace, body: Json, person: str | None = None) -> Json:
    """An Events API callback (apis/events-api)."""
    return {
        "token": VERIFICATION,
        "team_id": fixtures.TEAM,
        "api_app_id": fixtures.APP,
        "event": body,
        "type": "event_callback",
        "event_id": f"Ev0{secrets.token_hex(4).upper()}",
        "event_time": int(workspace.clock.now()),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": fixtures.TEAM,
                "user_id": fixtures.BOT_USER,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
    }
