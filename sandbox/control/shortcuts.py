"""A person chooses a shortcut of the app in a message's menu."""

from __future__ import annotations

from sandbox import fixtures, payloads
from sandbox.control.base import Base
from sandbox.rules import Conduct, Refused, Rule, when
from sandbox.wire import Json

PAGE = "interactivity/implementing-shortcuts"
EXISTS = Rule(
    "message shortcut: one that is in the manifest",
    PAGE,
    "no_such_shortcut",
    when(lambda pair: pair[0] not in pair[1].shortcuts, "the app has no such shortcut"),
)
OWN_TEAM = Rule(
    "message shortcut: only people of the workspace that installed the app",
    "apis/slack-connect",
    "no_such_shortcut",
    when(lambda person: person.team_id != fixtures.TEAM, "people of another company do not see it"),
)
WHOLE_MESSAGE = Conduct(
    "message_action: the whole message, a fresh trigger_id and response_url",
    "reference/interaction-payloads/shortcuts-interaction-payload",
    when(
        lambda p: p["message"].get("ts") != p["message_ts"] or not p.get("response_url") or not p.get("trigger_id"),
        "not what Slack sends for a message",
    ),
)


class Shortcuts(Base):
    """What stands in a message's menu."""

    async def use_shortcut(self, user: str, conversation: str, ts: str, callback_id: str = fixtures.SHORTCUT) -> Json:
        """Choose it for a message. Answers `{outcome}`: `acked`, `operation_timeout` or `dispatch_failed`."""
        person = self._person(user)
        message = self._message(conversation, ts, user)
        if message.seen_by is not None:
            raise Refused("no_such_shortcut", "an ephemeral message has no such menu")
        EXISTS.hold((callback_id, self.workspace.app))
        OWN_TEAM.hold(person)
        place = self._conversation(conversation)
        payload = payloads.message_shortcut(self.workspace, person, place, message, callback_id)
        WHOLE_MESSAGE.keep(payload)
        reply = await self.road.deliver("interactive", payload)
        if reply.outcome != "acked":
            self.workspace.complain(user, "shortcut", reply.outcome)
        return {"outcome": reply.outcome}
