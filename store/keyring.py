"""
The keys outside the database: one 32-byte file a drop, one a version of a record, and the peppers.

A key is live, erased (zeros) or absent.  Erasing overwrites the same bytes in place and fsyncs, so that on an
ordinary file system the old bytes are gone before anybody is told; unlinking alone would leave them.  The
directory is never part of a backup: whoever has a copy of a key file and of the database has the envelope.

Trusted: somebody who can read this directory and the database can wait for links; without a link's key they
still cannot open anything.
"""

import os
import re
import secrets
import time
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Final

from store.errors import DuplicateDropError, KeyUnreadableError, StoreMismatchError
from store.key_files import leave_to_its_program, make_folder, owned_like, write_new
from store.medium import medium
from store.peppers import Peppers

KEY_BYTES: Final = 32
_ERASED: Final = bytes(KEY_BYTES)
DROP_ID_BYTES: Final = 16
RECORD_KEY_ID_BYTES: Final = 20
"""A record's id and its version."""
ON_SERVER: Final = "server-"
"""How the id of a keyring begins whose keys are on a server: without KEYRING_URL it is not mistaken for a folder's."""


class KeyState(Enum):
    """What the keyring knows of one drop."""

    LIVE = "live"
    ERASED = "erased"
    ABSENT = "absent"


class KeyFolder:
    """Keys in one folder, each under an id of `id_bytes`.  Every method blocks; call them in a thread."""

    def __init__(self, folder: Path, id_bytes: int) -> None:
        self._folder = folder
        self._name = re.compile(f"[0-9a-f]{{{2 * id_bytes}}}")

    def create(self, key_id: bytes) -> bytes:
        """Make a key, durable before it is returned.  Raises DuplicateDropError."""
        key = secrets.token_bytes(KEY_BYTES)
        try:
            write_new(self._path(key_id), key)
            # What an operator makes as root must be readable to the programs.
            leave_to_its_program(self._path(key_id))
        except FileExistsError as error:
            raise DuplicateDropError("a key of this id exists") from error
        except OSError as error:
            raise KeyUnreadableError(f"the keyring cannot be written ({error.strerror})") from error
        return key

    def state(self, key_id: bytes) -> KeyState:
        """Whether a key is live, erased or absent.  Raises KeyUnreadableError."""
        return self._judge(self._bytes(key_id))

    def read(self, key_id: bytes) -> bytes | None:
        """A live key, or None for an erased one.  Raises KeyUnreadableError when it is absent or unreadable."""
        key = self._bytes(key_id)
        match self._judge(key):
            case KeyState.ERASED:
                return None
            case KeyState.ABSENT:
                # An unmounted folder looks just like this, so that nothing may be concluded from it.
                raise KeyUnreadableError("the key is absent")
        return key

    def erase(self, key_id: bytes) -> bool:
        """
        Overwrite a key with zeros in place, durably.  Idempotent.

        False where there is no key to erase; whether that is as it should be, only the row can tell.
        """
        try:
            descriptor = os.open(self._path(key_id), os.O_RDWR)
        except FileNotFoundError:
            return False
        except OSError as error:
            raise KeyUnreadableError(f"the keyring cannot be written ({error.strerror})") from error
        try:
            os.pwrite(descriptor, _ERASED, 0)
            os.fsync(descriptor)
        except OSError as error:  # a full disk whose file system writes elsewhere, or one that fails
            raise KeyUnreadableError(f"the keyring cannot be written ({error.strerror})") from error
        finally:
            os.close(descriptor)
        return True

    def put_back_erased(self, key_id: bytes) -> None:
        """
        Zeros where a key was erased and its file gone, for a row that a backup has brought back; durable.

        Never in place of a file that is there.  Raises KeyUnreadableError.
        """
        try:
            with suppress(FileExistsError):
                write_new(self._path(key_id), _ERASED)
                leave_to_its_program(self._path(key_id))
        except OSError as error:
            raise KeyUnreadableError(f"the keyring cannot be written ({error.strerror})") from error

    def unlink(self, key_id: bytes) -> None:
        """Remove an erased key's file.  Called only after the row is destroyed; absent is fine."""
        # Not waited for until it is on the disk: zeros are what a crash can bring back, and the sweep takes them away.
        self._path(key_id).unlink(missing_ok=True)

    def ids(self) -> list[tuple[bytes, float]]:
        """Every id with a key file, and the file's age in seconds.  Raises KeyUnreadableError."""
        found = []
        try:
            with os.scandir(self._folder) as entries:
                for entry in entries:
                    if self._name.fullmatch(entry.name):
                        with suppress(FileNotFoundError):
                            found.append((bytes.fromhex(entry.name), time.time() - entry.stat().st_mtime))
        except OSError as error:
            raise KeyUnreadableError(f"the keyring cannot be read ({error.strerror})") from error
        return found

    def _bytes(self, key_id: bytes) -> bytes | None:
        try:
            return self._path(key_id).read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise KeyUnreadableError(f"the keyring cannot be read ({error.strerror})") from error

    def _judge(self, key: bytes | None) -> KeyState:
        if key is None:
            return KeyState.ABSENT
        if len(key) != KEY_BYTES:
            raise KeyUnreadableError("a key file has a wrong length")
        return KeyState.ERASED if key == _ERASED else KeyState.LIVE

    def _path(self, key_id: bytes) -> Path:
        # Hexadecimal, because base64url names collide where a file system ignores case.
        return self._folder / key_id.hex()


class Keyring(KeyFolder):
    """
    The drop keys and the peppers of one installation, and as `records` the keys of its records.

    Those lie in a folder of their own, under names of another length: no sweep takes one for an orphan of the others.
    """

    def __init__(self, directory: Path) -> None:
        super().__init__(directory / "drops", DROP_ID_BYTES)
        self.records = KeyFolder(directory / "records", RECORD_KEY_ID_BYTES)
        self.id, self.peppers = id_and_peppers(directory)
        if self.id.startswith(ON_SERVER):
            raise StoreMismatchError(
                "the keyring in KEYRING_DIR has its keys on a server, and KEYRING_URL is not set; nothing was changed. "
                "Set it"
            )
        if not self._folder.is_dir():
            raise StoreMismatchError("KEYRING_DIR holds a damaged keyring; restore its folder")

    @staticmethod
    def is_made(directory: Path) -> bool:
        """Whether a keyring is there, whole or not: whatever is never made again beside one is missing, and not due."""
        return (directory / "keyring.id").exists()

    def is_at(self, directory: Path) -> bool:
        """Whether this keyring is there at this moment, whole.  Raises StoreMismatchError where none is."""
        return Keyring(directory).id == self.id

    def tidy(self, *, look: bool = False) -> None:
        """Nothing is left to do once zeros are on the disk."""

    def close(self) -> None:
        """Nothing is held open."""

    @staticmethod
    def make(directory: Path) -> None:
        """
        Make a new, empty keyring; do nothing where one is.

        The pepper is never made again beside an existing `keyring.id`: a new one would turn every link into an
        unknown link, without an error anywhere.
        """
        if Keyring.is_made(directory):
            Keyring.complete(directory)
            return
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_folder(directory / "drops")
        Keyring.complete(directory)
        make_id_and_pepper(directory, secrets.token_hex(16))

    @staticmethod
    def complete(directory: Path) -> None:
        """Make what the keyring of an older release lacks; do nothing where it is."""
        records = directory / "records"
        make_folder(records)
        # An operator who upgrades as root makes it for programs that are not.
        owned_like(records, directory)

    def medium(self, drop_id: bytes) -> str:
        """What the key of a drop lay on, measured; see `store.medium`."""
        return medium(self._folder)


def id_and_peppers(directory: Path) -> tuple[str, Peppers]:
    """What every kind of keyring has in KEYRING_DIR.  Raises StoreMismatchError."""
    try:
        return (directory / "keyring.id").read_text().strip(), Peppers(directory / "pepper")
    except OSError as error:
        raise StoreMismatchError(f"KEYRING_DIR has no keyring ({error.strerror}); is its folder mounted?") from error
    except ValueError:
        raise StoreMismatchError("KEYRING_DIR holds a damaged keyring; restore its folder") from None


def make_id_and_pepper(directory: Path, keyring_id: str) -> None:
    """In a folder without a keyring; the id last, so that what a crash left is begun again."""
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not (directory / "pepper").exists():
        write_new(directory / "pepper", secrets.token_bytes(KEY_BYTES))
    write_new(directory / "keyring.id", keyring_id.encode() + b"\n")
