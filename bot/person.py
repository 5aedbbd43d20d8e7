"""
Somebody to whom a secret may go, and of which kind they are.

Apart from how they are looked up: the settings' rules speak of people, and whoever reads settings needs no Slack.
"""

from dataclasses import dataclass
from datetime import UTC, tzinfo
from enum import StrEnum


class Kind(StrEnum):
    """The first four can receive a drop and stand in the audit log."""

    MEMBER = "member"
    GUEST = "guest"
    EXTERNAL = "external"
    EMAIL = "email"
    """Nobody of Slack: whoever reads the mail of an address."""
    STRANGER = "stranger"
    BOT = "bot"
    GONE = "gone"

    @property
    def as_recipient(self) -> "Kind":
        """The class that stands in the audit log: a stranger whom the sender reaches another way is from outside."""
        return Kind.EXTERNAL if self is Kind.STRANGER else self


@dataclass(frozen=True)
class Person:
    """
    Somebody in Slack, or an e-mail address.  `name` and `title` are their own words, one line each.

    """

    id: str
    team_id: str
    name: str
    title: str
    kind: Kind
    zone: tzinfo = UTC
