"""
Whose drops something happened to, as the events tell it to a program that follows them.

Events get their position before they are committed, so that one may be seen after a later one: what was seen is
remembered for a while, and looked past only then.
"""

import time
from typing import Any, Final

from sqlalchemy import Select, func, select

from store import personal
from store.opened import Store
from store.schema import drops, events

_MOST: Final = 1000
"""More than anybody could be shown one by one."""
_LATE_SECONDS: Final = 10.0
_LATE_EVENTS: Final = 200
"""So long, and so many events at the beginning, one that was written before may be seen after another."""


class Happenings:
    """From where one program has seen the events."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._floor: int | None = None
        self._seen: dict[int, float] = {}

    @property
    def is_followed(self) -> bool:
        """Whether it has begun."""
        return self._floor is not None

    async def begin(self) -> None:
        """From now on."""
        async with self._store.db.read() as tx:
            newest = await tx.scalar(select(func.max(events.c.position))) or 0
            floor = max(0, newest - _LATE_EVENTS)
            known = (await tx.execute(select(events.c.position).where(events.c.position > floor))).scalars().all()
        self._floor, self._seen = floor, dict.fromkeys(known, time.monotonic())

    def end(self) -> None:
        """Nobody wants to know any more."""
        self._floor, self._seen = None, {}

    async def senders(self) -> set[str] | None:
        """Who sent the drops of the events since the last time; None where there were too many, or it begins now."""
        if self._floor is None:
            await self.begin()
            return None
        beyond = select(events.c.position).where(events.c.position > self._floor).limit(_MOST + 1)
        async with self._store.db.read() as tx:
            positions = (await tx.execute(beyond.order_by(events.c.position))).scalars().all()
            new = [position for position in positions if position not in self._seen]
            people = select(drops.c.id, drops.c.month, drops.c.personal, drops.c.created_at, drops.c.expires_at)
            of_new = select(events.c.drop_id).where(events.c.position.in_(new))
            whose: Select[Any] = people.where(drops.c.id.in_(of_new))
            rows = (await tx.execute(whose)).all() if 0 < len(new) <= _MOST else []
        if len(positions) > _MOST:
            await self.begin()
            return None
        self._remember(new)
        return {personal.of_row(self._store.months, row).sender_id for row in rows}

    def _remember(self, new: list[int]) -> None:
        now = time.monotonic()
        self._seen |= dict.fromkeys(new, now)
        for position in sorted(self._seen):
            if now - self._seen[position] < _LATE_SECONDS:
                break
            self._floor = position
            del self._seen[position]
