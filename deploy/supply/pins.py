"""
What is pinned: the lines of deploy/locks, the libraries of the pages, and what judges them, in package-lock.json.

Read with the standard library alone, so that an audit needs nothing of what it audits.
"""

import base64
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent.parent
LOCKS: Final = ROOT / "deploy" / "locks"
_PAGES: Final = ROOT / "reveal_web" / "browser" / "package-lock.json"
NPM_LOCKS: Final = (
    _PAGES,
    *(ROOT / "tests" / folder / "package-lock.json" for folder in ("page_checks", "scanning", "slack_types")),
)
_LINE: Final = re.compile(r"([a-z0-9-]+)==([^ ;\\]+) *(?:; *([^\\]+?))? *\\?")
_HASH: Final = re.compile(r"    --hash=sha256:([0-9a-f]{64}) *\\?")


class NotALockError(ValueError):
    """A line that is neither a pin nor one of its hashes, or a pin without any."""


@dataclass(frozen=True)
class Pin:
    """One distribution at one version; `marker` as PEP 508 writes it, empty for everywhere; `hashes` of its files."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]


@dataclass(frozen=True)
class Library:
    """A library that the pages bring along; `sha512` is its package's, in hexadecimal."""

    name: str
    version: str
    licence: str
    sha512: str


def pins(lock: str) -> tuple[Pin, ...]:
    """What `deploy/locks/{lock}.txt` pins.  Raises NotALockError."""
    return parse((LOCKS / f"{lock}.txt").read_text())


def parse(text: str) -> tuple[Pin, ...]:
    """Raises NotALockError for whatever pip would take and nobody pinned, such as an address or an option."""
    found: list[Pin] = []
    for line in text.splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if (hashed := _HASH.fullmatch(line)) and found:
            last = found.pop()
            found.append(Pin(last.name, last.version, last.marker, (*last.hashes, hashed[1])))
        elif pinned := _LINE.fullmatch(line):
            found.append(Pin(pinned[1], pinned[2], pinned[3] or "", ()))
        else:
            raise NotALockError(line)
    if bare := [pin.name for pin in found if not pin.hashes]:
        raise NotALockError(f"without a hash: {', '.join(bare)}")
    return tuple(found)


def libraries() -> tuple[Library, ...]:
    """What the pages bring along, by name."""
    packages = json.loads(_PAGES.read_text())["packages"]
    return tuple(
        Library(
            path.removeprefix("node_modules/"),
            package["version"],
            package["license"],
            base64.b64decode(package["integrity"].removeprefix("sha512-")).hex(),
        )
        for path, package in sorted(packages.items())
        if path
    )


def from_npm() -> tuple[tuple[str, str], ...]:
    """Name and version of everything that comes from npm: with the pages, and for their tests."""
    found = []
    for lock in NPM_LOCKS:
        for path, package in json.loads(lock.read_text())["packages"].items():
            # One that another brings along for itself alone lies in its folder; an alias says its true name.
            if path:
                found.append((package.get("name") or path.rpartition("node_modules/")[2], package["version"]))
    return tuple(sorted(set(found)))


def normal(name: str) -> str:
    """A distribution's name as locks and package addresses spell it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()
