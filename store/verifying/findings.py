"""What a check found, one line a thing: that it holds, or what failed, in words."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

MOST_OF_A_KIND: Final = 20


@dataclass(frozen=True)
class Finding:
    """
    `about` is the file or table that was looked at; `says` is a sentence for people.

    One that `warns` is no failure, and no check that held: somebody should look why it is so.
    """

    about: str
    holds: bool
    says: str
    warns: bool = False


class Findings:
    """Findings about tables: every failure counted, the first twenty of each table kept."""

    def __init__(self) -> None:
        self.all: list[Finding] = []
        self._failed: Counter[str] = Counter()

    def fail(self, table: str, says: str) -> None:
        """Something in this table is not as it must be."""
        self._failed[table] += 1
        if self._failed[table] <= MOST_OF_A_KIND:
            self.all.append(Finding(table, False, says))

    def warn(self, table: str, says: str) -> None:
        """Something that is no failure by itself, and that somebody should look at again."""
        self.all.append(Finding(table, True, says, warns=True))

    def lose(self, table: str, says: str, *, is_failure: bool) -> None:
        """Something is missing, which is a failure unless somebody vouches for how it was lost; said in either case."""
        if is_failure:
            self.fail(table, says)
        else:
            self.all.append(Finding(table, True, says))

    def close(self, table: str, says: str) -> None:
        """Everything about this table was said: it holds, as `says` tells, unless something failed."""
        failed = self._failed[table]
        if failed == 0:
            self.all.append(Finding(table, True, says))
        elif failed > MOST_OF_A_KIND:
            self.all.append(Finding(table, False, f"and {failed - MOST_OF_A_KIND} more of this table"))
