"""What the world may see of the log: its last published checkpoint and the tiles under it, hashes only."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.formats import tiles_v1
from store.formats.merkle_v1 import HASH_BYTES
from store.formats.tiles_v1 import Tile
from store.log.standing import tiles_of
from store.opened import Store
from store.schema import log_checkpoints, log_openings, log_published, signers


async def checkpoint(store: Store, log: int | None = None) -> str | None:
    """The last note that was let out of a log, the newest unless another is asked for; None before the first."""
    async with store.db.read() as tx:
        found = await _published(tx, log)
        if found is None:
            return None
        log, size = found
        note: str | None = await tx.scalar(
            select(log_checkpoints.c.note).where(log_checkpoints.c.log == log, log_checkpoints.c.size == size)
        )
    return note


async def tile(store: Store, wanted: Tile, log: int | None = None) -> bytes | None:
    """A tile, full or partial, of a log as above; None where the published tree does not fill it so far."""
    async with store.db.read() as tx:
        found = await _published(tx, log)
        if found is None or tiles_v1.width(wanted.level, wanted.n, found[1]) < wanted.width:
            return None
        hashes = (await tiles_of(tx, found[0], [(wanted.level, wanted.n)])).get((wanted.level, wanted.n), b"")
    whole = hashes[: wanted.width * HASH_BYTES]
    return whole if len(whole) == wanted.width * HASH_BYTES else None


async def log_key(store: Store, note: str) -> str:
    """The vkey of the log that a checkpoint is of; empty where there is no such log."""
    origin = note.split("\n", 1)[0]
    async with store.db.read() as tx:
        return await tx.scalar(select(log_openings.c.vkey).where(log_openings.c.origin == origin)) or ""


async def event_keys(store: Store) -> list[str]:
    """The public halves, as JWK texts, of every key that signed events here."""
    async with store.db.read() as tx:
        return list((await tx.execute(select(signers.c.jwk).order_by(signers.c.since, signers.c.kid))).scalars())


async def log_keys(store: Store) -> list[str]:
    """The vkeys of every log of this installation, oldest first."""
    async with store.db.read() as tx:
        return list((await tx.execute(select(log_openings.c.vkey).order_by(log_openings.c.log))).scalars())


async def _published(tx: AsyncConnection, log: int | None) -> tuple[int, int] | None:
    newest = select(log_published.c.log, log_published.c.size).order_by(log_published.c.log.desc()).limit(1)
    row = (await tx.execute(newest if log is None else newest.where(log_published.c.log == log))).one_or_none()
    return None if row is None else (row.log, row.size)
