"""The whole database as it was at one moment, read without changing anything."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from store.database import Database
from store.log.turn import hold_still


@asynccontextmanager
async def still(db: Database) -> AsyncIterator[AsyncConnection]:
    """A transaction that sees one moment and can write nothing."""
    async with db.read() as tx:
        await hold_still(tx, db)
        if not db.is_sqlite:
            # Between two pages we compute; the server must not take that for a program that hangs.
            await tx.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
            yield tx
            return
        await tx.execute(text("PRAGMA query_only = ON"))
        try:
            yield tx
        finally:
            await tx.execute(text("PRAGMA query_only = OFF"))
