"""What the world may see of the log: its last published checkpoint and the tiles under it, hashes only."""

from typing import Final

from sqlalchemy import bindparam, select

from store.formats import tiles_v1
from store.formats.merkle_v1 import HASH_BYTES
from store.formats.tiles_v1 import Tile
from store.opened import Store
from store.schema import log_checkpoints, log_openings, log_published, log_tiles, signers

_NEWEST: Final = select(log_published.c.log, log_published.c.size).order_by(log_published.c.log.desc()).limit(1)
_OF_LOG: Final = select(log_published.c.log, log_published.c.size).where(log_published.c.log == bindparam("log"))
_NOTE: Final = select(log_checkpoints.c.note).where(
    log_checkpoints.c.log == bindparam("log"), log_checkpoints.c.size == bindparam("size")
)
_TILE: Final = select(log_tiles.c.hashes).where(
    log_tiles.c.log == bindparam("log"), log_tiles.c.level == bindparam("level"), log_tiles.c.n == bindparam("n")
)


async def checkpoint(store: Store, log: int | None = None) -> str | None:
    """The last note that was let out of a log, the newest unless another is asked for; None before the first."""
    found = await store.db.look(_NEWEST if log is None else _OF_LOG, {"log": log})
    if found is None:
        return None
    row = await store.db.look(_NOTE, {"log": found.log, "size": found.size})
    return None if row is None else str(row.note)


async def tile(store: Store, wanted: Tile, log: int | None = None) -> bytes | None:
    """A tile, full or partial, of a log as above; None where the published tree does not fill it so far."""
    # Short looks, because an auditor asks for hundreds in a row; and no snapshot, because a published tree stays.
    found = await store.db.look(_NEWEST if log is None else _OF_LOG, {"log": log})
    if found is None or tiles_v1.width(wanted.level, wanted.n, found.size) < wanted.width:
        return None
    row = await store.db.look(_TILE, {"log": found.log, "level": wanted.level, "n": wanted.n})
    whole = b"" if row is None else row.hashes[: wanted.width * HASH_BYTES]
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
