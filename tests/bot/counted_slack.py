"""
A Slack of one object, for many messages in little time: it keeps what was posted, and fails as it is told to.

What Slack refuses by itself is the sandbox's business; here only what becomes of failures counts.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.message import Message
from bot.slack_calls import SlackError, SlackRefusedError, SlackUnansweredError
from store.deliveries import Place

AUDIT = "C0AUDIT"
TEAM = "TWORKSPACE"
Trouble = Callable[[str, str], SlackError | None]
"""What a call (its method, its channel) fails with; None when it works."""


class KilledError(BaseException):
    """The program ended here, as by SIGKILL: nothing in it may catch this."""


@dataclass
class CountedSlack:
    """In place of `bot.slack_calls.Slack`."""

    posts: list[tuple[str, str, str]] = field(default_factory=list)
    """Channel, the text of the thread's parent, and the text."""
    edits: Counter[str] = field(default_factory=Counter)
    """By channel."""
    calls: Counter[str] = field(default_factory=Counter)
    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What is otherwise about somebody, by their id."""
    texts: dict[Place, str] = field(default_factory=dict)
    trouble: Trouble | None = None
    loses_answers: bool = False
    after: Callable[[str], None] = lambda method: None
    """Called when Slack has carried a call out, and before its answer is there."""

    def _call(self, method: str, channel: str) -> None:
        self.calls[method] += 1
        if self.trouble is not None and (error := self.trouble(method, channel)) is not None:
            raise error

    def _answer(self, method: str) -> None:
        self.after(method)
        if self.loses_answers:
            raise SlackUnansweredError("no answer")

    async def identity(self) -> dict[str, Any]:
        """Answers as auth.test."""
        self._call("auth.test", "")
        self._answer("auth.test")
        return {}

    async def is_there(self) -> bool:
        """As bot.slack_calls.Slack.is_there."""
        try:
            await self.identity()
        except SlackRefusedError:
            return True
        except SlackError:
            return False
        return True

    async def person(self, user_id: str) -> dict[str, Any]:
        """A member, unless `people` says otherwise."""
        self._call("users.info", user_id)
        self._answer("users.info")
        return {"id": user_id, "team_id": TEAM, "is_restricted": False, "name": user_id, **self.people.get(user_id, {})}

    async def open_dm(self, user_id: str) -> str:
        """A person's DM is named after them."""
        self._call("conversations.open", f"D{user_id}")
        self._answer("conversations.open")
        return f"D{user_id}"

    async def post(self, channel: str, message: Message, *, thread: str | None = None) -> Place:
        """Keep what is posted."""
        self._call("chat.postMessage", channel)
        place = Place(channel, f"{len(self.texts) + 1}.000")
        self.texts[place] = message.text
        self.posts.append((channel, self.texts[Place(channel, thread)] if thread else "", message.text))
        self._answer("chat.postMessage")
        return place

    async def edit(self, place: Place, message: Message) -> None:
        """Only counted."""
        self._call("chat.update", place.channel)
        self.edits[place.channel] += 1
        self._answer("chat.update")

    def threads(self) -> dict[tuple[str, str], list[str]]:
        """What stands where, in the order in which it was posted: by channel, and by the parent's text."""
        stands: dict[tuple[str, str], list[str]] = {}
        for channel, parent, text in self.posts:
            stands.setdefault((channel, parent), []).append(text)
        return stands
