"""
Key files on the disk: made whole or not at all, replaced in one step, erased in place.

A rotation goes through three names.  The new key is made as `NAME.next`.  The old one gets a second name, `NAME.old`,
before the new one takes the first: whatever is read under the name itself is at any moment a whole key, and after a
crash at any line the bytes that are to go can still be found, and are not those in use.  A key that is needed for a
while longer keeps its second name until somebody erases it.

A key is its owner's alone, except in a folder that is shared: one with the set-group-ID bit that its group may write.
There it is the group's as well, for two programs that run as two users and hold one keyring.
"""

import fcntl
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

_LOCK: Final = "keys.lock"


@contextmanager
def alone(*folders: Path) -> Iterator[None]:
    """One at a time among all processes that change the keys in these folders.  Blocks."""
    with ExitStack() as held:
        # Each once and in one order: two commands that want the same two never wait for each other.
        for folder in sorted({folder.resolve() for folder in folders}):
            held.enter_context(locked(folder / _LOCK))
        yield


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold an empty file, alone among all processes; it is made where it is not.  Blocks."""
    # Opened for writing: NFS locks nothing else for one alone.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        _share(descriptor, path.parent)
        leave_to_its_program(path)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def require_links(folder: Path) -> None:
    """
    Try a second name for a file here, before anything is said of a rotation that could not be done without.

    Within `alone`.  Raises OSError.
    """
    probe = folder / f"{_LOCK}.link"
    probe.unlink(missing_ok=True)
    os.link(folder / _LOCK, probe)
    probe.unlink()


def next_of(path: Path) -> Path:
    """Where the key is that comes after the one in `path`, until it is put in place."""
    return path.with_name(f"{path.name}.next")


def prepare(path: Path, content: bytes) -> None:
    """Make the next key, durable before returning; one that was made before and never put in place is erased."""
    new = next_of(path)
    if new.exists():
        erase(new)
    write_new(new, content)
    _as_readable_as(path, new)


def put_in_place(path: Path) -> None:
    """Let the next key take the place of the one in `path`, whose bytes are then erased in place."""
    new, old = next_of(path), _old(path)
    _give_second_name(path, old)
    new.replace(path)
    sync_directory(path.parent)
    erase(old)


def put_in_place_of_kept(path: Path, kept: Path) -> None:
    """Let the next key take the place of the one in `path`, which goes on under the name `kept`; also after a crash."""
    if kept.exists() and not kept.samefile(path):
        erase(kept)
    if not kept.exists():
        _give_second_name(path, kept)
    next_of(path).replace(path)
    sync_directory(path.parent)


def _give_second_name(path: Path, old: Path) -> None:
    """The bytes that are to go get a name of their own; the next key is made its program's, as they are."""
    _as_readable_as(path, next_of(path))
    os.link(path, old)
    sync_directory(path.parent)


def is_unfinished(path: Path) -> bool:
    """Whether a crash cut a rotation short, or one is underway."""
    return any(one.exists() for one in unfinished(path))


def unfinished(path: Path) -> tuple[Path, Path]:
    """Where a rotation that was cut short may have left keys beside the one in `path`."""
    return next_of(path), _old(path)


def finish(path: Path) -> bool:
    """What a crash left of a rotation: True where the next key was in place, and the old one still to be erased."""
    old = _old(path)
    if not old.exists():
        return False
    if old.samefile(path):
        # It had its second name, and nothing had taken the first: these bytes are the key in use.
        old.unlink()
        sync_directory(path.parent)
        return False
    erase(old)
    return True


def erase(path: Path) -> None:
    """Overwrite a file with zeros in place, durably, and remove it."""
    overwrite(path, 0, path.stat().st_size)
    path.unlink()
    sync_directory(path.parent)


def overwrite(path: Path, offset: int, length: int) -> None:
    """Overwrite a part of a file with zeros in place, durably."""
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.pwrite(descriptor, bytes(length), offset)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_new(path: Path, content: bytes) -> None:
    """Create a file that must not exist, of mode 0600 or shared, durable with its name before returning."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        _share(descriptor, path.parent)
        write_whole(descriptor, content)
        os.fsync(descriptor)
    except OSError:
        # Half a key would be found at the next start and taken for one.
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)
    sync_directory(path.parent)


def write_first(path: Path, make: Callable[[], bytes]) -> None:
    """Make a key file of mode 0600, and its folder; do nothing where one is."""
    if path.exists():
        return
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):  # made by another start of the program, just now
        write_new(path, make())


def write_in_place_of(path: Path, content: bytes) -> None:
    """Write a file of mode 0600, whole or not at all, whatever stood there; durable before returning."""
    # A name of its own, because another program may be writing the same; what a crash leaves of it is never read.
    new = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    write_new(new, content)
    leave_to_its_program(new)
    new.replace(path)
    sync_directory(path.parent)


def write_whole(descriptor: int, content: bytes) -> None:
    """All of it: a disk that fills up takes a part and calls that a success."""
    left = memoryview(content)
    while left:
        left = left[os.write(descriptor, left) :]


def is_shared(folder: Path) -> bool:
    """Whether what is made in a folder belongs to its group as well."""
    mode = folder.stat().st_mode
    return bool(mode & stat.S_ISGID and mode & stat.S_IWGRP)


def make_folder(path: Path) -> None:
    """
    Make a folder inside a folder of keys, of mode 0700, or shared as that one is; do nothing where one is.

    Not for the outermost: where that is put says nothing about who may read it.
    """
    if path.is_dir():
        return
    if not is_shared(path.parent):
        path.mkdir(mode=0o700, exist_ok=True)
        return
    path.mkdir(mode=0o770, exist_ok=True)
    # The kernel hands the set-group-ID bit on, where a hardened process may not set it itself.  The umask may have
    # taken the group's right to write.
    if not is_shared(path) and path.stat().st_uid == os.geteuid():
        path.chmod(stat.S_ISGID | 0o770)


def _share(descriptor: int, folder: Path) -> None:
    # Not by the mode that it is made with: the umask of whoever starts a program would decide who reads its keys.
    if is_shared(folder) and os.fstat(descriptor).st_uid == os.geteuid():
        os.fchmod(descriptor, 0o660)


def owned_like(path: Path, other: Path) -> None:
    """Give a file to the owner of another: what an operator makes as root must be readable to its program."""
    if os.geteuid() != 0 and is_shared(path.parent):
        return  # made by the one program, read by the other: only root could give it away, and nobody needs to
    owner, now = other.stat(), path.stat()
    if owner.st_uid != now.st_uid or (os.geteuid() == 0 and owner.st_gid != now.st_gid):
        os.chown(path, owner.st_uid, owner.st_gid)


def _as_readable_as(path: Path, new: Path) -> None:
    new.chmod(path.stat().st_mode & 0o777)
    owned_like(new, path)


def leave_to_its_program(path: Path) -> None:
    """What root makes in a program's folder is that program's."""
    if os.geteuid() == 0:
        owned_like(path, path.parent)


def sync_directory(directory: Path) -> None:
    """Make the names in a directory durable."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _old(path: Path) -> Path:
    return path.with_name(f"{path.name}.old")
