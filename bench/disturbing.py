"""
What goes on beside claims: wrong guesses, an export of the whole log, ten thousand drops that end at the same second.

Each is what a real installation has, at its worst: guesses are paid for, the export is had over the web program as fast
as it comes while `sendsecret evidence` makes another, and the drops are ended by the programs' own sweepers.
"""

import asyncio
import datetime
import os
import secrets
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Final

from sqlalchemy import func, insert, select, update

from bench import drops as whole_drops
from bench.many_drops import Many
from bench.ours import claim_of
from store.evidence.keeping import PIECE_BYTES
from store.opened import Store
from store.schema import drops
from store.schema_of_evidence import evidence_packs, evidence_pieces
from store.words import Outcome
from tests.stores import Home

_GUESSES_A_DROP: Final = 3
"""The fourth must wait."""
_ZIP_BYTES_A_DROP: Final = 15_000
"""Measured of packs; what is in them makes no difference to whoever sends them."""
_PIECES_AT_ONCE: Final = 32
_IDS_AT_ONCE: Final = 5000
_WEEK_MS: Final = 7 * 86_400_000


def wrong(made: Sequence[Many], count: int) -> list[bytes]:
    """So many wrong guesses on these drops, each another claim."""
    guesses = [
        claim_of(Many(one.id, one.link_proof, secrets.token_bytes(32)), secrets.token_bytes(32))
        for _ in range(_GUESSES_A_DROP)
        for one in made
    ]
    return guesses[:count]


def drops_for(count: int) -> int:
    """How many drops bear so many guesses."""
    return -(-count // _GUESSES_A_DROP)


async def prepare_export(home: Home, leaves: int) -> str:
    """A log of so many leaves, and a zip as large as their pack is; the pack's id."""
    count = -(-leaves // whole_drops.EVENTS_A_DROP)
    async with home.open("web") as web, home.open("bot") as bot:
        await whole_drops.fill(home, web, bot, count)
        return await _put_zip(bot, count * _ZIP_BYTES_A_DROP)


async def _put_zip(bot: Store, size: int) -> str:
    pack, now = secrets.token_bytes(16), bot.clock.now_seconds() * 1000
    row = {
        "id": pack,
        "first_day": "2000-01-01",
        "last_day": "2999-12-31",
        "recipients": "",
        "asked_by": "UMAYA",
        "asked_at": now,
        "attempt": 1,
        "lease_until": 0,
        "until": now + _WEEK_MS,
        "made_at": now,
        "drops": 0,
        "faults": 0,
        "waiting": 0,
        "refused": 0,
        "note": "",
        "note_at": now,
        "bytes": size,
        "sha256": "",
    }
    async with bot.db.write() as tx:
        await tx.execute(insert(evidence_packs), [row])
    content = secrets.token_bytes(PIECE_BYTES)
    sizes = [min(PIECE_BYTES, size - at) for at in range(0, size, PIECE_BYTES)]
    pieces = [{"pack_id": pack, "attempt": 1, "n": n, "content": content[:one]} for n, one in enumerate(sizes)]
    for at in range(0, len(pieces), _PIECES_AT_ONCE):
        async with bot.db.write() as tx:
            await tx.execute(insert(evidence_pieces), pieces[at : at + _PIECES_AT_ONCE])
    return pack.hex()


@asynccontextmanager
async def exporting(home: Home, port: int, leaves: int, pack: str) -> AsyncIterator[None]:
    """An auditor downloads all that there is, and an operator makes a pack by the command, until the block ends."""
    count = -(-leaves // whole_drops.EVENTS_A_DROP) * whole_drops.EVENTS_A_DROP
    folder = home.path / f"pack-{secrets.token_hex(4)}"
    days = ["--from", "2000-01-01", "--to", str(datetime.date.max)]
    started = [
        await _started(home, "bench.exporting", str(port), str(count), pack),
        await _started(home, "sendsecret", "evidence", *days, "-o", str(folder)),
    ]
    try:
        yield
    finally:
        for process in started:
            if process.returncode is None:
                process.kill()
        codes = [await process.wait() for process in started]
    assert all(code in (0, -signal.SIGKILL) for code in codes), codes


async def _started(home: Home, *words: str) -> Process:
    environment = dict(os.environ) | home.environment()
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", *words, env=environment, stdin=DEVNULL, stdout=DEVNULL
    )


async def expire(bot: Store, made: Sequence[Many]) -> None:
    """From now on their time is over, for all of them since the same second."""
    ids, over = [one.id for one in made], (bot.clock.now_seconds() - 1) * 1000
    async with bot.db.write() as tx:
        for at in range(0, len(ids), _IDS_AT_ONCE):
            some = drops.c.id.in_(ids[at : at + _IDS_AT_ONCE])
            await tx.execute(update(drops).where(some).values(expires_at=over))


async def expired(bot: Store) -> int:
    """How many have ended, because their time was over."""
    async with bot.db.read() as tx:
        is_expired = drops.c.outcome == Outcome.EXPIRED, drops.c.destroyed_at.is_not(None)
        return int(await tx.scalar(select(func.count()).select_from(drops).where(*is_expired)) or 0)
