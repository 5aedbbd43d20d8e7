"""
The kept inputs of each target: few, small, and each there for a line or a verdict that no smaller one reaches.

A file is named by its verdict and its hash: replaying it must give the same verdict.
"""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tests.fuzz.reached import Line, verdict_and_lines
from tests.fuzz.target import Target

FOLDER: Final = Path(__file__).parent / "corpus"
_MOST_BYTES: Final = 4096


def kept(target: Target) -> list[Path]:
    """The files of a target, those that once showed a fault among them."""
    return sorted((FOLDER / target.name).iterdir())


def name_of(verdict: str, raw: bytes) -> str:
    """What the file of an input is called."""
    words = re.sub("[^a-z0-9]+", "-", verdict.lower()).strip("-")
    return f"{words[:60]}.{hashlib.sha256(raw).hexdigest()[:8]}"


def chosen(target: Target, inputs: Iterable[bytes]) -> tuple[dict[str, bytes], frozenset[Line]]:
    """The smallest inputs that between them reach all lines and verdicts, by name; and the lines."""
    found: dict[str, bytes] = {}
    lines: set[Line] = set()
    verdicts: set[str] = set()
    for raw in sorted(set(inputs), key=lambda one: (len(one), one)):
        if len(raw) > _MOST_BYTES and found:
            continue
        verdict, reached = verdict_and_lines(target, raw)
        if verdict not in verdicts or not reached <= lines:
            found[name_of(verdict, raw)] = raw
            verdicts.add(verdict)
            lines |= reached
    return found, frozenset(lines)


def keep(target: Target, inputs: Iterable[bytes]) -> frozenset[Line]:
    """Put those of the inputs that reach something new beside what is kept; nothing that is there is taken away."""
    folder = FOLDER / target.name
    folder.mkdir(parents=True, exist_ok=True)
    there = [path.read_bytes() for path in folder.iterdir()]
    lines: set[Line] = set()
    verdicts: set[str] = set()
    for raw in there:
        verdict, reached = verdict_and_lines(target, raw)
        verdicts.add(verdict)
        lines |= reached
    new, _ = chosen(target, inputs)
    for name, raw in new.items():
        verdict, reached = verdict_and_lines(target, raw)
        if verdict not in verdicts or not reached <= lines:
            (folder / name).write_bytes(raw)
            verdicts.add(verdict)
            lines |= reached
    return frozenset(lines)
