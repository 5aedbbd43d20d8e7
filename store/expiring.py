"""
The first step of an ending that nobody asked for: the drop's time is over.

SQL that is made once, as a claim's is: of ten thousand drops that end at the same second each costs a fraction of what
a transaction of several statements does, and claims go on beside them.
"""

from typing import Final

from sqlalchemy import and_, bindparam, delete, select, update

from store import events
from store.clock import PRESENT
from store.drops import IS_OPEN
from store.errors import StoreUnavailableError
from store.opened import Store
from store.prepared import MOST_LOOKS, Change
from store.schema import drops
from store.schema_of_deliveries import deliveries
from store.words import Actor, Event, Outcome, State

_IS_OVERDUE: Final = and_(
    drops.c.id == bindparam("drop_id"),
    IS_OPEN,
    drops.c.expires_at <= PRESENT,
)
_SEEN: Final = select(drops.c.n, PRESENT.label("present")).where(_IS_OVERDUE)
_BEGINS: Final = (
    update(drops)
    .where(_IS_OVERDUE, drops.c.n == bindparam("seen"))
    .values(
        state=State.ENDING,
        outcome=Outcome.EXPIRED,
        ended_by=Actor.CLOCK,
        ended_at=bindparam("over_at"),
        n=bindparam("after"),
    )
    .returning(drops.c.id)
)
_LINK: Final = delete(deliveries).where(deliveries.c.drop_id == bindparam("drop_id"))


async def begin(store: Store, drop_id: bytes) -> bool:
    """
    Nobody can claim it after this; False where its time is not over, or it had ended or was claimed.

    Raises StoreUnavailableError, and KeyUnreadableError where nothing can be signed.
    """
    for _ in range(MOST_LOOKS):
        seen = await store.db.look(_SEEN, {"drop_id": drop_id})
        if seen is None:
            return False
        after, at = seen.n + 1, seen.present
        given = {"drop_id": drop_id, "seen": seen.n, "after": after, "over_at": at}
        expired = events.rows(store, Event.EXPIRED, drop_id=drop_id, n=after, at=at, facts={"by": Actor.CLOCK})
        if await store.db.change(Change(_BEGINS, given, expired, (_LINK,))) is not None:
            return True
    raise StoreUnavailableError("the drop changes too fast")
