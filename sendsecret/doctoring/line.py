"""What a check of `sendsecret doctor` says: one line, how bad it is, and what to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    BAD = "bad"


@dataclass(frozen=True)
class Line:
    """`what` was found, and `todo`, without which a warning or worse is of no use to anybody."""

    level: Level
    what: str
    todo: str = ""

    def __str__(self) -> str:
        said = f"{self.level:<5} {self.what}"
        return f"{_whole(said)} {_whole(self.todo)}" if self.todo else said


def ok(what: str) -> Line:
    """As it should be."""
    return Line(Level.OK, what)


def warn(what: str, todo: str) -> Line:
    """It works, and something that is promised holds less than it could."""
    return Line(Level.WARN, what, todo)


def bad(what: str, todo: str) -> Line:
    """Something does not work, or a promise is broken."""
    return Line(Level.BAD, what, todo)


def _whole(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?")) else f"{sentence}."


def exit_code(lines: Sequence[Line]) -> int:
    """0 for nothing but well, 1 for warnings, 2 for worse."""
    levels = {line.level for line in lines}
    return 2 if Level.BAD in levels else int(Level.WARN in levels)
