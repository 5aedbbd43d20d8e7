"""What opens a record: whoever makes or rotates one seals for it, and does everything else alike for every door."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from store.formats import link_v1, record_v1
from store.formats.record_key_v1 import RecordKey
from store.formats.record_v1 import Chance
from store.opened import Store


class RecordDoor(StrEnum):
    """By what a record is read, pinned for ever as all stored words are: its id opens nothing anywhere else."""

    API = "api"
    """A key, for programs."""
    PAGE = "page"
    """A link and a passphrase, for people."""


PATHS: Final = {RecordDoor.API: "r", RecordDoor.PAGE: link_v1.RECORD.path}
"""What stands before the id in the address of each."""


@dataclass(frozen=True)
class Sealed:
    """A value sealed for an opener: the columns `proof` and `sealed`."""

    proof: bytes = field(repr=False)
    stored: bytes = field(repr=False)


class Opener(Protocol):
    """What one version of a record is opened with, before it is known to anybody."""

    @property
    def id(self) -> bytes:
        """Which record."""

    @property
    def door(self) -> RecordDoor:
        """Where."""

    def seal(self, ring_key: bytes, version: int, value: str, chance: Chance) -> Sealed:
        """The value, so that this and the key of the keyring open it.  Raises MalformedError."""

    async def stand(self, tx: AsyncConnection, store: Store, month: str) -> None:
        """
        Write what the door needs beside the record's row, in its transaction, in place of what was there.

        Raises KeyUnreadableError.
        """


@dataclass(frozen=True)
class WithKey:
    """Opened by a program, with a key."""

    key: RecordKey

    @property
    def id(self) -> bytes:
        """Which record."""
        return self.key.id

    @property
    def door(self) -> RecordDoor:
        """The door for programs."""
        return RecordDoor.API

    def seal(self, ring_key: bytes, version: int, value: str, chance: Chance) -> Sealed:
        """As record_v1 does it."""
        return Sealed(self.key.proof, record_v1.seal(self.key, ring_key, version, value, chance))

    async def stand(self, tx: AsyncConnection, store: Store, month: str) -> None:
        """A key needs nothing beside the row."""
