"""The whole workspace in memory: people, conversations, views, the app and what travels to it.

It knows how things are stored and who has to be told, not whether they are allowed: that is asked by
sandbox/web_api (of the app) and sandbox/control (of people).
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from sandbox import fixtures
from sandbox.app_settings import AppSettings
from sandbox.changes import Changes
from sandbox.clock import Clock
from sandbox.conversations import Conversation, Message, Version
from sandbox.crawler import Crawler
from sandbox.envelopes import Envelopes
from sandbox.faults import Faults
from sandbox.modals import Modals
from sandbox.pace import Pace
from sandbox.response_urls import ResponseUrls
from sandbox.triggers import Triggers
from sandbox.wire import Json


@dataclass
class Call:
    """One call of the Web API. `arguments` never holds the token, `token` says which it was."""

    number: int
    method: str
    verb: str
    token: str
    arguments: Json
    at: float
    fault: str = ""
    answer: Json | None = None
    rule: str = ""
    """The name of the rule that the call broke."""


@dataclass
class Complaint:
    """An error that Slack's client shows to a person: `operation_timeout`, `dispatch_failed`, …"""

    user: str
    where: str
    error: str
    at: float


@dataclass
class Workspace:
    """Everything. `base_url` (no slash at the end) is set once the sandbox listens."""

    base_url: str = ""
    app: AppSettings = field(default_factory=AppSettings)
    clock: Clock = field(default_factory=Clock)
    changes: Changes = field(default_factory=Changes)
    faults: Faults = field(default_factory=Faults)
    modals: Modals = field(default_factory=Modals)
    calls: list[Call] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    read: dict[tuple[str, str], str] = field(default_factory=dict)
    """(user, conversation) to the ts up to which it was read."""
    tickets: set[str] = field(default_factory=set)
    """Socket addresses handed out and not used yet."""
    warned: set[tuple[str, str]] = field(default_factory=set)
    """(conversation, ts) of messages beside which the client shows a warning triangle."""

    def __post_init__(self) -> None:
        self._furnish()
        self.triggers = Triggers(self.app, self.clock)
        self.envelopes = Envelopes(self.app, self.changes)
        self.response_urls = ResponseUrls(self.app, self.clock)
        self.pace = Pace(self.app, self.clock)
        self.crawler = Crawler(self.changes)
        self._ts = 0
        self._background: set[asyncio.Task[Any]] = set()

    def _furnish(self) -> None:
        self.people = {person.id: person for person in fixtures.people()}
        self.conversations = {c.id: c for c in fixtures.conversations()}

    def reset(self) -> None:
        """As at the start, with the app connected as it is. Old response URLs and trigger ids are unknown."""
        known = [c for c in self.conversations.values() if c.kind in ("bot_im", "mpim")]
        self._furnish()
        for conversation in known:
            # Slack never forgets a direct message that was opened once, and an app keeps its id.
            conversation.messages.clear()
            self.conversations[conversation.id] = conversation
        self.modals.stacks.clear()
        self.modals.homes.clear()
        self.response_urls.forget()
        self.triggers.forget()
        self.complaints.clear()
        self.read.clear()
        self.warned.clear()

    def new_ts(self) -> str:
        """A message's name: seconds and a counter, larger than every one before."""
        micros = int(self.clock.now() * 1_000_000)
        self._ts = max(micros, self._ts + 1)
        return f"{self._ts // 1_000_000}.{self._ts % 1_000_000:06d}"

    def bot_dm(self, user: str, *, create: bool = True) -> Conversation | None:
        """The direct message between the bot and this person."""
        for conversation in self.conversations.values():
            if conversation.kind == "bot_im" and user in conversation.members:
                return conversation
        if not create:
            return None
        members = {user, fixtures.BOT_USER}
        conversation = Conversation(f"D0{user[1:]}", fixtures.BOT_NAME.lower(), "bot_im", members)
        self.conversations[conversation.id] = conversation
        self.changes.tell()
        return conversation

    def post(self, message: Message, *, crawl: bool = True) -> Message:
        """Store a message and let the crawler look at it, unless it is somebody's alone."""
        self.conversations[message.conversation].messages.append(message)
        if crawl and message.seen_by is None:
            self.spawn(self.crawler.look_at(message))
        self.changes.tell()
        return message

    def rewrite(self, message: Message, *, text: str, blocks: list[Json], show_edited: bool) -> None:
        """Change a message and keep what it said before."""
        message.earlier.append(Version(self.clock.now(), message.text, message.blocks))
        message.text, message.blocks = text, blocks
        if show_edited:
            message.edited_ts = self.new_ts()
        self.changes.tell()

    def complain(self, user: str, where: str, error: str) -> None:
        self.complaints.append(Complaint(user, where, error, self.clock.now()))
        self.changes.tell()

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Run something beside; it is cancelled when the workspace closes."""
        task = asyncio.ensure_future(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def close(self) -> None:
        self.faults.clear()
        self.changes.end()
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)
        await self.envelopes.stop()
        await self.crawler.close()
