"""
Who is meant by `@dana`, where Slack has not said so itself: everybody whose handle or display name is just that.

A display name is whatever its owner makes it: whoever calls themselves like somebody else makes the name ambiguous, and
an ambiguous name is nobody's.
"""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Final

from bot.block_kit import Json
from bot.people import Kind, Person, of_slack
from bot.slack_calls import Slack, SlackBusyError, SlackRefusedError

_FRESH_SECONDS: Final = 300.0
_STALE_SECONDS: Final = 20.0
"""After which a name that was not found is looked for anew: somebody may have joined, and Slack limits these calls."""
_READ_AGAIN_SECONDS: Final = 1.0


@dataclass
class _Reading:
    """The pages read so far, and where the next one begins; `at` is when the last came."""

    known: defaultdict[str, list[Person]] = field(default_factory=lambda: defaultdict(list))
    cursor: str = ""
    at: float = float("-inf")


class Directory:
    """The workspace's people by their names."""

    def __init__(self, slack: Slack, team_id: str) -> None:
        self._slack = slack
        self._team_id = team_id
        self._known: dict[str, list[Person]] = {}
        self._since = float("-inf")
        self._turn = asyncio.Lock()
        self._reading = _Reading()

    async def find(self, name: str) -> list[Person]:
        """
        Everybody of that name, without the @.  Raises SlackError.

        SlackBusyError too while somebody else's question has it read: who waited here would hold a place meanwhile.
        """
        wanted = _folded(name)
        if self._turn.locked():
            raise SlackBusyError(_READ_AGAIN_SECONDS)
        async with self._turn:
            age = time.monotonic() - self._since
            if age > _FRESH_SECONDS or (wanted not in self._known and age > _STALE_SECONDS):
                await self._read()
        return self._known.get(wanted, [])

    async def _read(self) -> None:
        """
        Go on after the last page that came.

        Slack lets us read some pages a minute: who began again each time would never come to a large workspace's end.
        """
        if time.monotonic() - self._reading.at > _FRESH_SECONDS:
            self._reading = _Reading()
        is_more = True
        while is_more:
            reading = self._reading
            try:
                users, cursor = await self._slack.members(reading.cursor)
            except SlackRefusedError:
                # The cursor, perhaps, is no longer one; whoever asks next begins again.
                self._reading = _Reading()
                raise
            for user in users:
                self._note(user)
            reading.cursor, reading.at = cursor, time.monotonic()
            is_more = bool(cursor)
        self._known, self._since = dict(self._reading.known), time.monotonic()
        self._reading = _Reading()

    def _note(self, user: Json) -> None:
        profile = user.get("profile") or {}
        person = of_slack(user, self._team_id)
        names = (user.get("name"), profile.get("display_name"), profile.get("display_name_normalized"))
        for name in {_folded(str(name)) for name in names if name}:
            if person.kind not in (Kind.BOT, Kind.GONE):
                self._reading.known[name].append(person)


def _folded(name: str) -> str:
    return name.strip().removeprefix("@").casefold()
