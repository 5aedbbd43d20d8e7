"""
The keyring's keys of records: one for each version, so that a rotation ends the version before in backups, too.

A version only grows, and an ended record stays ended: from its name alone a file tells whether it is over.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from store.errors import KeyUnreadableError
from store.formats.record_key_v1 import ID_BYTES
from store.opened import Store

MOST_VERSIONS: Final = 2**31 - 1
_VERSION_BYTES: Final = 4


@dataclass(frozen=True)
class KeyName:
    """Which record's key, and of which version."""

    id: bytes
    version: int

    @property
    def encoded(self) -> bytes:
        """As the keyring has it: 20 bytes.  Raises KeyUnreadableError for a version that no key can have."""
        try:
            return self.id + self.version.to_bytes(_VERSION_BYTES, "big")
        except (OverflowError, AttributeError):  # out of a row that somebody else wrote
            raise KeyUnreadableError("no key of a record can have this version") from None

    @staticmethod
    def of(key_id: bytes) -> "KeyName":
        """The name in the keyring's 20 bytes."""
        return KeyName(key_id[:ID_BYTES], int.from_bytes(key_id[ID_BYTES:], "big"))


async def erase(store: Store, name: KeyName) -> bool:
    """
    Overwrite a key of which a commit has said that it is over, and take its file away.

    False where the keyring does not let it be done just now: the sweeper repeats it.
    """
    with suppress(KeyUnreadableError, OSError):
        if await store.keyring_act(store.keyring.records.erase, name.encoded):
            await store.keyring_act(store.keyring.records.unlink, name.encoded)
            return True
    return False


async def names(store: Store, record_id: bytes) -> list[KeyName]:
    """Every key that the keyring has for a record, erased or not.  Raises KeyUnreadableError."""
    found = [KeyName.of(key_id) for key_id, _ in await asyncio.to_thread(store.keyring.records.ids)]
    return [name for name in found if name.id == record_id]


async def erase_every(store: Store, record_id: bytes, *, before: int | None = None) -> bool:
    """
    Erase whatever the keyring has for a record, or its keys of the versions before one.

    The files say which there are: whoever writes the database could name another version in the row, keep the key, and
    put the row back.  False where one could not be erased, or none was there: the sweeper repeats it.
    """
    try:
        over = [name for name in await names(store, record_id) if before is None or name.version < before]
    except KeyUnreadableError:
        return False
    return bool(over) and all([await erase(store, name) for name in over])
