"""
A backup's folder: whole or not there, with a manifest of every file in it.

It is written under another name beside its own, each file durable, and gets its name last.  No key is ever in it.
"""

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from store.key_files import sync_directory, write_new

MANIFEST: Final = "manifest.json"
_FORMAT: Final = 1
_PIECE: Final = 1 << 20


class FolderError(Exception):
    """A folder that cannot be written, or is no whole backup; its text is a sentence for operators."""


@contextmanager
def new(folder: Path, facts: dict[str, Any], *, outside: tuple[Path, ...]) -> Iterator[Path]:
    """
    Where to write the files of a backup; at the end of the block it has its name, with `facts` in its manifest.

    Raises FolderError where something is there, or it would lie in one of `outside`.  Nothing is left after an error.
    """
    if folder.exists() or folder.is_symlink():
        raise FolderError("there is something of that name already. Nothing was written; name a new folder")
    target = folder.absolute()
    for forbidden in outside:
        if target.parent.resolve().joinpath(target.name).is_relative_to(forbidden.resolve()):
            raise FolderError("a backup must not lie in KEYRING_DIR or SIGNING_DIR. Nothing was written; name another")
    if not target.parent.is_dir():
        raise FolderError("the folder that it would lie in is not there. Nothing was written")
    unnamed = target.with_name(f".{target.name}.{secrets.token_hex(4)}.part")
    try:
        unnamed.mkdir(mode=0o700)
        yield unnamed
        files = {str(path.relative_to(unnamed)): _facts(path) for path in sorted(unnamed.rglob("*")) if path.is_file()}
        manifest = {"format": _FORMAT, **facts, "files": files}
        write_new(unnamed / MANIFEST, json.dumps(manifest, indent=1).encode())
        for inner in {unnamed, *(path for path in unnamed.rglob("*") if path.is_dir())}:
            sync_directory(inner)
        unnamed.rename(target)
        sync_directory(target.parent)
    except OSError as error:
        raise FolderError(f"the disk did not take it ({error.strerror}). Nothing was left there") from None
    finally:
        shutil.rmtree(unnamed, ignore_errors=True)


def read(folder: Path) -> Mapping[str, Any]:
    """The manifest of a backup each of whose files is as it says.  Raises FolderError."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        files = dict(manifest["files"])
        known = manifest["format"]
    except FileNotFoundError:
        raise FolderError("there is no backup: it has no manifest.json") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise FolderError("its manifest.json is damaged") from None
    if known != _FORMAT:
        raise FolderError("another release wrote it, in a format that this one does not know")
    for name, said in files.items():
        path = folder / name
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            raise FolderError(f"{name} is not there")
        if _facts(path) != said:
            raise FolderError(f"{name} is not what the manifest says: it was damaged or changed")
    found: Mapping[str, Any] = manifest
    return found


def keep(path: Path) -> None:
    """Make a file that somebody else wrote durable, and its owner's alone."""
    path.chmod(0o600)
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _facts(path: Path) -> dict[str, Any]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            size += len(piece)
    return {"sha256": digest.hexdigest(), "bytes": size}
