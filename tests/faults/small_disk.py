"""
A disk that can be full: a small tmpfs where mounting is allowed, everywhere else a limit on what a process writes.

The limit is the system's own (RLIMIT_FSIZE of a running process), so that writing fails in the kernel, as it does on a
full disk, and not in a patched function; what the program is told differs (EFBIG instead of ENOSPC).
"""

import ctypes
import os
import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_LIBC: Final = ctypes.CDLL(None, use_errno=True)
_DETACH: Final = 2


class SmallDisk:
    """A folder of which the test says when it is full, for whom."""

    def __init__(self, folder: Path, *, is_mounted: bool) -> None:
        self.folder = folder
        self._is_mounted = is_mounted

    @contextmanager
    def full(self, pid: int) -> Iterator[None]:
        """Nothing more can be written there, by that process at least."""
        if self._is_mounted:
            with self._filled():
                yield
            return
        soft, hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, hard))
        try:
            yield
        finally:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (soft, hard))

    @contextmanager
    def _filled(self) -> Iterator[None]:
        filler = self.folder / "filler"
        with filler.open("wb", buffering=0) as filling:
            while True:
                try:
                    filling.write(bytes(1 << 12))
                except OSError:
                    break
        assert shutil.disk_usage(self.folder).free == 0
        try:
            yield
        finally:
            filler.unlink()


def kinds() -> list[str]:
    """Which of them there can be here; a process may always limit itself and those that it started."""
    return ["limit", "tmpfs"] if os.geteuid() == 0 and _can_mount() else ["limit"]


@contextmanager
def small_disk(kind: str, folder: Path) -> Iterator[SmallDisk]:
    """`folder` is made, and is on a disk of its own where that can be."""
    folder.mkdir()
    if kind == "limit":
        yield SmallDisk(folder, is_mounted=False)
        return
    _mount(folder)
    try:
        yield SmallDisk(folder, is_mounted=True)
    finally:
        _unmount(folder)


def _can_mount() -> bool:
    # In most containers root may not.
    probe = Path(os.environ.get("TMPDIR", "/tmp")) / f"mount-{os.getpid()}"  # noqa: S108 - a folder of this process's own
    probe.mkdir()
    try:
        _mount(probe)
    except OSError:
        return False
    else:
        _unmount(probe)
    finally:
        probe.rmdir()
    return True


def _mount(folder: Path) -> None:
    if _LIBC.mount(b"tmpfs", str(folder).encode(), b"tmpfs", 0, b"size=4m"):
        raise OSError(ctypes.get_errno(), "mount")


def _unmount(folder: Path) -> None:
    # Detached: a program that was killed a moment ago may still have its files open.
    _LIBC.umount2(str(folder).encode(), _DETACH)
