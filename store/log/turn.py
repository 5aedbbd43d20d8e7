"""Taking turns: at any moment one program writes to the log, and what it read before is of one moment."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.database import Database

_LOCK: Final = 0x5E4D106  # any number, as long as every release uses the same


async def hold_still(tx: AsyncConnection, db: Database) -> None:
    """
    Let everything that this transaction reads be of one moment; its first statement.

    Otherwise another program could commit between two of them, and a log with leaves would look like one that has none.
    On SQLite a transaction that only reads is like that anyway.
    """
    if not db.is_sqlite:
        await tx.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))


async def take_turn(tx: AsyncConnection, db: Database) -> None:
    """Wait for the log until this transaction ends.  On SQLite a writing transaction has every table to itself."""
    if not db.is_sqlite:
        await tx.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


async def try_turn(tx: AsyncConnection, db: Database) -> bool:
    """The same without waiting: False while another program writes to the log."""
    if db.is_sqlite:
        return True
    return bool(await tx.scalar(text("SELECT pg_try_advisory_xact_lock(:lock)"), {"lock": _LOCK}))
