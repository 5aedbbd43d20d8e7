"""
`pack.json`, the first file of a pack: what was asked for, and the checkpoint that it is made against.

It is written before anything else, so that a run which was cut short goes on against the same checkpoint.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from store.errors import StoreMismatchError
from store.evidence.in_database import Standing
from store.evidence.request import CLASSES, Request
from store.formats.receipt_v1 import utc
from store.formats.strict_json import is_text

FILE: Final = "pack.json"
_PART: Final = FILE + ".part"
_FORMAT: Final = "sendsecret evidence pack v1"
_TEXTS: Final = ("installation", "origin", "log_key", "checkpoint")
_NUMBERS: Final = ("log", "size", "checkpoint_at_ms", "events_not_under_the_checkpoint", "events_that_no_log_took")
_YEAR_10000_MS: Final = 253_402_300_800_000
"""From here on no date of ours can be written."""


class NoPackError(Exception):
    """The file is not there, or is no `pack.json`; the text says which."""


@dataclass(frozen=True)
class Pack:
    """One pack: `issuer` is the installation's address."""

    issuer: str
    request: Request
    standing: Standing

    @property
    def text(self) -> bytes:
        """The file."""
        standing, request = self.standing, self.request
        content = {
            "format": _FORMAT,
            "installation": self.issuer,
            "from": request.first.isoformat(),
            "to": request.last.isoformat(),
            "recipients": list(request.recipients),
            "with_names": request.with_names,
            "log": standing.log,
            "origin": standing.origin,
            "log_key": standing.vkey,
            "size": standing.size,
            "checkpoint": standing.note,
            "checkpoint_at": utc(standing.at),
            "checkpoint_at_ms": standing.at,
            "events_not_under_the_checkpoint": standing.waiting,
            "events_that_no_log_took": standing.refused,
            "older_checkpoints": dict(standing.kept),
        }
        return json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n"


def read(folder: Path) -> Pack:
    """What a folder's pack is.  Raises NoPackError."""
    try:
        content = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return _parsed(content)
    except OSError as error:
        raise NoPackError(f"{FILE} cannot be read ({error.strerror})") from None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise NoPackError(f"{FILE} is no description of an evidence pack of version 1") from None


def may_begin(folder: Path) -> bool:
    """Whether the folder is empty, or not there.  Raises StoreMismatchError where somebody else's things are in it."""
    if (folder / FILE).exists():
        return False
    if folder.exists() and (not folder.is_dir() or any(one.name != _PART for one in folder.iterdir())):
        raise StoreMismatchError(f"{folder} is not empty, and holds no evidence pack. Name another folder")
    return True


def begin(folder: Path, pack: Pack) -> None:
    """Write the file, whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _PART).write_bytes(pack.text)
    (folder / _PART).replace(folder / FILE)


def _parsed(content: Mapping[str, Any]) -> Pack:
    recipients, kept = tuple(content["recipients"]), content["older_checkpoints"]
    # Not int() or str(), which make something of whatever stands there: of Infinity an OverflowError, of null a name.
    if content["format"] != _FORMAT or not set(recipients) <= set(CLASSES) or type(content["with_names"]) is not bool:
        raise ValueError
    if {type(content[name]) for name in _NUMBERS} != {int} or not 0 <= content["checkpoint_at_ms"] < _YEAR_10000_MS:
        raise ValueError
    if not all(map(is_text, [*(content[name] for name in _TEXTS), *kept, *kept.values()])):
        raise ValueError
    return Pack(
        issuer=content["installation"],
        request=Request(
            date.fromisoformat(content["from"]),
            date.fromisoformat(content["to"]),
            recipients,
            with_names=content["with_names"],
        ),
        standing=Standing(
            log=content["log"],
            origin=content["origin"],
            vkey=content["log_key"],
            size=content["size"],
            note=content["checkpoint"],
            at=content["checkpoint_at_ms"],
            waiting=content["events_not_under_the_checkpoint"],
            refused=content["events_that_no_log_took"],
            kept=kept,
        ),
    )
