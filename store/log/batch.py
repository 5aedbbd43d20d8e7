"""
One batch into the log, in one transaction: leaves, tiles, checkpoint, and what was refused.

The number of a leaf and the size of a checkpoint are primary keys: of two batches that begin at the same place the
database takes one, whatever the programs believe.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from store.log import openings
from store.log.edge import Edge
from store.log.openings import Opening
from store.log.turn import try_turn
from store.opened import Store
from store.schema import log_checkpoints, log_leaves, log_pending, log_published, log_refused, log_tiles


@dataclass(frozen=True)
class Batch:
    """Rows of events for the log `opening` from leaf `first` on, and those that it refuses, with the reason."""

    opening: Opening
    first: int
    taken: list[Row[Any]]
    refused: list[tuple[Row[Any], str]]


async def commit(store: Store, batch: Batch, edge: Edge, note: str | None) -> bool:
    """
    Write it; `edge` has grown by the taken leaves, and `note` is the checkpoint of that size.

    False, and nothing written, where another program was faster or a new log was opened.
    """
    positions = [event.position for event in (*batch.taken, *(event for event, _ in batch.refused))]
    try:
        async with store.db.write() as tx:
            if not await try_turn(tx, store.db) or await openings.newest(tx) != batch.opening:
                return False
            await _take(tx, positions)
            now = (await tx.execute(select(store.clock.now()))).scalar_one()
            if batch.refused:
                rows = [{"position": event.position, "why": why, "at": now} for event, why in batch.refused]
                await tx.execute(insert(log_refused), rows)
            if batch.taken:
                await _grow(tx, store, batch, edge, note, now)
    except (IntegrityError, _OvertakenError):
        return False
    return True


async def publish(store: Store, log: int, size: int) -> None:
    """Let the world see the log up to this size; it never sees less again."""
    upsert: Any = sqlite_insert if store.db.is_sqlite else postgresql_insert
    published = upsert(log_published).values(log=log, size=size)
    async with store.db.write() as tx:
        await tx.execute(
            published.on_conflict_do_update(
                index_elements=["log"],
                set_={"size": published.excluded.size},
                where=log_published.c.size < published.excluded.size,
            )
        )


async def _grow(tx: AsyncConnection, store: Store, batch: Batch, edge: Edge, note: str | None, now: int) -> None:
    log = batch.opening.log
    leaves = [
        {"log": log, "leaf_index": index, "position": event.position}
        for index, event in enumerate(batch.taken, batch.first)
    ]
    await tx.execute(insert(log_leaves), leaves)
    await tx.execute(insert(log_checkpoints).values(log=log, size=edge.size, note=note, at=now))
    upsert: Any = sqlite_insert if store.db.is_sqlite else postgresql_insert
    tiles = upsert(log_tiles)
    await tx.execute(
        tiles.on_conflict_do_update(index_elements=["log", "level", "n"], set_={"hashes": tiles.excluded.hashes}),
        [{"log": log, "level": level, "n": n, "hashes": hashes} for (level, n), hashes in edge.changed.items()],
    )


async def _take(tx: AsyncConnection, positions: list[int]) -> None:
    gone = await tx.execute(delete(log_pending).where(log_pending.c.position.in_(positions)))
    if gone.rowcount != len(positions):
        raise _OvertakenError


class _OvertakenError(Exception):
    """Another program took these events; this transaction is undone."""
