"""conversations.open and conversations.info."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox import fixtures
from sandbox.people import Person
from sandbox.rules import Rule, when
from sandbox.web_api.rules_access import Caller, admit
from sandbox.wire import Json
from sandbox.workspace import Workspace

OPEN = "reference/methods/conversations.open"
NAMES_SOMEBODY = Rule(
    "conversations.open: users or channel", OPEN, "users_list_not_supplied", when(lambda ids: not ids, "no users")
)
AT_MOST_EIGHT = Rule(
    "conversations.open: at most eight people", OPEN, "too_many_users", when(lambda ids: len(ids) > 8, "more than 8")
)
SOMEBODY_ELSE = Rule(
    "conversations.open: somebody besides the bot",
    OPEN,
    "not_enough_users",
    when(lambda ids: set(ids) == {fixtures.BOT_USER}, "only the bot itself"),
)
EXISTS = Rule(
    "conversations.open: never invents people", OPEN, "user_not_found", when(lambda p: p is None, "no such person")
)
ACTIVE = Rule("conversations.open: not deactivated", OPEN, "user_disabled", when(lambda p: p.deleted, "deactivated"))
VISIBLE = Rule(
    "conversations.open: people of another company only with a common channel",
    "apis/slack-connect",
    "user_not_visible",
    when(lambda p: bool(p.is_stranger), "shares no channel with the bot"),
)
NOT_A_BOT = Rule(
    "conversations.open: no bots",
    OPEN,
    "cannot_dm_bot",
    when(lambda p: p.is_bot or p.id == fixtures.SLACKBOT, "a bot"),
)


@dataclass(frozen=True)
class Group:
    """People for a group conversation, some of them of another company."""

    strangers: int


TOGETHER = Rule(
    "conversations.open: external people share a channel",
    OPEN,
    "invalid_user_combination",
    when(lambda group: group.strangers > 0, "external people must already be in a channel together"),
)
CHANNEL = Rule(
    "conversations.open: channel is a direct message that exists",
    OPEN,
    "channel_not_found",
    when(lambda c: c is None or c.kind != "bot_im", "no such direct message"),
)


async def open_conversation(workspace: Workspace, given: Json) -> Json:
    """Opens or finds the DM between the bot and one person; several people need `mpim:write`."""
    if given.get("channel"):
        known = workspace.conversations.get(str(given["channel"]))
        CHANNEL.hold(known)
        return {"channel": {"id": given["channel"]}, "no_op": True, "already_open": True}
    ids = [one.strip() for one in _listed(given.get("users")) if one.strip()]
    NAMES_SOMEBODY.hold(ids)
    AT_MOST_EIGHT.hold(ids)
    SOMEBODY_ELSE.hold(ids)
    people = [_person(workspace, one) for one in ids]
    if len(people) > 1:
        return _group(workspace, people)
    VISIBLE.hold(people[0])
    existed = workspace.bot_dm(people[0].id, create=False)
    if existed is None and given.get("prevent_creation"):
        CHANNEL.hold(None)
    conversation = existed or workspace.bot_dm(people[0].id)
    assert conversation is not None
    answer: Json = {"channel": {"id": conversation.id}}
    if given.get("return_im"):
        answer["channel"] = conversation.as_slack() | {"user": people[0].id}
    if existed:
        answer |= {"no_op": True, "already_open": True}
    return answer


def _listed(users: object) -> list[str]:
    if isinstance(users, list):
        return [str(one) for one in users]
    return str(users or "").split(",")


def _person(workspace: Workspace, user: str) -> Person:
    person = workspace.people.get(user)
    EXISTS.hold(person)
    assert person is not None
    if user != fixtures.BOT_USER:
        NOT_A_BOT.hold(person)
    ACTIVE.hold(person)
    return person


def _group(workspace: Workspace, people: list[Person]) -> Json:
    admit(Caller(workspace.app, workspace.app.bot_token, "bot", ("mpim:write",)))
    TOGETHER.hold(Group(sum(bool(p.is_stranger) for p in people)))
    members = {fixtures.BOT_USER, *(p.id for p in people)}
    for conversation in workspace.conversations.values():
        if conversation.kind == "mpim" and conversation.members == members:
            return {"channel": {"id": conversation.id}, "already_open": True}
    from sandbox.conversations import Conversation

    name = "mpdm-" + "--".join(sorted(p.handle for p in people)) + "-1"
    group = Conversation(f"G0GROUP{len(workspace.conversations):03d}", name, "mpim", members)
    workspace.conversations[group.id] = group
    workspace.changes.tell()
    return {"channel": {"id": group.id}}


KNOWN = Rule(
    "conversations.info: one that exists and the bot can see",
    "reference/methods/conversations.info",
    "channel_not_found",
    when(lambda c: c is None or (c.kind != "channel" and fixtures.BOT_USER not in c.members), "no such conversation"),
)


async def describe(workspace: Workspace, given: Json) -> Json:
    conversation = workspace.conversations.get(str(given.get("channel")))
    KNOWN.hold(conversation)
    assert conversation is not None
    return {"channel": conversation.as_slack() | {"is_member": fixtures.BOT_USER in conversation.members}}
