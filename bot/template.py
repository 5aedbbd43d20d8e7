"""
A template: a named way of handing over one kind of credential.

Pure.  What a file may say of one stands in bot/template_rules.py.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.patterns import Pattern
from store.words import Verify

ANYTHING: Final = "anything"
"""The name of the template of whatever has none."""
UNVIEWED_AFTER: Final = 86_400
"""After how many seconds a sender is told that nobody has opened it, where nothing else is said."""


class Scheme(StrEnum):
    """Where the passphrase comes from."""

    MADE_DIGITS = "made-digits"
    MADE_WORDS = "made-words"
    OWN = "own"
    NONE = "none"


@dataclass(frozen=True)
class Broad:
    """A credential that can do more than is needed, and what its sender is told about it."""

    pattern: Pattern
    says: str


@dataclass(frozen=True)
class Template:
    """
    How one kind of credential is handed over.  Spans are in seconds.

    `rotate_after` and `until_engagement_ends` say by when the key is to be rotated at its provider: some time after it
    was sent, or on a day that the sender is asked for.  `expires` is None where the installation's usual holds.
    """

    name: str
    label: str = ""
    expires: int | None = None
    rotate_after: int | None = None
    until_engagement_ends: bool = False
    rotate_url: str = ""
    passphrase: Scheme = Scheme.MADE_DIGITS
    hint: str = ""
    verify: Verify = Verify.NONE
    on_lock: str = "lock"
    unviewed_after: int = UNVIEWED_AFTER
    variable: str | None = None
    tags: tuple[str, ...] = ()
    format: Pattern | None = None
    too_broad: tuple[Broad, ...] = ()


AS_USUAL: Final = Template(ANYTHING)
