"""
Rotating the pepper, and erasing an old one when nothing hangs on it any more.

New links are made under the new pepper from the moment at which it is in place; links made before go on opening,
because the old one is kept in the same file until the last row that was made under it has lost its verifier, and no
key of a client's hangs on it.  Names tokens are judged by the present pepper alone: those given out before are
refused from then on.
"""

import asyncio
import re
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Final

from sqlalchemy import func, join, select

from store import asked_once, key_files
from store.formats.event_v1 import Fact
from store.keys.saying import say
from store.opened import Store
from store.peppers import PEPPER_BYTES, Held, Older
from store.schema import drops
from store.schema_of_asked_once import asked_once as all_asked
from store.schema_of_records import record_pages, records

_ROTATION: Final = "pepper.rotation"
_NAME: Final = re.compile(r"[0-9a-f]{32}")
_PAGES: Final = join(record_pages, records, record_pages.c.record_id == records.c.id)
_LINKED_AT: Final = func.coalesce(records.c.rotated_at, records.c.created_at)
"""When a record's present link was made."""
_SLACK_MS: Final = 3_600_000
"""How long whoever read the old pepper just before the rotation may take to commit what was made under it."""


async def rotate(store: Store, signing_dir: Path) -> int | None:
    """
    Rotate, and return how many rotations there have been; None where one that was cut short was finished instead.

    Raises OSError where the disk does not take it.
    """
    peppers = store.keyring.peppers
    with key_files.alone(peppers.path.parent):
        rotation = peppers.path.with_name(_ROTATION)
        if key_files.finish(peppers.path):
            rotation.unlink(missing_ok=True)
            return None
        key_files.require_links(peppers.path.parent)
        held = peppers.held
        number = len(held.older) + 1
        facts: dict[str, Fact] = {"key": "pepper", "number": number, "rotation": _named(rotation)}
        async with store.db.write() as tx:
            await say(tx, store, signing_dir, facts)
        # Made last, for the time in it: what is made under the old pepper after that would be forgotten too early.
        new = Held(secrets.token_bytes(PEPPER_BYTES), (Older(await _until(store), held.current), *held.older))
        key_files.prepare(peppers.path, new.encode())
        key_files.put_in_place(peppers.path)
        rotation.unlink()
    return number


def _named(rotation: Path) -> str:
    """
    A random name of this rotation, kept until it is over: one that was cut short is said once.

    The number alone is no name: after the folder was put back from a copy it comes a second time.
    """
    with suppress(OSError, ValueError):
        if _NAME.fullmatch(known := rotation.read_text()):
            return known
    name = secrets.token_hex(16)
    key_files.write_in_place_of(rotation, name.encode())
    return name


async def _until(store: Store) -> int:
    """Until when rows were made under the present pepper: now, or as the clock said that made the newest of them."""
    async with store.db.read() as tx:
        now = (await tx.execute(select(store.clock.now()))).scalar_one()
        # A clock that was ahead then, or is behind now, must not put links behind the end of their own pepper.
        newest = await tx.scalar(select(func.max(drops.c.created_at)).where(drops.c.v1.is_not(None)))
        newest_page = await tx.scalar(select(func.max(_LINKED_AT)).select_from(_PAGES))
    return max(now, newest or 0, newest_page or 0)


async def forget(store: Store) -> int:
    """Erase each old pepper under which no row's verifier can have been made; how many."""
    peppers = store.keyring.peppers
    older = [one.until for one in peppers.held.older if not one.is_erased]
    erased = 0
    for until in older:
        async with store.db.read() as tx:
            is_over = await tx.scalar(select(store.clock.now() > until + _SLACK_MS))
            hangs_on = select(drops.c.id).where(drops.c.v1.is_not(None), drops.c.created_at <= until + _SLACK_MS)
            asked_by = until + _SLACK_MS + asked_once.KEPT_MS
            is_named = select(all_asked.c.id).where(
                all_asked.c.until <= asked_by, all_asked.c.until > store.clock.now()
            )
            is_linked = select(records.c.id).select_from(_PAGES).where(until + _SLACK_MS >= _LINKED_AT)
            needs = (hangs_on, is_named, is_linked)
            is_needed = any([await tx.scalar(one.limit(1)) is not None for one in needs])
        if is_over and not is_needed:
            erased += await asyncio.to_thread(peppers.erase, until)
    return erased
