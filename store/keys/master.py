"""
Rotating the master key, under which records have their escrow, while the programs run.

    1. which number comes is written down, and said in the log
    2. the new key is made; every record that is made or rotated from here on is in escrow under it
    3. each escrow of before is wrapped anew, one conditional statement a record
    4. an old key that no live record names any more is overwritten with zeros in place

At no line is there an escrow whose key is gone.  Whoever makes a row asks which key is present within the transaction
of that row (`record_escrow.columns`), behind a lock for which step 4 waits before it looks at the rows: a row that was
made under an old key has committed by then and is seen, and a later one finds the new key.  What was written down in
step 1 goes last, so that whatever a crash left is gone on with, under the same number, by rotating again.
"""

import asyncio
import re
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Row, Select, and_, func, select, update

from store import key_files, record_escrow
from store.errors import EscrowUnreadableError, KeyUnreadableError
from store.formats.errors import FormatError
from store.keys.saying import say
from store.master_keys import MasterKeys
from store.opened import Store
from store.record_keys import KeyName
from store.schema import installation
from store.schema_of_records import records
from store.words import RecordState

_BATCH: Final = 200
_NEAR: Final = 1000
"""How far ahead of the keys a row's number is believed: whoever writes the database must not use the numbers up."""
_ROTATION: Final = "rotation"
_TURN: Final = re.compile(r"([1-9][0-9]{0,8}) ([0-9a-f]{32})", re.ASCII)


@dataclass
class Rotated:
    """
    What a rotation did; `number` is of the key in use.

    `failed` says of each record that could not be wrapped anew why not; what it names is kept.  `is_new` is False where
    something was left of an earlier rotation, here or on another host: that was done, and no other key made.
    """

    number: int
    is_new: bool = True
    rewrapped: int = 0
    already: int = 0
    failed: dict[bytes, str] = field(default_factory=dict)
    erased: list[int] = field(default_factory=list)


async def rotate(store: Store, signing_dir: Path) -> Rotated:
    """
    Rotate, or go on with a rotation that was cut short, or do what one left that could not do all.

    Raises EscrowUnreadableError where the folder of the keys cannot be read, and OSError where the disk does not take
    it.
    """
    masters = record_escrow.masters_of(store)
    with key_files.alone(signing_dir):
        key_files.require_links(signing_dir)
        turn = _underway(masters)
        if turn is None and (left := await _do_what_is_left(store, masters)):
            _marker(masters).unlink(missing_ok=True)
            return left
        number, name = turn or await _next(store, masters)
        async with store.db.write() as tx:
            await say(tx, store, signing_dir, {"key": "master", "number": number, "rotation": name})
        masters.make(number)
        done = Rotated(number)
        await _come_under(store, masters, done)
        _marker(masters).unlink()
        key_files.sync_directory(masters.folder)
    return done


async def _do_what_is_left(store: Store, masters: MasterKeys) -> Rotated | None:
    """
    Under the key in use; None where nothing can be done, so that another key is due.

    A rotation on another host, whose key was copied here, leaves what was made here under the key of before.
    """
    numbers = masters.numbers()
    with suppress(EscrowUnreadableError):
        if numbers and masters.read(numbers[-1]):
            done = Rotated(numbers[-1], is_new=False)
            await _come_under(store, masters, done)
            return done if done.rewrapped or done.erased else None
    return None


async def _come_under(store: Store, masters: MasterKeys, done: Rotated) -> None:
    done.already = await _count(store, done.number)
    await _rewrap(store, masters.read(done.number), done)
    done.erased = await _erase(store, masters, done.number)


def is_unfinished(masters: MasterKeys) -> bool:
    """Whether a rotation was cut short, or is underway."""
    return _marker(masters).exists()


def _marker(masters: MasterKeys) -> Path:
    return masters.folder.parent / f"{masters.folder.name}.{_ROTATION}"


def _underway(masters: MasterKeys) -> tuple[int, str] | None:
    """The number and the random name of a rotation that has begun; None where there is none, or another key came."""
    with suppress(OSError, ValueError, EscrowUnreadableError):
        written, numbers = _TURN.fullmatch(_marker(masters).read_text()), masters.numbers()
        if written is None or any(one > int(written[1]) for one in numbers):
            return None
        if int(written[1]) in numbers:
            masters.read(int(written[1]))  # damaged since: nothing could go on under it
        return int(written[1]), written[2]
    return None


async def _next(store: Store, masters: MasterKeys) -> tuple[int, str]:
    """A number that no key has, and none that a row names: a key that is absent is not made again."""
    newest = max(masters.numbers(), default=0)
    is_near = records.c.master.between(newest, newest + _NEAR)
    async with store.db.read() as tx:
        named = await tx.scalar(select(func.max(records.c.master)).where(record_escrow.is_escrowed(), is_near))
    turn = max(named or 0, newest) + 1, secrets.token_hex(16)
    key_files.write_in_place_of(_marker(masters), "{} {}".format(*turn).encode())
    return turn


async def _count(store: Store, number: int) -> int:
    of_number = and_(record_escrow.is_escrowed(), records.c.master == number)
    async with store.db.read() as tx:
        return await tx.scalar(select(func.count()).select_from(records).where(of_number)) or 0


async def _rewrap(store: Store, master: bytes, done: Rotated) -> None:
    """All of them, until nothing is left but what cannot be: a record is rotated, or made, meanwhile."""
    after = b""
    has_tried = False
    while True:
        batch = await _older(store, done.number, after)
        for row in batch:
            if row.id not in done.failed:
                has_tried = True
                done.rewrapped += await _rewrap_one(store, row, master, done)
        if batch:
            after = batch[-1].id
        elif has_tried:
            after, has_tried = b"", False
        else:
            return


async def _older(store: Store, number: int, after: bytes) -> Sequence[Row[Any]]:
    of_before = and_(record_escrow.is_escrowed(), records.c.master < number, records.c.id > after)
    older: Select[Any] = select(records.c.id, records.c.version, records.c.escrow, records.c.master).where(of_before)
    async with store.db.read() as tx:
        found: Sequence[Row[Any]] = (await tx.execute(older.order_by(records.c.id).limit(_BATCH))).all()
    return found


async def _rewrap_one(store: Store, row: Row[Any], master: bytes, done: Rotated) -> bool:
    try:
        data_key, ring_key = await record_escrow.opened(store, row)
    except (EscrowUnreadableError, KeyUnreadableError, FormatError) as error:
        if await _is_still(store, row):
            done.failed[row.id] = _why(error)
        return False
    name = KeyName(row.id, row.version)
    escrow = record_escrow.wrapped(name, done.number, master, ring_key, data_key)
    async with store.db.write() as tx:
        of_row = update(records).where(_is(row)).values(escrow=escrow, master=done.number)
        return bool((await tx.execute(of_row)).rowcount)


def _why(error: Exception) -> str:
    if isinstance(error, EscrowUnreadableError):
        return str(error)
    if isinstance(error, KeyUnreadableError):
        return "its key in the keyring cannot be read"
    return "its escrow does not open with its keys"


def _is(row: Row[Any]) -> Any:
    """The row as it was read: whoever rotated or ended it since has made another escrow, or none."""
    return and_(
        records.c.id == row.id,
        records.c.version == row.version,
        records.c.master == row.master,
        records.c.state == RecordState.LIVE,
    )


async def _is_still(store: Store, row: Row[Any]) -> bool:
    async with store.db.read() as tx:
        return await tx.scalar(select(records.c.id).where(_is(row))) is not None


async def _erase(store: Store, masters: MasterKeys, number: int) -> list[int]:
    """Erase each key of before that no live record names; their numbers."""
    async with store.db.write() as tx:
        await tx.execute(select(installation.c.one).with_for_update())
        named = set(
            (await tx.execute(select(records.c.master).where(record_escrow.is_escrowed()).distinct())).scalars()
        )
    over = [one for one in masters.numbers() if one < number and one not in named]
    for one in over:
        await asyncio.to_thread(masters.erase, one)
    return over
