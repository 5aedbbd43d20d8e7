"""
The sender's word to the recipient that they are waiting: once an hour at most, and only of what can be opened.

Nothing of the link is known here any more: whoever tells the recipient can only point to the message that has it.
"""

from typing import Final

from sqlalchemy import select, update

from store import events
from store.errors import NothingToRemindError, RemindedLatelyError
from store.opened import Store
from store.schema import drops, recurrences
from store.upserting import upserts
from store.words import Actor, Delivery, Event, State, Way

WAYS: Final = frozenset({Way.DM, Way.HERE})
"""Those in which the link stands in Slack, before somebody whom the bot can write to."""
_HOUR_MS: Final = 3_600_000


async def remind(store: Store, drop_id: bytes) -> None:
    """
    Owe the recipient a reminder.

    Raises RemindedLatelyError within an hour of the last one, and NothingToRemindError where nobody could open it now
    or its link does not stand in Slack.
    """
    insert = upserts(store.db)
    now = store.clock.now()
    is_this = (recurrences.c.drop_id == drop_id) & (recurrences.c.what == Event.REMINDED)
    again = {"told_at": now, "count": recurrences.c.count + 1}
    async with store.db.write() as tx:
        row = (
            await tx.execute(
                update(drops)
                .where(
                    drops.c.id == drop_id,
                    drops.c.state == State.SEALED,
                    drops.c.delivery == Delivery.DELIVERED,
                    drops.c.way.in_(sorted(WAYS)),
                    drops.c.paused_at.is_(None),
                    drops.c.expires_at > now,
                )
                .values(n=drops.c.n + 1)
                .returning(drops.c.n, now.label("at"))
            )
        ).one_or_none()
        if row is None:
            raise NothingToRemindError
        # Behind the drop's lock: of two presses the second sees what the first one wrote, and is undone.
        told = insert(recurrences).values(drop_id=drop_id, what=Event.REMINDED, told_at=now, count=1)
        is_due = recurrences.c.told_at <= now - _HOUR_MS
        told = told.on_conflict_do_update(index_elements=["drop_id", "what"], set_=again, where=is_due)
        if (await tx.execute(told.returning(recurrences.c.count))).first() is None:
            raise RemindedLatelyError(await tx.scalar(select(recurrences.c.told_at).where(is_this)) or row.at)
        await events.append(tx, store, Event.REMINDED, drop_id=drop_id, n=row.n, at=row.at, facts={"by": Actor.SENDER})
