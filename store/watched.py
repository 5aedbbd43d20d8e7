"""
What a key file holds, read again as soon as the file is another one.

A key is rotated or erased by a process of its own while the programs run: whoever held on to what it read at its start
would sign with the old key, or read what was to be forgotten, until somebody started it again.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")


class Watched(Generic[T]):
    """One file, and `understand` that makes of its bytes what is wanted of it."""

    def __init__(self, path: Path, understand: Callable[[bytes], T]) -> None:
        self._path = path
        self._understand = understand
        self._known: tuple[tuple[int, int, int], T] | None = None

    def get(self) -> T:
        """What the file holds now.  Raises OSError, and whatever `understand` raises."""
        # A rotation puts another file in the name's place, and an erasure writes into the same one.
        now = self._path.stat()
        mark = (now.st_ino, now.st_mtime_ns, now.st_size)
        if self._known is None or self._known[0] != mark:
            self._known = (mark, self._understand(self._path.read_bytes()))
        return self._known[1]
