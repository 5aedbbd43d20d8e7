"""
What a drop is told to do beside being opened: what its template says, ready to be stored.

Pure.  Times are counted already: a day at the provider is a moment here.
"""

from dataclasses import dataclass
from typing import Final

from store.words import Verify

UNVIEWED_AFTER: Final = 86_400
"""After how many seconds a sender is told that nobody has opened it, where nothing else is said."""


@dataclass(frozen=True)
class Rules:
    """`unviewed_after` is in seconds, `rotate_by` in Unix seconds; `on_lock` is "lock" or "destroy"."""

    template: str = "anything"
    on_lock: str = "lock"
    verify: Verify = Verify.NONE
    unviewed_after: int | None = UNVIEWED_AFTER
    rotate_by: int | None = None
    variable: str | None = None


AS_USUAL: Final = Rules()
