"""Finished packs in the database: in pieces, whole, and gone after their days."""

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, insert, select

from store.errors import StoreUnavailableError
from store.evidence import asking, keeping, owed
from store.evidence.asking import LIFE_MS
from store.evidence.keeping import PIECE_BYTES
from store.opened import Store
from store.schema_of_evidence import evidence_owed, evidence_packs, evidence_pieces
from store.words import PackFailure
from tests.store.packs import MONTH, NOTE, QUARTER, kept, made, taken
from tests.stores import Home


async def content_of(store: Store, pack_id: bytes) -> bytes:
    found = await keeping.find(store.db, pack_id)
    assert found is not None
    return b"".join([piece async for piece in keeping.pieces(store.db, found)])


async def rows_in(store: Store) -> list[int]:
    async with store.db.read() as tx:
        tables = (evidence_packs, evidence_pieces, evidence_owed)
        return [await tx.scalar(select(func.count()).select_from(table)) or 0 for table in tables]


@pytest.mark.parametrize("size", [1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES + 7])
async def test_what_is_kept_is_what_is_had(store: Store, tmp_path: Path, size: int) -> None:
    """Every byte, the size and the hash, and what the page says of it."""
    content = os.urandom(size)
    pack_id = await kept(store.db, tmp_path / "zip", content, MONTH, faults=2)
    found = await keeping.find(store.db, pack_id)
    assert found is not None
    assert await content_of(store, pack_id) == content
    assert (found.bytes, found.sha256) == (size, hashlib.sha256(content).hexdigest())
    assert (found.request, found.drops, found.faults, found.waiting, found.refused) == (MONTH, 40, 2, 3, 1)
    assert (found.note, found.note_at) == (NOTE, 1_790_000_000_000)
    # PostgreSQL reads its clock for each of the two.
    assert abs(found.until - found.made_at - LIFE_MS) < 60_000
    async with store.db.read() as tx:
        longest = await tx.scalar(select(func.max(func.length(evidence_pieces.c.content))))
    assert longest is not None
    assert longest <= 1024 * 1024


async def test_a_pack_that_is_being_made_cannot_be_had(store: Store) -> None:
    """Nor one that failed, nor one that nobody asked for."""
    turn = await taken(store.db)
    assert await keeping.find(store.db, turn.pack_id) is None
    await asking.fail(store.db, turn, PackFailure.NO_LOG)
    assert await keeping.find(store.db, turn.pack_id) is None
    assert await keeping.find(store.db, bytes(16)) is None


async def test_after_seven_days_it_is_over_and_then_gone(home: Home, store: Store, tmp_path: Path) -> None:
    """At that very moment, whether or not anybody has swept; a sweep then leaves nothing of it, and the rest alone."""
    home.hold_clock()
    old = await kept(store.db, tmp_path / "zip", os.urandom(40 * PIECE_BYTES))
    home.advance_clock(1)
    young = await kept(store.db, tmp_path / "zip", b"young", MONTH)
    home.advance_clock(LIFE_MS / 1000 - 2)
    assert await keeping.find(store.db, old) is not None
    assert await keeping.sweep(store.db) == 0
    home.advance_clock(1)
    assert await keeping.find(store.db, old) is None
    assert await keeping.sweep(store.db) == 1
    assert await rows_in(store) == [1, 1, 2]
    assert await content_of(store, young) == b"young"
    assert await owed.take(store.db) is not None
    home.advance_clock(1)
    assert await keeping.sweep(store.db) == 1
    assert await rows_in(store) == [0, 0, 0]


async def test_what_a_maker_left_behind_is_swept(store: Store, tmp_path: Path) -> None:
    """The pieces of an attempt that came to no end go; those of the one that is under way stay."""
    first = await taken(store.db)
    await keeping._put(store.db, first, 0, b"half")
    await asking.stop(store.db, first)
    second = await asking.take(store.db)
    assert second is not None
    await keeping._put(store.db, second, 0, b"under way")
    await keeping.sweep(store.db)
    assert (await rows_in(store))[1] == 1
    (tmp_path / "zip").write_bytes(b"under way")
    await keeping.keep(store.db, second, tmp_path / "zip", made())
    assert await content_of(store, second.pack_id) == b"under way"
    third = await taken(store.db, MONTH)
    await keeping._put(store.db, third, 0, b"half")
    await asking.fail(store.db, third, PackFailure.TOO_LONG)
    await keeping.sweep(store.db)
    assert await content_of(store, second.pack_id) == b"under way"
    assert (await rows_in(store))[1] == 1


async def test_a_piece_that_is_written_twice_is_one_piece(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A commit whose answer was lost is written again, as a database that was away for a moment makes it."""
    pauses: list[float] = []
    put = keeping._put

    async def lost(*given: Any) -> None:
        await put(*given)
        if len(pauses) < 2:
            raise StoreUnavailableError

    async def at_once(seconds: float) -> None:
        pauses.append(seconds)

    turn = await taken(store.db, QUARTER)
    monkeypatch.setattr("store.evidence.keeping.asyncio.sleep", at_once)
    await keeping._patiently(lost, store.db, turn, 0, b"once")
    assert len(pauses) == 2
    assert (await rows_in(store))[1] == 1


async def test_a_pack_that_ends_while_it_is_read_is_no_whole_one(home: Home, store: Store, tmp_path: Path) -> None:
    """Whoever reads it gets an error and not a short file."""
    pack_id = await kept(store.db, tmp_path / "zip", os.urandom(3 * PIECE_BYTES))
    found = await keeping.find(store.db, pack_id)
    assert found is not None
    reading = keeping.pieces(store.db, found)
    assert len(await anext(reading)) == PIECE_BYTES
    home.advance_clock(LIFE_MS / 1000)
    await keeping.sweep(store.db)
    with pytest.raises(StoreUnavailableError):
        await anext(reading)


async def test_news_of_no_pack_are_deleted(store: Store) -> None:
    """Somebody asked in the very moment in which the pack ended."""
    async with store.db.write() as tx:
        await tx.execute(insert(evidence_owed).values(pack_id=bytes(16), whom="U0SAM", not_before=0, tries=0))
    await keeping.sweep(store.db)
    async with store.db.read() as tx:
        assert (await tx.execute(select(evidence_owed))).all() == []
