"""What somebody sees: conversations, messages with their edits and threads, views, recorded calls."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from sandbox import fixtures
from sandbox.control.base import Base
from sandbox.conversations import Conversation, Message
from sandbox.modals import OpenView
from sandbox.wire import Json


class Looks(Base):
    """Reading without changing anything."""

    def people(self) -> list[Json]:
        """Everybody, as `users.info` describes them."""
        return [person.as_slack() for person in self.workspace.people.values()]

    def conversations(self, user: str) -> list[Json]:
        """The conversations that this person is in, with unread counts; the bot's once it wrote."""
        return [self._listed(c, user) for c in self.workspace.conversations.values() if user in c.members]

    def messages(self, user: str, conversation: str, thread_ts: str | None = None) -> list[Json]:
        """What the person sees there, oldest first; with `thread_ts` that thread, parent first."""
        place = self._conversation(conversation, user)
        return [
            self.shown(m)
            for m in place.messages
            if self._sees(m, user) and (thread_ts is None or thread_ts in (m.ts, m.thread_ts))
        ]

    def thread(self, user: str, conversation: str, ts: str) -> list[Json]:
        return self.messages(user, conversation, ts)

    def edits(self, user: str, conversation: str, ts: str) -> list[Json]:
        """What the message said before, oldest first."""
        return [asdict(version) for version in self._message(conversation, ts, user).earlier]

    def ephemerals(self, user: str) -> list[Json]:
        """Every message that only this person sees, in all conversations."""
        return [
            self.shown(m)
            for c in self.workspace.conversations.values()
            for m in c.messages
            if m.seen_by == user and not m.deleted
        ]

    def views(self, user: str) -> list[Json]:
        """The person's stack of open views, the top one last."""
        return [self.drawn(v) for v in self.workspace.modals.stacks.get(user, [])]

    def home(self, user: str) -> Json | None:
        """The person's Home tab, if the app ever published one."""
        view = self.workspace.modals.homes.get(user)
        return self.drawn(view) if view else None

    def calls(self, method: str | None = None) -> list[Json]:
        """Every Web API call with all its arguments, oldest first."""
        return [asdict(c) for c in self.workspace.calls if method in (None, c.method)]

    def envelopes(self) -> list[Json]:
        """Everything sent over Socket Mode: kind, payload, sockets, reply, late."""
        return [
            {
                "id": e.id, "kind": e.kind, "payload": e.payload, "attempt": e.attempt, "reason": e.reason,
                "sent_to": list(e.sent_to), "reply": e.reply, "late": e.late, "over": e.over,
            }
            for e in self.workspace.envelopes.sent
        ]  # fmt: skip

    def complaints(self, user: str | None = None) -> list[Json]:
        """Errors that Slack's client showed to people."""
        return [asdict(c) for c in self.workspace.complaints if user in (None, c.user)]

    def visits(self) -> list[Json]:
        """Every URL that the crawler met, with the status it got (None = not fetched)."""
        return [asdict(visit) for visit in self.workspace.crawler.visits]

    def screen(self, user: str) -> Json:
        """All that one person's window shows: what the page draws."""
        conversations = []
        for listed in self.conversations(user):
            place = self.workspace.conversations[listed["id"]]
            shown = [self.shown(m) for m in place.messages if self._sees(m, user)]
            conversations.append({**listed, "messages": shown})
        app = self.workspace.app
        return {
            "version": self.workspace.changes.version,
            "user": user,
            "conversations": conversations,
            "views": self.views(user),
            "home": self.home(user),
            "home_tab": app.home_tab,
            "messages_tab": app.messages_tab,
            "scopes": sorted(app.scopes),
            "connected": bool(self.workspace.envelopes.sockets) or bool(app.request_url),
            "shortcuts": self._shortcuts(user),
            "commands": [
                {"command": name, "description": words, "usage": app.usage.get(name, "")}
                for name, words in app.commands.items()
            ],
        }

    def _shortcuts(self, user: str) -> list[Json]:
        """What stands in the menu of a message; nothing for people of another company."""
        if self.workspace.people[user].team_id != fixtures.TEAM:
            return []
        return [{"callback_id": name, "words": words} for name, words in self.workspace.app.shortcuts.items()]

    def shown(self, message: Message) -> Json:
        """A message with what Slack does not send: who sees it, edits, flags, warning."""
        mark = (message.conversation, message.ts)
        return {
            **message.as_slack(),
            "conversation": message.conversation,
            "seen_by": message.seen_by,
            "unfurl_links": message.unfurl_links,
            "unfurl_media": message.unfurl_media,
            "versions": len(message.earlier),
            "warned": mark in self.workspace.warned,
        }

    def drawn(self, view: OpenView) -> Json:
        """A view with the errors and troubles on the screen."""
        return {
            **view.as_slack(),
            "errors": view.errors,
            "trouble": view.trouble,
            "waiting": view.waiting > 0,
        }

    def _sees(self, message: Message, user: str) -> bool:
        return not message.deleted and message.seen_by in (None, user)

    def _listed(self, place: Conversation, user: str) -> Json:
        mark = self.workspace.read.get((user, place.id), "0")
        new = [m for m in place.messages if self._sees(m, user) and m.ts > mark and m.author != user]
        if place.kind in ("channel", "private"):
            # As in Slack: an answer in a thread leaves its channel as read as it was.
            new = [m for m in new if m.thread_ts in (None, m.ts)]
        others = sorted(place.members - {user})
        return {
            "id": place.id,
            "name": place.name,
            "kind": place.kind,
            "topic": place.topic,
            "archived": place.archived,
            "external": place.is_ext_shared,
            "with": others[0] if place.kind in ("im", "bot_im") and others else None,
            "unread": len(new),
            "read": mark,
            "read_only": place.kind == "bot_im" and self.workspace.app.messages_tab_read_only,
            "members": sorted(place.members),
        }

    def bot_dm(self, user: str) -> str | None:
        """The id of the direct message between the bot and this person, if there is one yet."""
        found = self.workspace.bot_dm(user, create=False)
        return found.id if found else None

    def tokens(self) -> dict[str, Any]:
        """What an app needs to connect: it stands on the page of a real workspace's administrator."""
        app = self.workspace.app
        return {
            "bot_token": app.bot_token,
            "app_token": app.app_token,
            "signing_secret": app.signing_secret,
            "api_url": f"{self.workspace.base_url}/api/",
            "team": fixtures.TEAM,
        }
