"""
Rotating the log's key, while the bot runs: another log under a new key, which cites the last checkpoint of the old.

    1. the new key is made, beside the old one; the old public half is kept
    2. the other log is opened under the new key, and it is said in there: one commit
    3. the new key is put in place, and the old private bytes are overwritten with zeros in place

Between 2 and 3 the sequencer takes the key that fits the log from beside, so that a crash there stops nothing.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from store import key_files
from store.errors import LogStoppedError
from store.formats.checkpoint_v1 import LogKey
from store.keys.saying import say
from store.log import another, openings
from store.log.latest import Latest
from store.log.log_key import NAME, LogSigner, NotOursError, remember
from store.log.turn import take_turn
from store.opened import Store
from store.schema import log_openings
from store.signer import EventKey


@dataclass(frozen=True)
class Rotated:
    """The log that is written now, and its public key."""

    origin: str
    vkey: str


async def rotate(store: Store, signing_dir: Path) -> Rotated:
    """
    Rotate, or finish what was cut short, here or on another host whose new key was put beside the old one.

    Raises LogStoppedError where the log is not well, with nothing changed, and OSError where the disk does not take it.
    """
    path = signing_dir / NAME
    with key_files.alone(signing_dir):
        key_files.require_links(signing_dir)
        is_in_place = key_files.finish(path)
        signer = LogSigner(path)
        successor = signer if is_in_place else _next(path)
        if not is_in_place and (last := await _last_of(store, signer)) is not None:
            remember(signing_dir, last)
        async with store.db.write() as tx:
            await take_turn(tx, store.db)
            newest = await openings.newest(tx)
            if newest is None or not successor.is_of(newest.origin, newest.vkey):
                latest = Latest(signing_dir, signer)
                origin = await another.go_on_under(tx, store, signer, successor, latest)
                old = "" if newest is None else newest.vkey
                await say(tx, store, signing_dir, {"key": "log", "old": old, "new": successor.key(origin).text})
            else:
                origin = newest.origin
        if not is_in_place:
            key_files.put_in_place(path)
    return Rotated(origin, successor.key(origin).text)


async def _last_of(store: Store, signer: LogSigner) -> LogKey | None:
    """The public half, as the key of the last log that was opened under it."""
    async with store.db.read() as tx:
        rows = (await tx.execute(select(log_openings).order_by(log_openings.c.log.desc()))).all()
    return next((signer.key(row.origin) for row in rows if signer.is_of(row.origin, row.vkey)), None)


def _next(path: Path) -> LogSigner:
    """One that was made before is taken: the log may be open under it."""
    new = key_files.next_of(path)
    try:
        return LogSigner(new)
    except NotOursError:
        raise
    except LogStoppedError:
        key_files.prepare(path, EventKey.generate())
        return LogSigner(new)
