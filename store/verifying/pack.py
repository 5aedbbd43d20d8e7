"""
An evidence pack, checked from its folder alone: no settings, no database, no network.

What is trusted are the keys that the caller holds; with those of the pack itself it is said that they came with it.
Every row of the population is made anew from the signed events and compared.
"""

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from store.evidence import pack
from store.evidence.folder import MANIFEST
from store.evidence.pack import NoPackError, Pack
from store.formats import checkpoint_v1, jwks_v1
from store.formats.checkpoint_v1 import Checkpoint, LogKey
from store.formats.errors import FormatError
from store.verifying import pack_rows
from store.verifying.extending import ReadTile, require_extends, require_tiles
from store.verifying.files import File
from store.verifying.findings import Findings
from store.verifying.pack_leaves import Walk

CHECKPOINT: Final = "checkpoint"
_OLDER: Final = "checkpoints"
_LOG_KEY: Final = "log.vkey"
_KEYS: Final = "jwks.json"
_NO_MORE: Final = "what it signed could not be checked"
_MOST_BYTES: Final = 4 * 1024 * 1024


def check(folder: Path, read: ReadTile, *, log_keys: File | None, keys: File | None) -> Findings:
    """
    Every finding.  `read` gives the pack's tiles; without `log_keys` or `keys` those in the folder are used.

    Raises NoPackError for a folder that is no pack, and OSError for one that cannot be read.
    """
    findings = Findings()
    chosen = pack.read(folder)
    found = f"{chosen.request.period}, recipients: {chosen.request.of_whom}, made by {chosen.issuer}"
    findings.close(pack.FILE, f"{found}; {chosen.standing.waiting} events were not under the checkpoint yet")
    _manifest(folder, findings)
    believed = _event_keys(folder, keys, findings)
    key = _log_key(folder, log_keys, chosen, findings)
    present = _present(folder, chosen, key, findings)
    if believed is None or key is None or present is None:
        return findings
    _history(folder, key, present, read, findings)
    walk = Walk(folder, chosen, present, believed, findings)
    walk.everything()
    pack_rows.check(folder, chosen.request, walk.rows, findings)
    return findings


def _manifest(folder: Path, findings: Findings) -> None:
    """Every file with its hash, and no file besides; those whose names begin with a dot are somebody's computer's."""
    path = folder / MANIFEST
    if not path.exists():
        findings.fail(MANIFEST, "it is missing: the pack was not finished. Make it again with the same command")
        return
    listed: set[int] = set()
    with path.open(encoding="utf-8", errors="replace") as lines:
        for line in lines:
            digest, _, name = line.rstrip("\n").partition("  ")
            if not _is_inside(name) or not (folder / name).is_file():
                findings.fail(MANIFEST, f"{name} is missing")
            elif _digest(folder / name) != digest:
                findings.fail(MANIFEST, f"{name} is not as it was made")
            listed.add(_short(name))
    for name in _files(folder):
        if _short(name) not in listed and name != MANIFEST:
            findings.fail(MANIFEST, f"{name} was put here: it is not among the files of the pack")
    findings.close(MANIFEST, f"{len(listed)} files, each as it was made, and no others")


def _is_inside(name: str) -> bool:
    return bool(name) and not name.startswith("/") and ".." not in name.split("/") and "\\" not in name


def _short(name: str) -> int:
    # Of each of a million names a few bytes; this finds what lies about, and proves nothing.
    return int.from_bytes(hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=7).digest())


def _files(folder: Path) -> Iterator[str]:
    # Not `rglob`, which remembers every path that it gave.
    for place, _, names in os.walk(folder):
        for name in names:
            if not name.startswith("."):
                yield Path(place, name).relative_to(folder).as_posix()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _event_keys(folder: Path, given: File | None, findings: Findings) -> dict[str, bytes] | None:
    name = given.name if given else _KEYS
    try:
        believed = jwks_v1.parse(_given(given) if given else _text(folder / _KEYS))
    except FormatError as error:
        findings.fail(name, f"{error}; {_NO_MORE}")
        return None
    says = f"{len(believed)} keys that can sign events" if len(believed) != 1 else "1 key that can sign events"
    findings.close(name, says if given else f"{says}; they came with the pack, compare them with your own (--keys)")
    return believed


def _log_key(folder: Path, given: File | None, chosen: Pack, findings: Findings) -> LogKey | None:
    name, origin = given.name if given else _LOG_KEY, chosen.standing.origin
    try:
        lines = (_given(given) if given else _text(folder / _LOG_KEY)).removesuffix("\n").split("\n")
        found = [key for key in map(checkpoint_v1.parse_key, lines) if key.origin == origin]
    except FormatError as error:
        findings.fail(name, f"{error}; {_NO_MORE}")
        return None
    if len(found) != 1:
        findings.fail(name, f"it has no key of {origin}, or two; {_NO_MORE}")
        return None
    says = f"the key of {origin}"
    findings.close(name, says if given else f"{says}; it came with the pack, compare it with your own (--log-key)")
    return found[0]


def _present(folder: Path, chosen: Pack, key: LogKey | None, findings: Findings) -> Checkpoint | None:
    if key is None:
        return None
    try:
        note = _text(folder / CHECKPOINT)
        present = checkpoint_v1.verify(note, key)
    except FormatError as error:
        findings.fail(CHECKPOINT, f"{error}; {_NO_MORE}")
        return None
    if (present.size, note) != (chosen.standing.size, chosen.standing.note):
        findings.fail(CHECKPOINT, f"it is another one than {pack.FILE} names")
    findings.close(CHECKPOINT, f"{present.size} entries of {present.origin}, signed by the log's key")
    return present


def _history(folder: Path, key: LogKey, present: Checkpoint, read: ReadTile, findings: Findings) -> None:
    """The tiles give the root, and the older checkpoints are its beginning."""
    try:
        require_tiles(present, read)
    except FormatError as error:
        findings.fail("tile", str(error))
        return
    findings.close("tile", "the hashes give the root of the checkpoint")
    older = sorted((folder / _OLDER).glob("*")) if (folder / _OLDER).is_dir() else []
    for path in older:
        name = f"{_OLDER}/{path.name}"
        try:
            earlier = checkpoint_v1.verify(_text(path), key)
            require_extends(earlier, present, read)
        except FormatError as error:
            findings.fail(name, str(error))
        else:
            findings.close(name, f"the log begins with its {earlier.size} entries: nothing was rewritten since")


def _given(file: File) -> str:
    return file.raw.decode("utf-8", "replace")


def _text(path: Path) -> str:
    """A small file.  Raises FormatError."""
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode()
    except (OSError, UnicodeDecodeError):
        raise FormatError(f"{path.name} is missing, or is no text") from None


__all__ = ["NoPackError", "check"]
