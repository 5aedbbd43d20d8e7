"""
The file that a secret goes into: found writable before anything is claimed, whole or not there, and for its owner only.
"""

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from stat import S_ISREG
from types import TracebackType
from typing import Final, Self

_NO_LINKS: Final = {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}


class UnwritableError(Exception):
    """A file cannot be written there; the text says why."""


class OutputFile:
    """A place kept for `path` in its folder: a temporary file of mode 0600, which takes the name once it is whole."""

    def __init__(self, path: Path, *, replace: bool) -> None:
        """Raises UnwritableError: the file is there already, or its folder takes none."""
        self.path, self._replace = path, replace
        try:
            _require_free(path, replace=replace)
            descriptor, name = tempfile.mkstemp(prefix=".sendsecret-", dir=path.parent)
        except OSError as error:
            raise UnwritableError(f"{path} cannot be written ({error.strerror})") from None
        except ValueError:
            raise UnwritableError("that is not a name that a file can have") from None
        self._descriptor, self._temporary = descriptor, Path(name)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        with suppress(OSError):
            self._temporary.unlink()
        os.close(self._descriptor)

    def write(self, content: bytes) -> None:
        """All of it, down to the disk, under its name. Raises UnwritableError; then nothing of it is there."""
        try:
            write_all(self._descriptor, content)
            os.fsync(self._descriptor)
            self._name()
        except (OSError, UnwritableError) as error:
            with suppress(OSError):
                os.ftruncate(self._descriptor, 0)
            if isinstance(error, UnwritableError):
                raise
            raise UnwritableError(f"{self.path} cannot be written ({error.strerror})") from None

    def _name(self) -> None:
        if self._replace:
            _require_free(self.path, replace=True)
            self._temporary.replace(self.path)
            return
        try:
            # A link fails where a file has come to be meanwhile; a rename would silently replace it.
            os.link(self._temporary, self.path)
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            # A file system without hard links. The name is looked at once more; a race is lost.
            _require_free(self.path, replace=False)
            self._temporary.rename(self.path)


def write_all(descriptor: int, content: bytes) -> None:
    """Every byte; the system may take fewer at once. Raises OSError."""
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def _require_free(path: Path, *, replace: bool) -> None:
    try:
        found = path.lstat()
    except FileNotFoundError:
        return
    if not S_ISREG(found.st_mode):
        # A device, a pipe, a folder or somebody's symbolic link: replaced by a file it would be gone.
        raise UnwritableError(f"{path} is there already and is not a plain file")
    if not replace:
        raise UnwritableError(f"{path} is there already")
