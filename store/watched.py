"""
What a key file holds, read again as soon as the file is another one.

A key is rotated or erased by a process of its own while the programs run: whoever held on to what it read at its start
would sign with the old key, or read what was to be forgotten, until somebody started it again.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")

Mark = tuple[int, int, int]


class Watched(Generic[T]):
    """One file, and `understand` that makes of its bytes what is wanted of it."""

    def __init__(self, path: Path, understand: Callable[[bytes], T]) -> None:
        self._path = path
        self._understand = understand
        self._known: tuple[Mark, T] | None = None

    @property
    def last(self) -> T:
        """What it held when it was last read, which it was before."""
        assert self._known is not None  # noqa: S101 - whoever asks has begun by reading it
        return self._known[1]

    def get(self) -> T:
        """What the file holds now.  Raises OSError, and whatever `understand` raises."""
        if self._known is None or self._known[0] != _mark(self._path):
            mark, content = _marked(self._path)
            self._known = (mark, self._understand(content))
        return self._known[1]


def whole(path: Path) -> bytes:
    """What a key file holds at one moment, also while it is rotated.  Raises OSError."""
    return _marked(path)[1]


def _mark(path: Path) -> Mark:
    # A rotation puts another file in the name's place, and an erasure writes into the same one.
    now = path.stat()
    return now.st_ino, now.st_mtime_ns, now.st_size


def _marked(path: Path) -> tuple[Mark, bytes]:
    while True:
        before, content = _mark(path), path.read_bytes()
        # Whoever opened the old file just before a rotation reads zeros just after it.
        if _mark(path) == before:
            return before, content
