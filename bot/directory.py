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
_READING_SECONDS: Final = 1200.0
"""After which a reading that has not come to its end begins again.  Slack gives some 4,000 people a minute."""
_STALE_SECONDS: Final = 20.0
"""After which a name that was not found is looked for anew: somebody may have joined, and Slack limits these calls."""
_READ_AGAIN_SECONDS: Final = 1.0


@dataclass
class _Reading:
    """The people of the pages read so far, by their ids, with their names; and where the next page begins."""

    people: dict[str, tuple[Person, frozenset[str]]] = field(default_factory=dict)
    cursor: str = ""
    begun: float = float("-inf")

    def note(self, person: Person, names: frozenset[str]) -> None:
        """Whoever stands on two pages, because others came or went meanwhile, is one person: as they were last."""
        self.people[person.id] = person, names

    def by_name(self) -> dict[str, list[Person]]:
        """Who can be sent something, by each of their names."""
        known: defaultdict[str, list[Person]] = defaultdict(list)
        for person, names in self.people.values():
            if person.kind not in (Kind.BOT, Kind.GONE):
                for name in names:
                    known[name].append(person)
        return dict(known)


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
        if time.monotonic() - self._reading.begun > _READING_SECONDS:
            self._reading = _Reading(begun=time.monotonic())
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
            reading.cursor = cursor
            is_more = bool(cursor)
        self._known, self._since = self._reading.by_name(), time.monotonic()
        self._reading = _Reading()

    def _note(self, user: Json) -> None:
        profile = user.get("profile") or {}
        names = (user.get("name"), profile.get("display_name"), profile.get("display_name_normalized"))
        self._reading.note(of_slack(user, self._team_id), frozenset(_folded(str(name)) for name in names if name))


def _folded(name: str) -> str:
    return name.strip().removeprefix("@").casefold()
