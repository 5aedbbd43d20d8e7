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
    # A clock that was set back must not look like somebody who keeps anchors away.
    is_ahead = or_(log_anchoring.c.posted_at > now, log_anchoring.c.lease_until > now + _LEASE_MS)
    is_late = or_(has_grown, log_anchoring.c.posted_at <= now - HEARTBEAT_MS)
    is_due = or_(is_ahead, and_(log_anchoring.c.lease_until <= now, is_late))
    async with store.db.read() as tx:
        # Asked every second, and a writer's lock is not to be taken for a no.
        if await tx.scalar(select(log_anchoring.c.one).where(is_due)) is None:
            return None
    async with store.db.write() as tx:
        taken = update(log_anchoring).where(is_due).values(lease_until=now + _LEASE_MS)
        before = await tx.scalar(taken.returning(log_anchoring.c.note))
    return None if before is None else Anchor(note, before)


async def posted(store: Store, anchor: Anchor) -> None:
    """
    It stands outside.  Where this is not recorded, the same checkpoint is posted once more: that does no harm.

    A program that was slow changes nothing where another one has posted a later checkpoint meanwhile.
    """
    now = store.clock.now()
    recorded = update(log_anchoring).where(log_anchoring.c.note == anchor.before)
    async with store.db.write() as tx:
        await tx.execute(recorded.values(note=anchor.note, posted_at=now, lease_until=0))
