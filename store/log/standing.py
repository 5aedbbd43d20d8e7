"""Where the log stands in the database: how far it has got, its edge, and what waits to be put into it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.log.edge import open_tiles
from store.log.openings import Opening
from store.schema import events, log_checkpoints, log_pending, log_published, log_tiles


@dataclass(frozen=True)
class Standing:
    """
    One log at one moment.

    `size` leaves under the checkpoint `note` (None before the first), of which `published` may be seen; `tiles` are
    those of its edge by (level, n), and `batch` the rows of events that come next.
    """

    opening: Opening
    size: int
    note: str | None
    published: int
    tiles: dict[tuple[int, int], bytes]
    batch: list[Row[Any]]


async def standing(tx: AsyncConnection, opening: Opening, *, most_leaves: int) -> Standing:
    """Read it; `most_leaves` bounds the batch."""
    last = (
        await tx.execute(
            select(log_checkpoints.c.size, log_checkpoints.c.note)
            .where(log_checkpoints.c.log == opening.log)
            .order_by(log_checkpoints.c.size.desc())
            .limit(1)
        )
    ).one_or_none()
    size, note = (0, None) if last is None else (last.size, last.note)
    return Standing(
        opening=opening,
        size=size,
        note=note,
        published=await tx.scalar(select(log_published.c.size).where(log_published.c.log == opening.log)) or 0,
        tiles=await tiles_of(tx, opening.log, [(tile.level, tile.n) for tile in open_tiles(size)]),
        batch=await _pending(tx, opening, size, most_leaves),
    )


async def tiles_of(tx: AsyncConnection, log: int, places: list[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """The tiles that exist of those named by (level, n)."""
    if not places:
        return {}
    # Not `(level, n) IN (...)`: for that SQLite looks through all tiles of the log.
    levels, numbers = {level for level, _ in places}, {n for _, n in places}
    rows = await tx.execute(
        select(log_tiles.c.level, log_tiles.c.n, log_tiles.c.hashes).where(
            log_tiles.c.log == log, log_tiles.c.level.in_(levels), log_tiles.c.n.in_(numbers)
        )
    )
    return {(row.level, row.n): row.hashes for row in rows if (row.level, row.n) in places}


async def _pending(tx: AsyncConnection, opening: Opening, size: int, most: int) -> list[Row[Any]]:
    waiting = select(log_pending.c.position)
    if size == 0:
        # A log begins with the event that opened it, whatever waited before that.
        waiting = waiting.order_by(log_pending.c.position != opening.position)
    # Apart, because a planner that joins the two may read the whole of `events`, twice a second.
    positions = (await tx.execute(waiting.order_by(log_pending.c.position).limit(most))).scalars().all()
    if not positions:
        return []
    rows = await tx.execute(select(events).where(events.c.position.in_(positions)))
    found = {row.position: row for row in rows}
    return [found[position] for position in positions if position in found]
