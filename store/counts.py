"""
What this program did since its start, counted in memory for `/metrics`.

Under fixed words only: nothing here says who, which, or from where, so that nothing of it can be personal, and nothing
that a visitor sends can make it grow.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

WON: Final = "won"
SENT_AGAIN: Final = "sent_again"
CLAIM_ENDS: Final = (
    WON,
    SENT_AGAIN,
    "wrong",
    "ended",
    "locked",
    "paused",
    "not_verified",
    "too_soon",
    "unknown_link",
    "key_unreadable",
    "no_room",
    "unavailable",
    "failed",
)
"""What can come of a claim."""


@dataclass
class Counts:
    """
    The counts of one program.

    `keys_absent`: live drops and records whose key the last look at the keyring missed; None before the first.
    `keys_erased`: keys without a living drop or record that were erased.
    """

    claims: Counter[str] = field(default_factory=Counter)
    keys_absent: int | None = None
    keys_erased: int = 0
