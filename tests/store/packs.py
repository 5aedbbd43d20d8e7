"""Requests for packs, and packs in the database that nobody had to make."""

from datetime import date
from pathlib import Path

from store.database import Database
from store.evidence import asking, keeping
from store.evidence.asking import Standing, Turn
from store.evidence.in_database import Standing as LogStanding
from store.evidence.making import Made
from store.evidence.pack import Pack
from store.evidence.request import Request
from tests.stores import PUBLIC_URL

QUARTER = Request(date(2026, 7, 1), date(2026, 9, 30))
MONTH = Request(date(2026, 9, 1), date(2026, 9, 30), ("guest",))
NOTE = f"localhost:8080/audit\n1234\n{'A' * 43}=\n\n\u2014 localhost:8080/audit {'B' * 92}\n"


def made(request: Request = QUARTER, *, faults: int = 0, drops: int = 40, note: str = NOTE) -> Made:
    """What a maker says of a pack that it has made."""
    standing = LogStanding(1, "localhost:8080/audit", "key", 1234, note, 1_790_000_000_000, 3, 1, {})
    return Made(Pack(PUBLIC_URL, request, standing), drops=drops, faults=["something is not right"] * faults)


async def taken(db: Database, request: Request = QUARTER, by: str = "U0SAM") -> Turn:
    """A pack that somebody asked for, and whose turn it is."""
    assert (await asking.ask(db, request, by)).standing is Standing.BEGUN
    turn = await asking.take(db)
    assert turn is not None
    assert turn.request == request
    return turn


async def kept(
    db: Database, path: Path, content: bytes = b"PK", request: Request = QUARTER, *, faults: int = 0, note: str = NOTE
) -> bytes:
    """A finished pack whose zip is this; its id."""
    path.write_bytes(content)
    turn = await taken(db, request)
    await keeping.keep(db, turn, path, made(request, faults=faults, note=note))
    return turn.pack_id
