"""
A finished pack in the database, as one zip in pieces: the bot that made it and the web program that hands it out may
be on different hosts and have nothing else in common.

A piece at a time is written and read, each in a transaction of its own: no program ever holds the whole of it, and a
slow reader holds no transaction.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

from sqlalchemy import delete, exists, insert, literal, or_, select, tuple_, update

from store.database import Database
from store.errors import StoreUnavailableError
from store.evidence.asking import LIFE_MS, Turn, request_of
from store.evidence.making import Made
from store.evidence.owed import AUDIT
from store.evidence.request import Request
from store.pacing import unhurried
from store.schema_of_evidence import evidence_owed, evidence_packs, evidence_pieces

PIECE_BYTES: Final = 256 * 1024
_PIECES_AT_ONCE: Final = 32
_TRIES: Final = 4


class OvertakenError(Exception):
    """Somebody else is making this pack by now, or it has ended."""


@dataclass(frozen=True)
class Kept:
    """A pack that can be had: what it shows, against which checkpoint (`note`, made `note_at`), and its zip."""

    id: bytes
    attempt: int
    request: Request
    made_at: int
    until: int
    drops: int
    faults: int
    waiting: int
    refused: int
    note: str
    note_at: int
    bytes: int
    sha256: str


async def keep(db: Database, turn: Turn, path: Path, made: Made) -> None:
    """Put the zip at `path` in its place; only then is the pack made.  Raises OvertakenError."""
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        for n, piece in enumerate(_pieces(file)):
            digest.update(piece)
            size += len(piece)
            await _patiently(_put, db, turn, n, piece)
    standing, now = made.pack.standing, db.clock.now()
    finished = {
        "making": None,
        "until": now + LIFE_MS,
        "made_at": now,
        "drops": made.drops,
        "faults": len(made.faults),
        "waiting": standing.waiting,
        "refused": standing.refused,
        "note": standing.note,
        "note_at": standing.at,
        "bytes": size,
        "sha256": digest.hexdigest(),
    }
    await _patiently(_finish, db, turn, finished)


async def find(db: Database, pack_id: bytes) -> Kept | None:
    """A pack that is made and whose days are not over."""
    wanted = select(evidence_packs).where(
        evidence_packs.c.id == pack_id,
        evidence_packs.c.made_at.is_not(None),
        evidence_packs.c.until > db.clock.now(),
    )
    async with db.read() as tx:
        row = (await tx.execute(wanted)).one_or_none()
    if row is None:
        return None
    plain = {name: getattr(row, name) for name in Kept.__dataclass_fields__ if name != "request"}
    return Kept(**plain, request=request_of(row))


async def pieces(db: Database, kept: Kept) -> AsyncIterator[bytes]:
    """
    The zip, piece by piece, unhurried: whoever downloads it shares the program with readers.

    Raises StoreUnavailableError where one is gone: its days ended meanwhile.
    """
    sent, n = 0, 0
    while sent < kept.bytes:
        async with unhurried(), db.read() as tx:
            piece: bytes | None = await tx.scalar(
                select(evidence_pieces.c.content).where(
                    evidence_pieces.c.pack_id == kept.id,
                    evidence_pieces.c.attempt == kept.attempt,
                    evidence_pieces.c.n == n,
                )
            )
        if piece is None:
            raise StoreUnavailableError("a piece of the pack is gone")
        yield piece
        sent, n = sent + len(piece), n + 1


async def sweep(db: Database) -> int:
    """Delete what is over, and what makers that did not come to their end have left; how many packs were over."""
    now = db.clock.now()
    is_over = evidence_packs.c.until <= now
    async with db.read() as tx:
        over = (await tx.execute(select(evidence_packs.c.id).where(is_over))).scalars().all()
    if over:
        async with db.write() as tx:
            await tx.execute(delete(evidence_owed).where(evidence_owed.c.pack_id.in_(over)))
            await tx.execute(delete(evidence_packs).where(evidence_packs.c.id.in_(over)))
    # Somebody who asked just when a pack ended.
    is_of_none = evidence_owed.c.pack_id.not_in(select(evidence_packs.c.id))
    async with db.read() as tx:
        strays = await tx.scalar(select(evidence_owed.c.whom).where(is_of_none).limit(1)) is not None
    if strays:
        async with db.write() as tx:
            await tx.execute(delete(evidence_owed).where(is_of_none))
    while await _delete_some_pieces(db):
        pass
    return len(over)


async def _delete_some_pieces(db: Database) -> bool:
    """A few at a time: a claim must not wait until gigabytes are overwritten."""
    is_wanted = exists().where(
        evidence_packs.c.id == evidence_pieces.c.pack_id,
        evidence_packs.c.attempt == evidence_pieces.c.attempt,
        or_(evidence_packs.c.making == 1, evidence_packs.c.made_at.is_not(None)),
    )
    key = tuple_(evidence_pieces.c.pack_id, evidence_pieces.c.attempt, evidence_pieces.c.n)
    unwanted = select(*key.clauses).where(~is_wanted).limit(_PIECES_AT_ONCE)
    async with db.read() as tx:
        found = [tuple(row) for row in await tx.execute(unwanted)]
    if found:
        async with db.write() as tx:
            await tx.execute(delete(evidence_pieces).where(key.in_(found)))
    return len(found) == _PIECES_AT_ONCE


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE_BYTES):
        yield piece


async def _patiently(act: Callable[..., Awaitable[None]], *given: Any) -> None:
    """A database that is away for a moment must not cost the minutes that the pack took."""
    for tried in range(1, _TRIES):
        try:
            return await act(*given)
        except StoreUnavailableError:
            await asyncio.sleep(2.0**tried)
    return await act(*given)


async def _finish(db: Database, turn: Turn, finished: Mapping[str, Any]) -> None:
    async with db.write() as tx:
        if (await tx.execute(update(evidence_packs).where(turn.is_mine).values(**finished))).rowcount == 0:
            raise OvertakenError
        await tx.execute(insert(evidence_owed).values(pack_id=turn.pack_id, whom=AUDIT, not_before=0, tries=0))


async def _put(db: Database, turn: Turn, n: int, piece: bytes) -> None:
    columns = evidence_pieces.c
    # Only while it is our turn: the statement asks, so that a maker which was given up writes nothing.
    mine = select(evidence_packs.c.id, evidence_packs.c.attempt, literal(n), literal(piece)).where(turn.is_mine)
    there = exists().where(columns.pack_id == turn.pack_id, columns.attempt == turn.attempt, columns.n == n)
    put = insert(evidence_pieces).from_select(["pack_id", "attempt", "n", "content"], mine.where(~there))
    async with db.write() as tx:
        if (await tx.execute(put)).rowcount == 0 and not await tx.scalar(select(there)):
            raise OvertakenError
