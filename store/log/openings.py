"""
Opening a log: the first of an installation.  Another one is for `another`.

Its first leaf is `log.opened`, which names the log and its key and cites the last checkpoint of the log before, so that
whoever holds that checkpoint finds where the record goes on, and that something in between was lost.
"""

from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store import events
from store.formats import checkpoint_v1
from store.formats.event_v1 import Fact
from store.log.log_key import LogSigner
from store.log.turn import take_turn
from store.opened import Store
from store.schema import log_openings
from store.words import Event


@dataclass(frozen=True)
class Opening:
    """One log: its number, its name, its public key, the event that opened it, the note that it cites."""

    log: int
    origin: str
    vkey: str
    position: int
    cites: str | None


async def newest(tx: AsyncConnection) -> Opening | None:
    """The log that is being written, or None before the first."""
    row = (await tx.execute(select(log_openings).order_by(log_openings.c.log.desc()).limit(1))).one_or_none()
    return None if row is None else Opening(row.log, row.origin, row.vkey, row.position, row.cites)


async def open_first(store: Store, signer: LogSigner) -> None:
    """Open log number 1, unless somebody just did."""
    async with store.db.write() as tx:
        await take_turn(tx, store.db)
        if await newest(tx) is None:
            await open_log(tx, store, signer, 1, cites=None)


async def open_log(tx: AsyncConnection, store: Store, signer: LogSigner, number: int, *, cites: str | None) -> str:
    """Open the log of this number within the caller's turn, and return its name; `cites` is the note before it."""
    origin = checkpoint_v1.origin_of(store.issuer, number)
    vkey = signer.key(origin).text
    at = (await tx.execute(select(store.clock.now()))).scalar_one()
    facts: dict[str, Fact] = {"log": origin, "key": vkey}
    if cites is not None:
        facts["previous"] = _previous(cites)
    position = await events.append_without_drop(tx, store, Event.LOG_OPENED, at=at, facts=facts)
    await tx.execute(insert(log_openings).values(log=number, origin=origin, vkey=vkey, position=position, cites=cites))
    return origin


def _previous(note: str) -> dict[str, str | int]:
    origin, size, root = note.split("\n")[:3]
    return {"log": origin, "size": int(size), "root": root}
