"""Reading a whole log out of the database and judging it from its leaves alone, as an auditor would."""

from dataclasses import dataclass

from sqlalchemy import select, text

from store.formats import checkpoint_v1, merkle_v1, tiles_v1
from store.log import published
from store.opened import Store
from store.schema import events, log_checkpoints, log_leaves, log_openings, log_tiles


@dataclass(frozen=True)
class Whole:
    """The events of one log in its order, the sizes that were signed, and the published note."""

    events: list[str]
    positions: list[int]
    sizes: list[int]
    published: str | None


async def whole_log(store: Store, log: int = 1) -> Whole:
    """Require that leaves have no gap, that every checkpoint is of their beginning, that tiles are theirs."""
    async with store.db.read() as tx:
        opening = (await tx.execute(select(log_openings).where(log_openings.c.log == log))).one()
        rows = (
            await tx.execute(
                select(log_leaves.c.leaf_index, events)
                .join(events, events.c.position == log_leaves.c.position)
                .where(log_leaves.c.log == log)
                .order_by(log_leaves.c.leaf_index)
            )
        ).all()
        notes = (
            await tx.execute(
                select(log_checkpoints).where(log_checkpoints.c.log == log).order_by(log_checkpoints.c.size)
            )
        ).all()
        tiles = (await tx.execute(select(log_tiles).where(log_tiles.c.log == log))).all()
    assert [row.leaf_index for row in rows] == list(range(len(rows)))
    complete = merkle_v1.over([merkle_v1.leaf_hash(row.leaf) for row in rows])
    key = checkpoint_v1.parse_key(opening.vkey)
    for row in notes:
        signed = checkpoint_v1.verify(row.note, key)
        assert (signed.size, signed.root) == (row.size, merkle_v1.root(row.size, complete))
    assert not rows or notes[-1].size == len(rows)
    for tile in tiles:
        wide = tiles_v1.width(tile.level, tile.n, len(rows))
        hashes = [complete(8 * tile.level, tile.n * 256 + at) for at in range(wide)]
        assert tile.hashes == b"".join(hashes)
    sizes = [row.size for row in notes]
    return Whole([row.event for row in rows], [row.position for row in rows], sizes, await published.checkpoint(store))


async def waiting(store: Store) -> int:
    """How many events are owed to the log."""
    async with store.db.read() as tx:
        return int(await tx.scalar(text("SELECT count(*) FROM log_pending")) or 0)
