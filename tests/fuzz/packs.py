"""An evidence pack from a stranger: its `pack.json` and its manifest; nothing outside its folder is ever looked at."""

import atexit
import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Final

from store.evidence import pack
from store.evidence.folder import MANIFEST
from store.evidence.pack import NoPackError
from store.verifying import pack as checked
from tests.fuzz import json_changes
from tests.fuzz.target import ACCEPTED, Target, refused

_EXAMPLE: Final = Path(__file__).parents[2] / "docs" / "examples" / "evidence"
_FILES: Final = {"a": b"one", "b/c": b"two"}


@cache
def _folder() -> Path:
    """One folder of this process's, in memory where there is a file system for that."""
    place = Path("/dev/shm")  # noqa: S108 - only where it is there
    folder = Path(tempfile.mkdtemp(prefix="pack", dir=place if place.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "b").mkdir()
    for name, content in _FILES.items():
        (folder / name).write_bytes(content)
    return folder


def _judge_pack(raw: bytes) -> str:
    folder = _folder()
    (folder / pack.FILE).write_bytes(raw)
    try:
        found = pack.read(folder)
    except NoPackError as error:
        return refused(error)
    (folder / pack.FILE).write_bytes(found.text)
    assert pack.read(folder) == found, "a pack is read otherwise than it is written"
    assert found.request.begin <= found.request.end or found.request.first > found.request.last
    return ACCEPTED


def _judge_manifest(raw: bytes) -> str:
    folder = _folder()
    (folder / pack.FILE).write_bytes(_PACK)
    (folder / MANIFEST).write_bytes(raw)
    try:
        findings = checked.check(folder, lambda _: None, log_keys=None, keys=None)
    except OSError as error:  # a name that no file system takes: said by the command, with what the system says
        assert error.errno is not None
        return refused(error)
    failed = [one.says for one in findings.all if one.about == MANIFEST and not one.holds]
    assert bool(failed) != _is_whole(raw), "a manifest that does not hold, and none said so; or the other way round"
    return f"{min(len(failed), 3)} failed" if failed else ACCEPTED


def _is_whole(raw: bytes) -> bool:
    """Every file under its own hash, and no other line."""
    there = {**_FILES, pack.FILE: _PACK}
    right = {f"{hashlib.sha256(content).hexdigest()}  {name}" for name, content in there.items()}
    lines = raw.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return set(lines[:-1] if lines[-1] == "" else lines) == right


_PACK: Final = (_EXAMPLE / "pack.json").read_bytes()
_WHOLE: Final = "".join(
    f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in {**_FILES, pack.FILE: _PACK}.items()
).encode()

PACK: Final = Target(
    "pack",
    _judge_pack,
    ("store.evidence.pack", "store.evidence.request"),
    (_PACK,),
    (b"Infinity", b"NaN", b"1e999", b"null", b'"0001-01-01"', b"\\ud800", b"-1"),
    3000,
    json_changes.changed,
)
MANIFEST_LINES: Final = Target(
    "manifest",
    _judge_manifest,
    ("store.verifying.pack",),
    (_WHOLE, _WHOLE.replace(b"  a\n", b"  ../a\n"), _WHOLE.replace(b"  a\n", b"  \x00\n")),
    (b"  ", b"../", b"/", b"\\", b"\x00", b"\r\n", b".", b"~", b"/dev/null", b"a" * 64, _WHOLE.split(b"\n")[0] + b"\n"),
    800,
)
