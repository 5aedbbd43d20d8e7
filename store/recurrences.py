"""
What is told once an hour at most: the first time at once, then with a count.

A holder can press "that was not me" or reload a dead page as often as they like.  The log must say that it went
on, and the sender's phone must not ring for each.
"""

from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from store import events
from store.formats.event_v1 import Fact
from store.opened import Store
from store.schema import recurrences
from store.words import Event

_HOUR_MS: Final = 3_600_000


async def note(store: Store, event: Event, drop_id: bytes, **facts: Fact) -> bool:
    """
    Count a recurring event and record it if an hour has passed since it was last recorded.

    Recurrences are told apart by the event and all its facts.  True when it was recorded, with `count` as the
    number of times so far.
    """
    what = " ".join([event, *(f"{name}={value}" for name, value in sorted(facts.items()))])
    insert: Any = sqlite_insert if store.db.is_sqlite else postgresql_insert
    now = store.clock.now()
    is_this = (recurrences.c.drop_id == drop_id) & (recurrences.c.what == what)
    async with store.db.write() as tx:
        count = await tx.scalar(
            insert(recurrences)
            .values(drop_id=drop_id, what=what, told_at=now, count=1)
            .on_conflict_do_update(index_elements=["drop_id", "what"], set_={"count": recurrences.c.count + 1})
            .returning(recurrences.c.count)
        )
        if count > 1:
            due = update(recurrences).where(is_this, recurrences.c.told_at <= now - _HOUR_MS)
            if (await tx.execute(due.values(told_at=now))).rowcount == 0:
                return False
        n, at = await events.next_number(tx, store, drop_id)
        await events.append(tx, store, event, drop_id=drop_id, n=n, at=at, facts={**facts, "count": int(count)})
    return True
