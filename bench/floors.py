"""The floors, started and filled: one on the PostgreSQL server that ours has, one on SQLite, one without a database."""

import secrets
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import asyncpg

from bench import floor
from bench.contestants import Contestant, Fill
from bench.installing import floors_python
from bench.load import Turn, post
from bench.processes import started
from tests.programs import free_port

_PROGRAM: Final = str(Path(floor.__file__))
BODY: Final = b'{"link_proof":"%s","auth_token":"%s","claim":"%s"}' % ((b"A" * 43,) * 3)
"""As many bytes as a claim of ours has."""


@asynccontextmanager
async def bare(folder: Path) -> AsyncIterator[Contestant]:
    """aiohttp and JSON, and nothing behind it."""
    async with _running("bare", "-", folder) as (port, pid):

        async def fill(count: int) -> Sequence[Turn]:
            return _claims([secrets.token_bytes(16) for _ in range(count)])

        yield Contestant("bare handler", port, [pid], [], {"claim": fill})


@asynccontextmanager
async def on_postgresql(folder: Path, url: str, server: int) -> AsyncIterator[Contestant]:
    """`url` is a database of its own on the server whose first process is `server`."""
    dsn = url.replace("postgresql+asyncpg://", "postgresql://")
    async with _running("postgresql", dsn, folder) as (port, pid):

        async def fill(count: int) -> Sequence[Turn]:
            ids = [secrets.token_bytes(16) for _ in range(count)]
            connection = await asyncpg.connect(dsn)
            try:
                rows = [(one, floor.sealed()) for one in ids]
                await connection.copy_records_to_table("floor_secrets", records=rows, columns=("id", "sealed"))
            finally:
                await connection.close()
            return _claims(ids)

        yield Contestant("floor, postgresql", port, [pid], [server], {"claim": fill, "create": _creates()})


@asynccontextmanager
async def on_sqlite(folder: Path) -> AsyncIterator[Contestant]:
    """A file of its own beside ours."""
    path = folder / "floor.db"
    async with _running("sqlite", str(path), folder) as (port, pid):

        async def fill(count: int) -> Sequence[Turn]:
            ids = [secrets.token_bytes(16) for _ in range(count)]
            connection = sqlite3.connect(path)
            with connection:
                connection.executemany(
                    "INSERT INTO floor_secrets VALUES (?, ?)", [(one, floor.sealed()) for one in ids]
                )
            connection.close()
            return _claims(ids)

        yield Contestant("floor, sqlite", port, [pid], [], {"claim": fill, "create": _creates()})


@asynccontextmanager
async def _running(kind: str, place: str, folder: Path) -> AsyncIterator[tuple[int, int]]:
    port = free_port()
    # -I: nothing of the product can be imported by accident.
    words = [floors_python(), "-I", _PROGRAM, kind, str(port), place]
    async with started(words, folder / f"floor-{kind}.log", port) as pid:
        yield port, pid


def loop(folder: Path) -> str:
    """On which event loop the floors said that they run."""
    return (folder / "floor-bare.log").read_text().removeprefix("listening on ").strip()


def _claims(ids: list[bytes]) -> Sequence[Turn]:
    return [(post(f"/claim/{one.hex()}", BODY),) for one in ids]


def _creates() -> Fill:
    async def fill(count: int) -> Sequence[Turn]:
        return [(post(f"/create/{secrets.token_hex(16)}", BODY),) for _ in range(count)]

    return fill
