"""
An evidence pack, checked from its folder alone: no settings, no database, no network.

What is trusted are the keys that the caller holds; with those of the pack itself it is said that they came with it.
Every row of the population is made anew from the signed events and compared.
"""

import hashlib
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
    try:
        believed = _event_keys(folder, keys, findings)
        key = _log_key(folder, log_keys, chosen, findings)
        present = checkpoint_v1.verify(_text(folder / CHECKPOINT), key)
    except FormatError as error:
        findings.fail(CHECKPOINT, f"{error}; nothing else was checked")
        return findings
    if (present.size, _text(folder / CHECKPOINT)) != (chosen.standing.size, chosen.standing.note):
        findings.fail(CHECKPOINT, f"it is another one than {pack.FILE} names")
    findings.close(CHECKPOINT, f"{present.size} entries of {present.origin}, signed by the log's key")
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
    listed: set[bytes] = set()
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


def _short(name: str) -> bytes:
    # Of a million names a few bytes each; this finds what lies about, and proves nothing.
    return hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=12).digest()


def _files(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if not path.name.startswith(".") and not path.is_dir():
            yield path.relative_to(folder).as_posix()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _event_keys(folder: Path, given: File | None, findings: Findings) -> dict[str, bytes]:
    name = given.name if given else _KEYS
    believed = jwks_v1.parse(given.raw.decode("utf-8", "replace") if given else _text(folder / _KEYS))
    says = f"{len(believed)} keys that can sign events" if len(believed) != 1 else "1 key that can sign events"
    findings.close(name, says if given else f"{says}; they came with the pack, compare them with your own (--keys)")
    return believed


def _log_key(folder: Path, given: File | None, chosen: Pack, findings: Findings) -> LogKey:
    text = given.raw.decode("utf-8", "replace") if given else _text(folder / _LOG_KEY)
    lines = text.removesuffix("\n").split("\n")
    keys = {key.origin: key for key in map(checkpoint_v1.parse_key, lines)}
    if chosen.standing.origin not in keys:
        raise FormatError(f"the key of {chosen.standing.origin} was not given")
    says = f"the key of {chosen.standing.origin}"
    name = given.name if given else _LOG_KEY
    findings.close(name, says if given else f"{says}; it came with the pack, compare it with your own (--log-key)")
    return keys[chosen.standing.origin]


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


def _text(path: Path) -> str:
    """A small file.  Raises FormatError."""
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode()
    except (OSError, UnicodeDecodeError):
        raise FormatError(f"{path.name} is missing, or is no text") from None


__all__ = ["NoPackError", "check"]
