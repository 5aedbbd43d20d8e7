"""One event's proof out of the database: the signed bytes, and their way into the published log."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.formats import merkle_v1, tiles_v1, tlog_proof_v1
from store.formats.merkle_v1 import Range
from store.log.standing import tiles_of
from store.opened import Store
from store.schema import events, log_checkpoints, log_leaves, log_published


@dataclass(frozen=True)
class Proven:
    """The leaf as it was signed, and its tlog-proof; the proof is None until the leaf is published."""

    leaf: bytes
    proof: str | None


async def of_event(store: Store, jti: str) -> Proven | None:
    """The proof of the event with this id; None where there is no such event."""
    async with store.db.read() as tx:
        row = (
            await tx.execute(
                select(
                    events.c.leaf,
                    log_leaves.c.log,
                    log_leaves.c.leaf_index,
                    log_published.c.size,
                    log_checkpoints.c.note,
                )
                .outerjoin(log_leaves, log_leaves.c.position == events.c.position)
                .outerjoin(log_published, log_published.c.log == log_leaves.c.log)
                .outerjoin(
                    log_checkpoints,
                    (log_checkpoints.c.log == log_published.c.log) & (log_checkpoints.c.size == log_published.c.size),
                )
                .where(events.c.jti == jti)
            )
        ).one_or_none()
        if row is None:
            return None
        if row.note is None or row.leaf_index >= row.size:
            return Proven(row.leaf, None)
        hashes = await _hashes(tx, row.log, merkle_v1.inclusion_ranges(row.leaf_index, row.size))
    return Proven(row.leaf, tlog_proof_v1.encode(row.leaf_index, hashes, row.note))


async def consistency(store: Store, log: int, old: int, new: int) -> list[bytes]:
    """The hashes that prove that `new` leaves of a log begin with its first `old`.  Raises MalformedError."""
    async with store.db.read() as tx:
        return await _hashes(tx, log, merkle_v1.consistency_ranges(old, new))


async def _hashes(tx: AsyncConnection, log: int, ranges: list[Range]) -> list[bytes]:
    places = {tiles_v1.holding(*piece) for leaves in ranges for piece in merkle_v1.complete_ranges(leaves)}
    complete = tiles_v1.from_tiles(await tiles_of(tx, log, sorted(places)))
    return [merkle_v1.range_hash(leaves, complete) for leaves in ranges]
