"""
One batch into the log, in one transaction: leaves, tiles, checkpoint, and what was refused.

The number of a leaf and the size of a checkpoint are primary keys: of two batches that begin at the same place the
database takes one, whatever the programs believe.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from store.log import openings
from store.log.edge import Edge
from store.log.openings import Opening
from store.log.turn import try_turn
from store.opened import Store
from store.schema import log_checkpoints, log_leaves, log_pending, log_refused, log_tiles
from store.upserting import upserts


@dataclass(frozen=True)
class Batch:
    """Rows of events for the log `opening` from leaf `first` on, and those that it refuses, with the reason."""

    opening: Opening
    first: int
    taken: list[Row[Any]]
    refused: list[tuple[Row[Any], str]]


class Committed(Enum):
    """What became of a batch; nothing was written but for DONE."""

    DONE = "done"
    ELSEWHERE = "another program has its turn, or a new log was opened"
    REFUSED = "the database refused it: another program was faster, or something in it is not as it was"


async def commit(store: Store, batch: Batch, edge: Edge, note: str | None) -> Committed:
    """Write it; `edge` has grown by the taken leaves, and `note` is the checkpoint of that size."""
    positions = [event.position for event in (*batch.taken, *(event for event, _ in batch.refused))]
    try:
        async with store.db.write() as tx:
            if not await try_turn(tx, store.db) or await openings.newest(tx) != batch.opening:
                return Committed.ELSEWHERE
            await _take(tx, positions)
            now = (await tx.execute(select(store.clock.now()))).scalar_one()
            if batch.refused:
                rows = [{"position": event.position, "why": why, "at": now} for event, why in batch.refused]
                await tx.execute(insert(log_refused), rows)
            if batch.taken:
                await _grow(tx, store, batch, edge, note, now)
    except (IntegrityError, _OvertakenError):
        return Committed.REFUSED
    return Committed.DONE


async def _grow(tx: AsyncConnection, store: Store, batch: Batch, edge: Edge, note: str | None, now: int) -> None:
    log = batch.opening.log
    leaves = [
        {"log": log, "leaf_index": index, "position": event.position}
        for index, event in enumerate(batch.taken, batch.first)
    ]
    await tx.execute(insert(log_leaves), leaves)
    await tx.execute(insert(log_checkpoints).values(log=log, size=edge.size, note=note, at=now))
    upsert = upserts(store.db)
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
