"""
The folder of a pack: each file is whole or not there, and `manifest.txt`, written last, says that all are.

A run that was cut short is made again in the same folder.  What it would write is the same, so that files which are
there already with the right bytes are left as they are.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

MANIFEST: Final = "manifest.txt"
_PART: Final = ".part"

Write = Callable[[bytes], object]


class Folder:
    """Writes files below `path`, and remembers their hashes in a manifest, in the order in which they are finished."""

    def __init__(self, path: Path, manifest: BinaryIO) -> None:
        self._path = path
        self._manifest = manifest
        self._made: set[Path] = set()

    def put(self, name: str, content: bytes) -> None:
        """A small file, at once.  Raises OSError."""
        path = self._path / name
        if path.parent not in self._made:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(path.parent)
        if not _holds(path, content):
            part = path.with_name(path.name + _PART)
            part.write_bytes(content)
            part.replace(path)
        self._list(name, hashlib.sha256(content).hexdigest())

    @contextmanager
    def streaming(self, name: str) -> Iterator[Write]:
        """A large file, piece by piece.  Raises OSError."""
        path = self._path / name
        part = path.with_name(path.name + _PART)
        digest = hashlib.sha256()
        with part.open("wb") as file:

            def write(piece: bytes) -> None:
                digest.update(piece)
                file.write(piece)

            yield write
        part.replace(path)
        self._list(name, digest.hexdigest())

    def _list(self, name: str, digest: str) -> None:
        self._manifest.write(f"{digest}  {name}\n".encode())


@contextmanager
def folder(path: Path) -> Iterator[Folder]:
    """The folder while it is filled; its manifest is put in place where nothing was raised."""
    part = path / (MANIFEST + _PART)
    with part.open("wb") as manifest:
        yield Folder(path, manifest)
    part.replace(path / MANIFEST)


def _holds(path: Path, content: bytes) -> bool:
    try:
        return path.stat().st_size == len(content) and path.read_bytes() == content
    except FileNotFoundError:
        return False
