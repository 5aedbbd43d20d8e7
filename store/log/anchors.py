"""
Which checkpoint goes outside next, where we cannot change it, and whose turn it is to take it there.

At most one a minute while leaves arrive, and one a day when none do: an anchor that is missing then means something.
There is no queue.  Whatever is not posted is covered by the next, larger checkpoint.
"""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_, or_, select, update

from store.log import published
from store.opened import Store
from store.schema import log_anchoring

EVERY_MS: Final = 60_000
HEARTBEAT_MS: Final = 86_400_000
_LEASE_MS: Final = 60_000


@dataclass(frozen=True)
class Anchor:
    """A checkpoint's note that is to be posted, and the note that was posted before it; empty for none."""

    note: str
    before: str


async def take(store: Store) -> Anchor | None:
    """The next one, for this program alone for a minute; None where nothing is due or another program has it."""
    note = await published.checkpoint(store)
    if note is None:
        return None
    now = store.clock.now()
    has_grown = and_(log_anchoring.c.note != note, log_anchoring.c.posted_at <= now - EVERY_MS)
    is_due = and_(log_anchoring.c.lease_until <= now, or_(has_grown, log_anchoring.c.posted_at <= now - HEARTBEAT_MS))
    async with store.db.read() as tx:
        # Asked every second, and a writer's lock is not to be taken for a no.
        if await tx.scalar(select(log_anchoring.c.one).where(is_due)) is None:
            return None
    async with store.db.write() as tx:
        taken = update(log_anchoring).where(is_due).values(lease_until=now + _LEASE_MS)
        before = await tx.scalar(taken.returning(log_anchoring.c.note))
    return None if before is None else Anchor(note, before)


async def posted(store: Store, anchor: Anchor) -> None:
    """It stands outside.  Where this is not recorded, the same checkpoint is posted once more: that does no harm."""
    now = store.clock.now()
    async with store.db.write() as tx:
        await tx.execute(update(log_anchoring).values(note=anchor.note, posted_at=now, lease_until=0))
