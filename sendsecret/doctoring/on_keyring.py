"""The keyring: there, of this database, whole, in nobody else's reach, and on something that forgets what is erased."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import select

from sendsecret.doctoring import on_keyring_server
from sendsecret.doctoring.files import open_to
from sendsecret.doctoring.known import Known
from sendsecret.doctoring.line import Line, bad, ok, warn
from sendsecret.doctoring.on_database import keyring_is_inside
from store.clock import Clock
from store.database import Database, is_there
from store.errors import KeyUnreadableError, StoreError, StoreMismatchError, StoreUnavailableError
from store.keyring import KeyState
from store.keyring_kinds import AnyKeyring, Keys, hold
from store.keys_on_server import KeyringOnServer
from store.medium import medium
from store.months import Months
from store.record_keys import KeyName
from store.schema import drops, installation
from store.schema_of_records import records
from store.signer import EventKey
from store.words import OPEN, RecordState

_NOT_IN_PLACE: Final = frozenset({"btrfs", "zfs", "bcachefs", "f2fs", "nilfs2", "overlay", "apfs"})
"""What is written over stands there still: the new bytes went elsewhere."""


async def check(known: Known) -> list[Line]:
    """The folder itself, then what the database says of it."""
    folder = known.keyring_dir
    try:
        keyring, months = await asyncio.to_thread(hold, folder, known.keyring_url)
    except StoreMismatchError as error:
        return [
            bad(f"keyring: {error}", "Mount it, or give it to this user; never make a new one beside this database")
        ]
    except StoreUnavailableError as error:
        return [bad(f"keyring: {error}", "Is its server up, and the address with its password right?")]
    try:
        lines = [ok("keyring: there, with its pepper"), *open_to("keyring", folder), *_inside(known), *_web_key(folder)]
        if isinstance(keyring, KeyringOnServer):
            lines += await on_keyring_server.check(known, keyring)
        else:
            lines += _medium(folder)
        lines += [*_months(months), *_lengths(keyring)]
        return lines + await _with_database(known, keyring)
    finally:
        await asyncio.to_thread(keyring.close)


def _inside(known: Known) -> Iterator[Line]:
    if keyring_is_inside(known.keyring_dir, known.database_url):
        yield bad(
            "keyring: it is inside the database's folder, so that a backup of that folder has both",
            "Move it out, and name it in KEYRING_DIR; destroy the backups that have it",
        )


def _medium(folder: Path) -> Iterator[Line]:
    found = medium(folder)
    kind, _, under = found.partition(" on ")
    if under == "memory":
        yield warn(f"keyring: it lies in memory ({found}): a restart ends every open link", "Put it on a disk")
    elif under == "network":
        yield warn(
            f"keyring: it lies on a network file system ({found}), whose server may keep what is erased",
            "Put it on a local disk, or see to it that the server keeps no snapshots",
        )
    elif kind in _NOT_IN_PLACE:
        yield warn(
            f"keyring: it lies on {found}, where overwriting does not erase in place",
            "Put it on ext4 or XFS, and take no snapshots of it",
        )
    elif found == "unknown":
        yield warn(
            "keyring: the system does not say what it lies on", "See to it that overwriting erases in place there"
        )
    else:
        yield ok(f"keyring: it lies on {found}, where overwriting erases in place, as far as the system can say")


def _web_key(folder: Path) -> Iterator[Line]:
    try:
        EventKey.read("web", folder / "event-web.key")
        yield ok("keyring: the web program's event key is there")
    except StoreError as error:
        yield bad(f"keyring: {error}", "sendsecret migrate makes one where none is; docs/keys.md where it is damaged")


def _months(held: Months) -> Iterator[Line]:
    try:
        broken = [month for month, state in held.states().items() if state is KeyState.ABSENT]
    except KeyUnreadableError as error:
        yield bad(f"keyring: {error}", "sendsecret migrate makes its folder; give it to the programs' user")
        return
    if broken:
        yield bad(
            f"keyring: the keys of {', '.join(broken)} are damaged: names of then cannot be read",
            "Mount the true keyring",
        )


def _lengths(keyring: AnyKeyring) -> Iterator[Line]:
    try:
        broken = sum(_is_broken(one, key) for one in (keyring, keyring.records) for key, _ in one.ids())
    except KeyUnreadableError as error:
        yield bad(
            f"keyring: {error}", "sendsecret migrate makes what an older keyring lacks; give it to the programs' user"
        )
        return
    if broken:
        yield bad(
            f"keyring: {broken} of its keys cannot be read, or have a wrong length",
            "Whose are the files? Mount the true keyring",
        )
    else:
        yield ok("keyring: every key can be read and has its length")


def _is_broken(folder: Keys, key: bytes) -> bool:
    try:
        folder.state(key)
    except KeyUnreadableError:
        return True
    return False


async def _with_database(known: Known, keyring: AnyKeyring) -> list[Line]:
    if known.database_url is None or not is_there(known.database_url):
        return [warn("keyring: whose database it is was not looked at", "Mend the database first")]
    db = Database(known.database_url, Clock())
    try:
        async with db.read() as tx:
            theirs = (await tx.execute(select(installation.c.keyring_id))).scalar_one_or_none()
            if theirs != keyring.id:
                return [bad("keyring: it belongs to another database", "Mount the keyring that belongs to this one")]
            open_drops = select(drops.c.id).where(drops.c.state.in_(OPEN))
            open_ids = [row.id for row in await tx.execute(open_drops)]
            live = select(records.c.id, records.c.version).where(records.c.state == RecordState.LIVE)
            names = [KeyName(row.id, row.version).encoded for row in await tx.execute(live)]
    except Exception:  # noqa: BLE001 - a database of another schema, or none: its own check says which
        return [warn("keyring: whose database it is could not be read", "Mend the database first")]
    finally:
        await db.close()
    absent = sum(_is_absent(keyring, one) for one in open_ids) + sum(_is_absent(keyring.records, one) for one in names)
    lines = [ok("keyring: it belongs to this database")]
    if absent:
        lines.append(
            bad(
                f"keyring: {absent} open drop or record has no key there, and cannot be opened",
                "Is the right folder mounted whole? If the keys are gone for good: sendsecret doctor --mark-lost",
            )
        )
    return lines


def _is_absent(folder: Keys, key: bytes) -> bool:
    try:
        return folder.state(key) is KeyState.ABSENT
    except KeyUnreadableError:
        return False
