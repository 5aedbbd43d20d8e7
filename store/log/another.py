"""
Opening another log, after a database was restored from a backup or the keys were lost.

It cites the last checkpoint of the log before, as the world saw it, and leaves nothing behind in that one: what was put
into it and not let out when it ended is let out now, because it is in no other log.  And it says anew which keys are
retired: whoever has this log alone, as in an evidence pack, must know it.
"""

import asyncio
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.errors import LogStoppedError
from store.events import append_without_drop
from store.formats import checkpoint_v1
from store.formats.checkpoint_v1 import Checkpoint
from store.formats.errors import FormatError
from store.log import guard, openings
from store.log.latest import Latest, place
from store.log.log_key import LogSigner
from store.log.openings import Opening
from store.log.publishing import publish
from store.log.turn import take_turn
from store.log.who_may_say import believed, retire
from store.opened import Store
from store.schema import log_checkpoints, log_published
from store.words import Event

Seen = tuple[str, Checkpoint]
"""A note, and what it says."""


async def open_another(
    store: Store, signer: LogSigner, latest: Latest, *, despite_damage: bool = False, force: bool = False
) -> str:
    """
    Open the next log and return its name; the sequencer goes on there.

    Raises LogStoppedError where nothing is wrong with the present log, unless `force`; and where `checkpoint.latest`
    is gone or cannot be read, unless `despite_damage`.  Then the file is set aside, and `signer` must have a new key:
    nobody can tell what the old one has signed, nor which names were used, so that the number is one of the present
    minute.
    """
    known = None if despite_damage else await asyncio.to_thread(latest.read)
    # The restored database may have forgotten a log that the file has seen; a name is never used twice under one key.
    seen = await asyncio.to_thread(latest.number)
    async with store.db.write() as tx:
        await take_turn(tx, store.db)
        before = await openings.newest(tx)
        if not despite_damage:
            await _require_reason(tx, signer, before, known, force=force)
        last = await _last(tx, before)
        if before is not None and last is not None:
            await publish(tx, store, before.log, last[1].size)
        if last is not None and (known is None or place(known[1]) < place(last[1])):
            if known is not None:
                await asyncio.to_thread(latest.advance, *last)
            known = last
        number = max(seen, before.log if before else 0) + 1
        if despite_damage:
            number = max(number, store.clock.now_seconds() // 60)
        origin = await openings.open_log(tx, store, signer, number, cites=known and known[0])
        await _retire_again(tx, store, latest.folder)
        if despite_damage:
            # Before the commit: a sequencer that goes on at once writes a file of its own, which must stay.
            await asyncio.to_thread(latest.set_aside)
    return origin


async def go_on_under(
    tx: AsyncConnection, store: Store, signer: LogSigner, successor: LogSigner, latest: Latest
) -> str:
    """
    Open the next log under another key, within the caller's turn, and return its name; `signer` is the present key.

    Raises LogStoppedError where the present log is not well: who goes on with another key must not hide that.
    """
    known = await asyncio.to_thread(latest.read)
    before = await openings.newest(tx)
    await guard.require_unbroken(tx, signer, before, known)
    last = await _last(tx, before)
    if before is None or last is None:
        raise LogStoppedError(
            "the log has no checkpoint so far; nothing was changed. The bot makes one within a second when it runs"
        )
    await publish(tx, store, before.log, last[1].size)
    await asyncio.to_thread(latest.advance, *last)
    origin = await openings.open_log(tx, store, successor, before.log + 1, cites=last[0])
    await _retire_again(tx, store, latest.folder)
    return origin


async def _retire_again(tx: AsyncConnection, store: Store, signing_dir: Path) -> None:
    """
    As events of their own, which come behind those that wait: what a key signed before its end goes into this log.

    In a restored database, whose positions have gone back, each of them is the earlier end, and counts.
    """
    for kid, speaker in (await asyncio.to_thread(believed, signing_dir)).items():
        if speaker.retired is not None:
            at = (await tx.execute(select(store.clock.now()))).scalar_one()
            facts = {"key": "event", "retired": kid, "by": "operator"}
            position = await append_without_drop(tx, store, Event.KEY_ROTATED, at=at, facts=facts)
            await asyncio.to_thread(retire, signing_dir, kid, position)


async def _require_reason(
    tx: AsyncConnection, signer: LogSigner, before: Opening | None, known: Seen | None, *, force: bool
) -> None:
    if known is None and before is not None:
        published = await tx.scalar(select(log_published.c.size).where(log_published.c.log == before.log))
        if published:
            await guard.require_unbroken(tx, signer, before, known)  # says that the file is gone
    if force:
        return
    try:
        await guard.require_unbroken(tx, signer, before, known)
    except LogStoppedError:
        return
    raise LogStoppedError(
        "nothing is wrong with the present log, so that no other one was opened. If a backup was restored and another "
        "host of this installation had let out more, open one all the same: `sendsecret log new --force`"
    )


async def _last(tx: AsyncConnection, before: Opening | None) -> Seen | None:
    """The newest checkpoint that the database itself has of the present log, if it is as it was signed."""
    if before is None:
        return None
    note = await tx.scalar(
        select(log_checkpoints.c.note)
        .where(log_checkpoints.c.log == before.log)
        .order_by(log_checkpoints.c.size.desc())
        .limit(1)
    )
    try:
        return note and (note, checkpoint_v1.verify(note, checkpoint_v1.parse_key(before.vkey)))
    except FormatError:
        return None
