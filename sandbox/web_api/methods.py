"""Which methods there are, what token and scope each wants, and which function answers.

Methods without a function exist in Slack but are not played: the scope is asked for as Slack asks, and
with the scope granted the answer says so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sandbox.web_api import basics, chat, places, views
from sandbox.wire import Json
from sandbox.workspace import Workspace

Answer = Callable[[Workspace, Json], Awaitable[Json]]


@dataclass(frozen=True)
class Method:
    """`scopes`: one of these must be granted; none = no scope needed. `wants`: bot, app or "" (any or none)."""

    answer: Answer | None
    scopes: tuple[str, ...] = ()
    wants: str = "bot"


READ = ("channels:read", "groups:read", "im:read", "mpim:read")
HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
METHODS: dict[str, Method] = {
    "api.test": Method(basics.test_api, wants=""),
    "auth.test": Method(basics.test_token),
    "apps.connections.open": Method(basics.open_connection, wants="app"),
    "users.info": Method(basics.describe_person, ("users:read",)),
    "users.list": Method(basics.list_people, ("users:read",)),
    "conversations.open": Method(places.open_conversation, ("im:write", "mpim:write")),
    "conversations.info": Method(places.describe, READ),
    "chat.postMessage": Method(chat.post_message, ("chat:write",)),
    "chat.postEphemeral": Method(chat.post_ephemeral, ("chat:write",)),
    "chat.update": Method(chat.update, ("chat:write",)),
    "chat.delete": Method(chat.delete, ("chat:write",)),
    "chat.getPermalink": Method(chat.permalink),
    "views.open": Method(views.open_view),
    "views.push": Method(views.push),
    "views.update": Method(views.update),
    "views.publish": Method(views.publish),
    "conversations.history": Method(None, HISTORY),
    "conversations.replies": Method(None, HISTORY),
    "conversations.list": Method(None, READ),
    "conversations.members": Method(None, READ),
    "conversations.join": Method(None, ("channels:join",)),
    "users.lookupByEmail": Method(None, ("users:read.email",)),
    "usergroups.list": Method(None, ("usergroups:read",)),
    "usergroups.users.list": Method(None, ("usergroups:read",)),
    "team.info": Method(None, ("team:read",)),
    "reactions.add": Method(None, ("reactions:write",)),
    "files.upload": Method(None, ("files:write",)),
}
