"""
Within which bounds a record of somebody's lives: for how long, and beside how many others of theirs.

Each is a file of the keyring, which rotating, revoking and sweeping list: without bounds one person, or one token of
theirs, makes these slow for everybody.  What whoever runs the server makes for nobody has the bounds of `record_names`
alone: the keyring's disk is theirs.
"""

from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from store import pseudonyms, sending_bounds
from store.errors import RecordTooLongError, TooManyRecordsError
from store.opened import Store
from store.personal import SENDER
from store.record_names import MOST_SECONDS_OF_ONE
from store.schema_of_records import records
from store.words import RecordState

MOST_LIVE: Final = 1000
"""How many one person may have at once."""
_LOCK: Final = 0x5E4D70D  # any number that no other lock has, as long as every release uses the same
_BETWEEN_CLOCKS_MS: Final = 60_000


async def require(tx: AsyncConnection, store: Store, owner: str, pseudonym: bytes, lives_ms: int) -> None:
    """
    In the transaction that makes one; `pseudonym` is its owner's in its month.

    Raises RecordTooLongError, TooManyRecordsError where they have MOST_LIVE, and SendingTooOftenError.
    """
    # From when its end was reckoned until now the database's clock may have been put back.
    if lives_ms > MOST_SECONDS_OF_ONE * 1000 + _BETWEEN_CLOCKS_MS:
        raise RecordTooLongError
    if not store.db.is_sqlite:
        # Of two that count at once, each would find room for one.  On SQLite there is one writer anyway.
        whose = {"lock": _LOCK, "owner": int.from_bytes(pseudonym[:4], signed=True)}
        await tx.execute(text("SELECT pg_advisory_xact_lock(:lock, :owner)"), whose)
    live = select(func.count()).select_from(records).where(records.c.state == RecordState.LIVE)
    if (
        await tx.execute(live.where(records.c.owner.in_(pseudonyms.readable(store, SENDER, owner))))
    ).scalar_one() >= MOST_LIVE:
        raise TooManyRecordsError
    await sending_bounds.require_pace(tx, store, owner)
