"""What all parts of the control share: the workspace, the road to the app, and looking things up.

A refusal here is the client's (a person cannot do that), not the Web API's; its code is ours.
"""

from __future__ import annotations

from sandbox.control.road import Road
from sandbox.conversations import Conversation, Message
from sandbox.modals import OpenView
from sandbox.offers import OFFERED, Choice
from sandbox.people import Person
from sandbox.rules import Refused
from sandbox.wire import Json
from sandbox.workspace import Workspace


class Base:
    """Looks up people, conversations, messages and views; `Refused` when they are not there."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.road = Road(workspace)

    def _person(self, user: str) -> Person:
        person = self.workspace.people.get(user)
        if person is None:
            raise Refused("no_such_person", f"nobody has the id {user}")
        if person.deleted or person.is_bot:
            raise Refused("cannot_act", f"{person.real_name} cannot do anything here")
        return person

    def _conversation(self, conversation: str, user: str | None = None) -> Conversation:
        found = self.workspace.conversations.get(conversation)
        if found is None or (user is not None and user not in found.members):
            raise Refused("no_such_conversation", f"{user or 'nobody'} is not in {conversation}")
        return found

    def _message(self, conversation: str, ts: str, user: str) -> Message:
        message = self._conversation(conversation, user).find(ts)
        if message is None or message.seen_by not in (None, user):
            raise Refused("no_such_message", f"{user} sees no message {ts} in {conversation}")
        return message

    def _view(self, view: str) -> OpenView:
        found = self.workspace.modals.find(view)
        if found is None:
            raise Refused("no_such_view", f"no view {view} is open")
        return found

    def _hold_offered(self, element: Json, user: str, given: object) -> None:
        """Refused: impossible_entry, when a menu of conversations does not offer this one."""
        if element["type"] == "conversations_select" and given:
            OFFERED.hold(Choice(element, user, self.workspace.conversations.get(str(given))))
