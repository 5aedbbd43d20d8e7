"""
The checkpoints and the keys of logs in messages that were copied; what was damaged on the way is named, never mended.

A checkpoint is the name of its log, its size, its root, and its signatures, each on a line of its own.  The empty line
before the signatures is put back; every other character must be the one that was signed.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Final

from store.formats import checkpoint_v1
from store.verifying.copied_messages import Message

_LOOKED_AHEAD: Final = 5
_LONGEST: Final = 1000
_ROOT_CHARACTERS: Final = 44
_SIGNATURE_CHARACTERS: Final = 92
_AGAIN: Final = "copy the message once more, in a window that is wide enough"

_DASHES: Final = "\N{EM DASH}\N{EN DASH}\N{HORIZONTAL BAR}\N{MINUS SIGN}-"
_NAME: Final = re.compile(r"[!-*,-~]{1,255}", re.ASCII)
_SIZE: Final = re.compile(r"[0-9][0-9,.' ]*", re.ASCII)
_ROOT: Final = re.compile(r"[A-Za-z0-9+/]{20,60}={0,2}", re.ASCII)
_KEY: Final = re.compile(r"\S+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{20,}={0,2}", re.ASCII)
_SIGNATURE: Final = re.compile(rf"[{_DASHES}]{{1,3}} ?(?P<name>[!-~]+)(?: (?P<blob>[A-Za-z0-9+/]{{20,}}={{0,2}}))?")
_LONG: Final = re.compile(rf"[{_DASHES}]{{1,3}} ?\S+ [A-Za-z0-9+/]{{20,}}", re.ASCII)
_TITLE: Final = re.compile(
    r"Audit log checkpoint (?:\N{MIDDLE DOT} [0-9,]+ entries(?: \(\+[0-9,]+\)|, [a-z ]+)?)\Z"
    r"|Audit log checkpoint: \S+, size [0-9]+, root \S+\Z"
)


class _Kind(Enum):
    TITLE = auto()
    KEY = auto()
    NAME = auto()
    SIZE = auto()
    ROOT = auto()
    SIGNATURE = auto()
    BROKEN = auto()  # a signature, and something else
    OTHER = auto()


@dataclass(frozen=True)
class Copied:
    """
    One checkpoint: its `note` as it was signed, or the `damage` that it took, one of the two empty.

    `origin` is the log that it names, empty where that line is lost; `at` is when it was posted, in seconds since 1970.
    """

    place: str
    at: float | None
    origin: str
    note: str
    damage: str


@dataclass(frozen=True)
class CopiedKey:
    """A line that is, or was, the key of a log."""

    place: str
    text: str


@dataclass
class Found:
    """Everything of ours in some messages, in their order."""

    checkpoints: list[Copied] = field(default_factory=list)
    keys: list[CopiedKey] = field(default_factory=list)


def find(messages: Sequence[Message]) -> Found:
    """Look through them.  Never raises."""
    found = Found()
    for message in messages:
        kinds = [_kind(line) for _, line in message.lines]
        for at, kind in enumerate(kinds):
            if kind is _Kind.KEY:
                found.keys.append(CopiedKey(*message.lines[at]))
        found.checkpoints += (copied for _, copied in sorted(_in(message, kinds), key=lambda one: one[0]))
    return found


def _in(message: Message, kinds: Sequence[_Kind]) -> Iterator[tuple[int, Copied]]:
    """Each checkpoint under the number of its first line."""
    starts = set()
    at = 0
    while at < len(kinds):
        until, copied = _at(message, kinds, at)
        if copied is not None:
            starts.add(at)
            yield at, copied
        at = until
    titles = [at for at, kind in enumerate(kinds) if kind is _Kind.TITLE]
    for title, after in zip(titles, [*titles[1:], len(kinds)], strict=False):
        if starts.isdisjoint(range(title, after)):
            place = message.lines[title][0]
            yield title, Copied(place, message.at, "", "", "only its title is here, and that is not signed")


def _at(message: Message, kinds: Sequence[_Kind], at: int) -> tuple[int, Copied | None]:
    """What begins at this line, if anything does, and the number of the line after it."""
    place, line = message.lines[at]
    if kinds[at] is _Kind.NAME:
        until = _end(kinds, at)
        if until == at + 1:
            return until, None  # somebody wrote of the log
        lines = [one for _, one in message.lines[at:until]]
        damage = _damage(lines, kinds[at:until])
        note = "" if damage else "\n".join([*lines[:3], "", *lines[3:], ""])
        return until, Copied(place, message.at, line, note, damage)
    if kinds[at] is _Kind.SIGNATURE and _is_ours(line):
        return at + 1, Copied(place, message.at, "", "", f"the lines over its signature are lost or changed; {_AGAIN}")
    if kinds[at] is _Kind.BROKEN:
        return at + 1, Copied(place, message.at, "", "", f"its signature does not stand alone in its line; {_AGAIN}")
    return at + 1, None


def _end(kinds: Sequence[_Kind], at: int) -> int:
    """After the last line of what begins with a log's name; at once where neither a root nor a signature follows."""
    end = at + 1
    for ahead in range(at + 1, min(at + 1 + _LOOKED_AHEAD, len(kinds))):
        if kinds[ahead] in (_Kind.NAME, _Kind.TITLE, _Kind.KEY):
            break
        if kinds[ahead] in (_Kind.SIGNATURE, _Kind.BROKEN):
            end = ahead + 1
            while end < len(kinds) and kinds[end] is _Kind.SIGNATURE:
                end += 1
            break
        if kinds[ahead] is _Kind.ROOT:
            end = ahead + 1
    return end


def _damage(lines: Sequence[str], kinds: Sequence[_Kind]) -> str:
    """What is wrong with the shape, in words; empty where it is the one of a checkpoint."""
    if kinds[1] is not _Kind.SIZE:
        return f"the line under the log's name is not the number of its entries; {_AGAIN}"
    if not lines[1].isdecimal():
        return "its number of entries is written otherwise than with digits alone; copy it as it stands in the message"
    if len(kinds) < 3 or kinds[2] is not _Kind.ROOT:
        return f"its root, the line under the number of entries, is lost or changed; {_AGAIN}"
    if len(lines[2]) != _ROOT_CHARACTERS:
        return f"its root has {len(lines[2])} characters and must have {_ROOT_CHARACTERS}; {_AGAIN}"
    if len(kinds) < 4 or kinds[3] is not _Kind.SIGNATURE:
        return f"its signature, the line that begins with an em dash, is lost or changed; {_AGAIN}"
    if not all(line.startswith("\N{EM DASH} ") for line in lines[3:]):
        return "its signature begins with another dash than the em dash of the message; copy it without corrections"
    ours = [line.split(" ")[2:] for line in lines[3:] if line.split(" ")[1] == lines[0]]
    if len(ours) != 1:
        return f"it has {len(ours)} signatures under the log's own name and must have one"
    if (length := len("".join(ours[0]))) != _SIGNATURE_CHARACTERS:
        return f"its signature has {length} characters and must have {_SIGNATURE_CHARACTERS}: cut or broken; {_AGAIN}"
    return ""


def _is_ours(line: str) -> bool:
    """Whether most of a log's own signature stands somewhere in the line."""
    return "/audit" in line and _LONG.search(line) is not None


def _kind(line: str) -> _Kind:
    if len(line) > _LONGEST:
        return _Kind.OTHER
    if _TITLE.search(line):
        return _Kind.TITLE
    if _KEY.fullmatch(line):
        return _Kind.KEY
    if _SIZE.fullmatch(line):
        return _Kind.SIZE
    if (found := _SIGNATURE.fullmatch(line)) and (found["blob"] or checkpoint_v1.number_of(found["name"])):
        return _Kind.SIGNATURE
    # Before roots: base64 has a slash of its own.
    if _NAME.fullmatch(line) and checkpoint_v1.number_of(line):
        return _Kind.NAME
    if _is_ours(line):
        return _Kind.BROKEN
    return _Kind.ROOT if _ROOT.fullmatch(line) else _Kind.OTHER
