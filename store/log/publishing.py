"""Up to which size each log may be shown.  It only ever grows: the world never sees less again."""

from sqlalchemy.ext.asyncio import AsyncConnection

from store.opened import Store
from store.schema import log_published
from store.upserting import upserts


async def publish(tx: AsyncConnection, store: Store, log: int, size: int) -> None:
    """Let the world see a log up to this size."""
    upsert = upserts(store.db)
    published = upsert(log_published).values(log=log, size=size)
    await tx.execute(
        published.on_conflict_do_update(
            index_elements=["log"],
            set_={"size": published.excluded.size},
            where=log_published.c.size < published.excluded.size,
        )
    )
