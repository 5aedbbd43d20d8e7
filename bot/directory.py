"""
Who is meant by `@dana`, where Slack has not said so itself: everybody whose handle or display name is just that.

A display name is whatever its owner makes it: whoever calls themselves like somebody else makes the name ambiguous, and
an ambiguous name is nobody's.
"""

import asyncio
import time
from collections import defaultdict
from typing import Final

from bot.people import Kind, Person, of_slack
from bot.slack_calls import Slack

_FRESH_SECONDS: Final = 300.0
_STALE_SECONDS: Final = 20.0
"""After which a name that was not found is looked for anew: somebody may have joined, and Slack limits these calls."""


class Directory:
    """The workspace's people by their names."""

    def __init__(self, slack: Slack, team_id: str) -> None:
        self._slack = slack
        self._team_id = team_id
        self._known: dict[str, list[Person]] = {}
        self._since = float("-inf")
        self._reading = asyncio.Lock()

    async def find(self, name: str) -> list[Person]:
        """Everybody of that name, without the @.  Raises SlackError."""
        wanted = _folded(name)
        async with self._reading:
            age = time.monotonic() - self._since
            if age > _FRESH_SECONDS or (wanted not in self._known and age > _STALE_SECONDS):
                await self._read()
        return self._known.get(wanted, [])

    async def _read(self) -> None:
        known: defaultdict[str, list[Person]] = defaultdict(list)
        cursor, is_more = "", True
        while is_more:
            users, cursor = await self._slack.members(cursor)
            for user in users:
                profile = user.get("profile") or {}
                person = of_slack(user, self._team_id)
                names = (user.get("name"), profile.get("display_name"), profile.get("display_name_normalized"))
                for name in {_folded(str(name)) for name in names if name}:
                    if person.kind not in (Kind.BOT, Kind.GONE):
                        known[name].append(person)
            is_more = bool(cursor)
        self._known, self._since = dict(known), time.monotonic()


def _folded(name: str) -> str:
    return name.strip().removeprefix("@").casefold()
