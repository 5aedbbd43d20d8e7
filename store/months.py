"""
The keys under which names are kept: one 32-byte file a month in the keyring, `months/2026-11`.

They stand outside the database for the same reason as the keys of drops: erasing one makes every copy of what was kept
under it unreadable, in backups too.  A file of zeros stays for ever, so that an erased month is not mistaken for one
whose folder is not mounted, and is never given another key.
"""

import os
import re
import secrets
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from store.errors import KeyUnreadableError
from store.key_files import make_folder, overwrite, owned_like, sync_directory, write_new
from store.keyring import KEY_BYTES, KeyState
from store.watched import Watched

_ERASED: Final = bytes(KEY_BYTES)
_NAME: Final = re.compile(r"[0-9]{4}-[0-9]{2}", re.ASCII)


def month_of(at_ms: int) -> str:
    """The month of a time in milliseconds, UTC, like `2026-11`."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).strftime("%Y-%m")


class Months:
    """The months of one keyring.  Every method may block for as long as a small file takes."""

    def __init__(self, keyring_dir: Path) -> None:
        self._directory = keyring_dir / "months"
        self._known: dict[str, Watched[bytes]] = {}

    @staticmethod
    def make(keyring_dir: Path) -> None:
        """Make the folder, in a keyring that is there; do nothing where it is."""
        months = keyring_dir / "months"
        make_folder(months)
        # An operator who upgrades as root makes it for programs that are not.
        owned_like(months, keyring_dir)

    def read(self, month: str) -> bytes | None:
        """A live key, or None for an erased one.  Raises KeyUnreadableError when it is absent or unreadable."""
        watched = self._known.setdefault(month, Watched(self._directory / month, bytes))
        try:
            key = watched.get()
        except OSError as error:
            raise KeyUnreadableError(f"the key of {month} cannot be read ({error.strerror})") from error
        if len(key) != KEY_BYTES:
            raise KeyUnreadableError(f"the key of {month} has a wrong length")
        return None if key == _ERASED else key

    def key_for(self, month: str) -> bytes | None:
        """
        The key for what is written in this month, made if it is the first, or None for an erased one.

        Raises KeyUnreadableError.
        """
        try:
            return self.read(month)
        except KeyUnreadableError:
            self._create_first(month)
        return self.read(month)

    def to_write(self, month: str) -> bytes:
        """The same, where nothing can be done without one.  Raises KeyUnreadableError for an erased one, too."""
        key = self.key_for(month)
        if key is None:
            raise KeyUnreadableError(f"the key of {month} was erased; is the clock right?")
        return key

    def erase(self, month: str) -> None:
        """Overwrite a key with zeros in place, durably.  Idempotent.  Raises KeyUnreadableError."""
        try:
            overwrite(self._directory / month, 0, KEY_BYTES)
        except OSError as error:
            raise KeyUnreadableError(f"the key of {month} cannot be written ({error.strerror})") from error

    def states(self) -> dict[str, KeyState]:
        """
        Every month that has a key or had one, oldest first; ABSENT for one whose file holds no key.

        Raises KeyUnreadableError.
        """
        try:
            names = sorted(path.name for path in self._directory.iterdir() if _NAME.fullmatch(path.name))
        except OSError as error:
            raise KeyUnreadableError(f"the keyring's months cannot be read ({error.strerror})") from error
        return {name: self._state(name) for name in names}

    def _state(self, month: str) -> KeyState:
        try:
            return KeyState.ERASED if self.read(month) is None else KeyState.LIVE
        except KeyUnreadableError:  # one damaged file must not keep the other months from being found and forgotten
            return KeyState.ABSENT

    def _create_first(self, month: str) -> None:
        try:
            if not (self._directory / month).exists():
                self._create(month)
        except OSError as error:
            raise KeyUnreadableError(f"the keyring cannot be written ({error.strerror})") from error

    def _create(self, month: str) -> None:
        # Under its name only when it is whole: another program may find it in the same moment, and use it at once.
        unnamed = self._directory / f".{month}.{secrets.token_hex(8)}"
        write_new(unnamed, secrets.token_bytes(KEY_BYTES))
        owned_like(unnamed, self._directory)
        with suppress(FileExistsError):  # made by another program, just now
            os.link(unnamed, self._directory / month)
        unnamed.unlink()
        sync_directory(self._directory)
