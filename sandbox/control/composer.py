"""A person types: a message, or a slash command."""

from __future__ import annotations

from sandbox import fixtures, payloads
from sandbox.control.base import Base
from sandbox.conversations import Conversation, Message
from sandbox.envelopes import Reply
from sandbox.people import Person
from sandbox.response_urls import ResponseUrl
from sandbox.responses import answer_command
from sandbox.rules import Conduct, Refused, Rule, when
from sandbox.typed_text import escaped
from sandbox.wire import Json

PAGE = "interactivity/implementing-slash-commands"
EXISTS = Rule(
    "slash command: one that is in the manifest",
    PAGE,
    "invalid_command",
    when(lambda pair: pair[0] not in pair[1].commands, "not a valid command"),
)
OWN_TEAM = Rule(
    "slash command: only people of the workspace that installed the app",
    "apis/slack-connect",
    "invalid_command",
    when(lambda person: person.team_id != fixtures.TEAM, "people of another company cannot run it"),
)
NOT_IN_THREAD = Rule(
    "slash command: not in threads",
    PAGE,
    "command_in_thread",
    when(bool, "slash commands are not supported in threads"),
)
PAYLOAD = Conduct(
    "slash command: D… id and directmessage in a DM, never a thread_ts",
    PAGE,
    when(
        lambda p: "thread_ts" in p or (p["channel_id"][0] == "D") != (p["channel_name"] == "directmessage"),
        "the payload is not one that Slack sends",
    ),
)
READ_ONLY = Rule(
    "Messages tab: read only unless the manifest says otherwise",
    "surfaces/app-home",
    "messages_tab_read_only",
    when(
        lambda pair: pair[0].kind == "bot_im" and pair[1].messages_tab_read_only,
        "sending messages to this app is turned off",
    ),
)


class Composer(Base):
    """What goes into a composer."""

    async def type(self, user: str, conversation: str, text: str, thread_ts: str | None = None) -> Json:
        """Send what was typed. Answers `{outcome, …}`: `posted` with ts, `acked`, or Slack's error code."""
        person = self._person(user)
        place = self._conversation(conversation, user)
        if place.archived:
            raise Refused("is_archived", "this conversation is archived")
        READ_ONLY.hold((place, self.workspace.app))
        if text.startswith("/"):
            return await self._command(person, place, text, thread_ts)
        if not text.strip():
            raise Refused("no_text", "there is nothing to send")
        if thread_ts:
            parent = self._message(conversation, thread_ts, user)
            parent.thread_ts = parent.ts
        message = Message(
            self.workspace.new_ts(), place.id, person.id, escaped(self.workspace, text), thread_ts=thread_ts
        )
        self.workspace.post(message)
        self.workspace.read[(user, place.id)] = message.ts
        return {"outcome": "posted", "ts": message.ts}

    async def _command(self, person: Person, place: Conversation, line: str, thread_ts: str | None) -> Json:
        command, _, rest = line.partition(" ")
        try:
            EXISTS.hold((command, self.workspace.app))
            OWN_TEAM.hold(person)
            NOT_IN_THREAD.hold(thread_ts)
        except Refused as no:
            self._slackbot(person, place, f"{command}: {no.said}.")
            return {"outcome": no.error}
        text = escaped(self.workspace, rest.strip()) if self.workspace.app.should_escape else rest.strip()
        typed = f"{command} {text}".strip()
        token = self.workspace.response_urls.issue(person.id, place.id, "slash", typed=typed)
        url = self.workspace.response_urls.peek(token)
        payload = payloads.slash_command(self.workspace, person, place, command, text, token)
        PAYLOAD.keep(payload)
        reply = await self.road.deliver("slash_commands", payload)
        return self._answered(person, place, command, url, reply)

    def _answered(self, person: Person, place: Conversation, command: str, url: ResponseUrl, reply: Reply) -> Json:
        if reply.outcome != "acked":
            self._slackbot(person, place, f'{command} failed with the error "{reply.outcome}".')
            self.workspace.complain(person.id, command, reply.outcome)
            return {"outcome": reply.outcome}
        if reply.payload:
            # An answer in the acknowledgement is not one of the five uses of the response URL.
            answer_command(self.workspace, url, reply.payload)
        return {"outcome": "acked"}

    def _slackbot(self, person: Person, place: Conversation, text: str) -> None:
        self.workspace.post(Message(self.workspace.new_ts(), place.id, fixtures.SLACKBOT, text, seen_by=person.id))
