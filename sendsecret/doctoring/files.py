"""Folders and files of keys: whose they are, and who else may read them."""

import grp
import os
import pwd
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sendsecret.doctoring.line import Line, bad, ok, warn
from store.key_files import is_shared

_MOST_NAMED: Final = 3


def open_to(about: str, folder: Path) -> Iterator[Line]:
    """
    One line on the rights of everything in a folder of keys, and one where an owner keeps its program out.

    A folder that is shared, as docs/deploying.md has it, is its group's: two users' files lie there.
    """
    shared = folder.stat().st_gid if is_shared(folder) else None
    paths = [folder, *sorted(folder.rglob("*"))]
    modes = {path: path.lstat() for path in paths if not path.is_symlink()}
    everybody = [path for path, found in modes.items() if found.st_mode & 0o007]
    group = [
        path
        for path, found in modes.items()
        if found.st_mode & 0o070 and found.st_gid != shared and path not in everybody
    ]
    if everybody:
        yield bad(
            f"{about}: every user of this host can reach {_named(folder, everybody)}",
            f"chmod -R go-rwx {folder.name}; what others may have read is to be rotated, docs/keys.md",
        )
    if group:
        yield warn(
            f"{about}: a group of users can reach {_named(folder, group)}",
            f"chmod -R g-rwx {folder.name}, unless that group is of this product's two users alone",
        )
    owner = owner_of(folder)
    foreign = [path for path, found in modes.items() if found.st_uid != owner and not _is_shared(found, shared)]
    if foreign:
        yield bad(
            f"{about}: {_named(folder, foreign)} belongs to somebody else than the folder",
            f"chown -R {name_of(owner)} {folder.name}",
        )
    if not everybody and not group and not foreign:
        whose = f"{name_of(owner)}'s" if shared is None else f"its two users', of the group {_group(shared)}"
        yield ok(f"{about}: all of it is {whose} alone")


def owner_of(path: Path) -> int:
    """The number of the user whose it is.  Raises OSError."""
    return path.stat().st_uid


def name_of(uid: int) -> str:
    """A user's name, or the number where it has none."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _is_shared(found: os.stat_result, shared: int | None) -> bool:
    return found.st_gid == shared and found.st_mode & 0o060 == 0o060


def _group(gid: int) -> str:
    try:
        return grp.getgrgid(gid).gr_name
    except KeyError:
        return str(gid)


def _named(folder: Path, paths: list[Path]) -> str:
    names = [folder.name if path == folder else str(path.relative_to(folder)) for path in paths]
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
