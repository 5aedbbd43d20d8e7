"""One event's proof out of the database: the signed bytes, and their way into the published log."""

from dataclasses import dataclass
from enum import Enum

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.formats import checkpoint_v1, merkle_v1, tiles_v1, tlog_proof_v1
from store.formats.errors import FormatError
from store.formats.merkle_v1 import Range
from store.log.standing import tiles_of
from store.opened import Store
from store.schema import events, log_checkpoints, log_leaves, log_published, log_refused


class Standing(Enum):
    """Where the log has a leaf."""

    PROVEN = "in the published log"
    WAITING = "not in it so far"
    REFUSED = "refused: it is in no log, and will be in none"
    DAMAGED = "in it, and the tables from which its proof is made were changed"


@dataclass(frozen=True)
class Proven:
    """The leaf as it was signed, where the log has it, and its tlog-proof where it is proven."""

    leaf: bytes
    standing: Standing
    proof: str | None = None


async def leaf_of(store: Store, jti: str) -> bytes | None:
    """The signed bytes of the event with this id; None where there is none, and where the log refused it."""
    known = select(events.c.leaf).outerjoin(log_refused, log_refused.c.position == events.c.position)
    async with store.db.read() as tx:
        leaf: bytes | None = await tx.scalar(known.where(events.c.jti == jti, log_refused.c.position.is_(None)))
    return leaf


async def of_event(store: Store, jti: str) -> Proven | None:
    """The event with this id, and its proof; None where there is no such event."""
    async with store.db.read() as tx:
        row = (
            await tx.execute(
                select(
                    events.c.leaf,
                    log_refused.c.why,
                    log_leaves.c.log,
                    log_leaves.c.leaf_index,
                    log_published.c.size,
                    log_checkpoints.c.note,
                )
                .outerjoin(log_refused, log_refused.c.position == events.c.position)
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
        if row.why is not None:
            return Proven(row.leaf, Standing.REFUSED)
        if row.leaf_index is None or row.size is None or row.leaf_index >= row.size:
            return Proven(row.leaf, Standing.WAITING)
        try:
            hashes = await _hashes(tx, row.log, merkle_v1.inclusion_ranges(row.leaf_index, row.size))
            proof = tlog_proof_v1.encode(row.leaf_index, hashes, row.note or "")
            tlog_proof_v1.parse(proof)
            checkpoint_v1.require_shape(row.note or "")
        except FormatError:
            return Proven(row.leaf, Standing.DAMAGED)
    return Proven(row.leaf, Standing.PROVEN, proof)


async def consistency(store: Store, log: int, old: int, new: int) -> list[bytes]:
    """The hashes that prove that `new` leaves of a log begin with its first `old`.  Raises MalformedError."""
    async with store.db.read() as tx:
        return await _hashes(tx, log, merkle_v1.consistency_ranges(old, new))


async def _hashes(tx: AsyncConnection, log: int, ranges: list[Range]) -> list[bytes]:
    places = {tiles_v1.holding(*piece) for leaves in ranges for piece in merkle_v1.complete_ranges(leaves)}
    complete = tiles_v1.from_tiles(await tiles_of(tx, log, sorted(places)))
    return [merkle_v1.range_hash(leaves, complete) for leaves in ranges]
