"""
The peppers: the present one, and those before it under which links may still be open.

All of them are one file, so that a rotation replaces it in one step and no program ever sees the new one without the
old: `pepper[32]`, then for each older one, newest first, `until[8] ‖ pepper[32]`.  `until` is the time of the rotation
in milliseconds, big-endian; an older one that was erased is zeros, and its `until` stays.

What is made from now on is made under the present one alone.  A link proof is held against every one.
"""

import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from store.errors import KeyUnreadableError
from store.key_files import alone, overwrite
from store.watched import Watched

PEPPER_BYTES: Final = 32
_ERASED: Final = bytes(PEPPER_BYTES)
_UNTIL_BYTES: Final = 8
_OLDER: Final = struct.Struct(f">Q{PEPPER_BYTES}s")


@dataclass(frozen=True)
class Older:
    """A pepper of before, and when it was replaced; `is_erased` once nothing hung on it any more."""

    until: int
    pepper: bytes = field(repr=False)

    @property
    def is_erased(self) -> bool:
        """Whether nothing of it is left."""
        return self.pepper == _ERASED


@dataclass(frozen=True)
class Held:
    """What the file holds; `older` newest first."""

    current: bytes = field(repr=False)
    older: tuple[Older, ...]

    def encode(self) -> bytes:
        """As the file holds it."""
        return self.current + b"".join(_OLDER.pack(one.until, one.pepper) for one in self.older)


def parse(content: bytes) -> Held:
    """Raises ValueError, without a word of the content, for what is no such file."""
    current, older = content[:PEPPER_BYTES], content[PEPPER_BYTES:]
    if len(current) != PEPPER_BYTES or current == _ERASED or len(older) % _OLDER.size:
        raise ValueError("no peppers")
    return Held(current, tuple(Older(*fields) for fields in _OLDER.iter_unpack(older)))


class Peppers:
    """The file, read again when it was rotated."""

    def __init__(self, path: Path) -> None:
        """Raises OSError, and ValueError for a damaged file."""
        self.path = path
        self._watched = Watched(path, parse)
        self._watched.get()

    @property
    def held(self) -> Held:
        """All of it.  Raises KeyUnreadableError."""
        try:
            return self._watched.get()
        except (OSError, ValueError):
            raise KeyUnreadableError("the pepper cannot be read") from None

    @property
    def current(self) -> bytes:
        """The one under which things are made.  Raises KeyUnreadableError."""
        return self.held.current

    @property
    def live(self) -> list[bytes]:
        """
        Those under which something may have been made, newest first.  Raises KeyUnreadableError for a damaged file.

        While the file cannot be read those that it held last: whoever holds a link of before is told how its drop
        ended, and the keys, which are away as well, say the rest.
        """
        try:
            held = self._watched.get()
        except OSError:
            held = self._watched.last
        except ValueError:
            raise KeyUnreadableError("the pepper cannot be read") from None
        return [held.current, *(one.pepper for one in held.older if not one.is_erased)]

    def erase(self, until: int) -> bool:
        """
        Overwrite the one that was replaced at `until` with zeros, in place and durably; False where it is no more.

        Blocks, also while the peppers are rotated: otherwise the new file could get back what was erased in the old.
        """
        with alone(self.path.parent):
            for number, one in enumerate(self.held.older):
                if one.until == until and not one.is_erased:
                    overwrite(self.path, PEPPER_BYTES + number * _OLDER.size + _UNTIL_BYTES, PEPPER_BYTES)
                    return True
        return False
