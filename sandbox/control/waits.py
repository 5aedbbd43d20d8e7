"""Waits until something is there: so that no test needs to sleep.

Each answers what was found, or None when `seconds` (at most 60) were over first.
"""

from __future__ import annotations

import json

from sandbox.control.looks import Looks
from sandbox.wire import Json

MOST = 60.0
PATIENCE = 30.0
"""What waits for something that comes is no test of how soon: a machine with other work on it is slow."""


class Waits(Looks):
    """The same looks, with patience."""

    async def wait_message(
        self,
        user: str,
        conversation: str | None = None,
        contains: str = "",
        lacks: str = "",
        after: str = "0",
        author: str | None = None,
        ts: str | None = None,
        thread_ts: str | None = None,
        ephemeral: bool | None = None,
        seconds: float = PATIENCE,
    ) -> Json | None:
        """The newest message that `user` sees and that fits; `contains`/`lacks` look at text and blocks."""

        def fits(message: Json) -> bool:
            whole = message["text"] + json.dumps(message.get("blocks", []), ensure_ascii=False)
            return (
                contains in whole
                and not (lacks and lacks in whole)
                and message["ts"] > after
                and author in (None, message["user"])
                and ts in (None, message["ts"])
                and thread_ts in (None, message.get("thread_ts"))
                and ephemeral in (None, message["seen_by"] is not None)
            )

        def look() -> Json | None:
            places = [c for c in self.workspace.conversations.values() if user in c.members]
            for place in places:
                if conversation in (None, place.id):
                    for message in reversed(place.messages):
                        if self._sees(message, user) and fits(self.shown(message)):
                            return self.shown(message)
            return None

        return await self.workspace.changes.until(look, min(seconds, MOST))

    async def wait_view(
        self,
        user: str,
        callback_id: str | None = None,
        contains: str = "",
        not_hash: str | None = None,
        home: bool = False,
        lacks: str = "",
        seconds: float = PATIENCE,
    ) -> Json | None:
        """The person's top view (or Home tab) once it fits; `not_hash` waits for a change."""

        def look() -> Json | None:
            stack = self.views(user)
            shown = self.home(user) if home else (stack[-1] if stack else None)
            if shown is None or shown["hash"] == not_hash:
                return None
            whole = json.dumps(shown, ensure_ascii=False)
            is_whole = contains in whole and not (lacks and lacks in whole)
            return shown if is_whole and callback_id in (None, shown["callback_id"]) else None

        return await self.workspace.changes.until(look, min(seconds, MOST))

    async def wait_no_view(self, user: str, seconds: float = PATIENCE) -> bool:
        """True once the person has no view open."""
        found = await self.workspace.changes.until(
            lambda: None if self.workspace.modals.stacks.get(user) else True, min(seconds, MOST)
        )
        return bool(found)

    async def wait_call(
        self, method: str, count: int = 1, answered: bool = True, after: int = 0, seconds: float = PATIENCE
    ) -> Json | None:
        """The `count`-th call of `method` with a number above `after`."""

        def look() -> Json | None:
            fitting = [
                c for c in self.calls(method) if c["number"] > after and (c["answer"] is not None or not answered)
            ]
            return fitting[count - 1] if len(fitting) >= count else None

        return await self.workspace.changes.until(look, min(seconds, MOST))

    async def wait_sockets(self, count: int = 1, seconds: float = PATIENCE) -> bool:
        """True once at least `count` sockets of the app are open."""
        found = await self.workspace.changes.until(
            lambda: True if len(self.workspace.envelopes.sockets) >= count else None, min(seconds, MOST)
        )
        return bool(found)

    async def wait_complaint(
        self, user: str, error: str | None = None, count: int = 1, seconds: float = PATIENCE
    ) -> Json | None:
        """The `count`-th error shown to this person."""

        def look() -> Json | None:
            fitting = [c for c in self.complaints(user) if error in (None, c["error"])]
            return fitting[count - 1] if len(fitting) >= count else None

        return await self.workspace.changes.until(look, min(seconds, MOST))

    async def wait_change(self, version: int, seconds: float = 25.0) -> int:
        """The workspace's version once it is above `version` (or time is over)."""
        changes = self.workspace.changes
        await changes.until(lambda: changes.version if changes.version > version else None, min(seconds, MOST))
        return changes.version
