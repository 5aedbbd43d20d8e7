"""
The master keys, which open the escrow of records: `SIGNING_DIR/master/{n}.key`, for bot and command line alone.

32 bytes each, and the newest is the one in use.  A key is made whole or not at all, under a number that had none: a row
may name it as soon as it can be seen.  One that is absent is never made again under its number: a key that opens
nothing, in the place of one that was only not mounted, would be found out when the value is lost.

Trusted: whoever reads this folder, the keyring and the database reads every value in escrow.
"""

import os
import re
import secrets
from pathlib import Path
from typing import Final

from store import key_files
from store.errors import EscrowUnreadableError

KEY_BYTES: Final = 32
_NAME: Final = re.compile(r"([1-9][0-9]{0,8})\.key", re.ASCII)
_NEW: Final = ".new"


class MasterKeys:
    """Those of one SIGNING_DIR.  Every method blocks; call them in a thread.  Whoever changes them is `alone` there."""

    def __init__(self, signing_dir: Path) -> None:
        self.folder = signing_dir / "master"

    def numbers(self) -> list[int]:
        """Of every key that has a file, oldest first.  Raises EscrowUnreadableError."""
        try:
            names = [_NAME.fullmatch(path.name) for path in self.folder.iterdir()]
        except FileNotFoundError:
            return []
        except OSError as error:
            raise EscrowUnreadableError(f"SIGNING_DIR/master cannot be read ({error.strerror})") from error
        return sorted(int(name[1]) for name in names if name)

    def latest(self) -> tuple[int, bytes]:
        """The key in use and its number.  Raises EscrowUnreadableError."""
        numbers = self.numbers()
        if not numbers:
            raise EscrowUnreadableError("there is no master key in SIGNING_DIR/master")
        return numbers[-1], self.read(numbers[-1])

    def to_write(self) -> tuple[int, bytes]:
        """The same, for a row that is about to name it.  Raises EscrowUnreadableError."""
        found = self.latest()
        try:
            # Whoever makes it may be seen to before its name is durable, and the row would be.
            key_files.sync_directory(self.folder)
        except OSError as error:
            raise EscrowUnreadableError(f"SIGNING_DIR/master cannot be read ({error.strerror})") from error
        return found

    def read(self, number: int) -> bytes:
        """A key by its number.  Raises EscrowUnreadableError, whose text says what stands in its place."""
        if type(number) is not int:  # out of a row that somebody else wrote, and part of a path
            raise EscrowUnreadableError("its master key has no number")
        try:
            key = self._path(number).read_bytes()
        except FileNotFoundError:
            raise EscrowUnreadableError(f"its master key {number} is absent") from None
        except OSError as error:
            raise EscrowUnreadableError(f"its master key {number} cannot be read ({error.strerror})") from error
        if len(key) != KEY_BYTES:
            raise EscrowUnreadableError(f"its master key {number} has a wrong length")
        if not any(key):
            raise EscrowUnreadableError(f"its master key {number} was overwritten with zeros")
        return key

    def make(self, number: int) -> None:
        """
        Make a key, durable with its name before returning; do nothing where one has this number.  Raises OSError.

        Within `alone`.
        """
        if not self.folder.is_dir():
            self.folder.mkdir(mode=0o700)
            key_files.leave_to_its_program(self.folder)
            key_files.sync_directory(self.folder.parent)
        self._take_away_unfinished()
        path = self._path(number)
        if path.exists():
            return
        new = path.with_name(f"{path.name}{_NEW}")
        key_files.write_new(new, secrets.token_bytes(KEY_BYTES))
        key_files.leave_to_its_program(new)
        # A second name: a kill during the write leaves no half of a key under the number, and a rename would replace
        # what somebody has just copied there from another host.
        os.link(new, path)
        key_files.sync_directory(self.folder)
        new.unlink()

    def erase(self, number: int) -> None:
        """Overwrite a key with zeros in place, durably, and take its file away.  Within `alone`.  Raises OSError."""
        key_files.erase(self._path(number))

    def _take_away_unfinished(self) -> None:
        for new in self.folder.glob(f"*{_NEW}"):
            made = new.with_suffix("")
            if made.exists() and new.samefile(made):
                # Its zeros would be those of the key in use.
                new.unlink()
            else:
                key_files.erase(new)

    def _path(self, number: int) -> Path:
        return self.folder / f"{number}.key"
