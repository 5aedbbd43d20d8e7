"""What somebody asks to be shown: the drops created in a period of whole UTC days, perhaps of some recipients only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

from store.words import Event

CLASSES: Final = ("member", "guest", "external", "email")


@dataclass(frozen=True)
class Request:
    """
    Both days are included.  `recipients` are classes, sorted; none means all.

    `with_names` asks for the names behind the digests of each drop.
    """

    first: date
    last: date
    recipients: tuple[str, ...] = ()
    with_names: bool = False

    def takes(self, claims: Mapping[str, Any]) -> bool:
        """Whether the event with these claims is the creation of a drop that was asked for."""
        if claims.get("evt") != Event.CREATED or not self.begin <= claims["iat"] < self.end:
            return False
        return not self.recipients or claims.get("recipient_class") in self.recipients

    @property
    def period(self) -> str:
        """In words."""
        return f"{self.first.isoformat()} to {self.last.isoformat()}"

    @property
    def of_whom(self) -> str:
        """In words."""
        return ", ".join(self.recipients) or "all"

    @property
    def begin(self) -> int:
        """The first second, Unix time."""
        return _midnight(self.first)

    @property
    def end(self) -> int:
        """The first second after it."""
        return _midnight(self.last) + int(timedelta(days=1).total_seconds())


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
