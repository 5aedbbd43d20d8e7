"""
The schedule of guesses, as data.

Guesses 1 to 3 of a round are free to follow each other; the 4th waits 30 s after the 3rd was refused, the 5th
five minutes after the 4th, and the 5th refusal locks.  A sender may grant two more rounds.  Fifteen in all: for
four digits that is 1 in 667 for somebody who holds the link, whatever addresses they come from.
"""

from typing import Final

PER_ROUND: Final = 5
MOST_UNLOCKS: Final = 2

WAIT_AFTER_MS: Final = {3: 30_000, 4: 300_000}
"""Milliseconds that must pass after the k-th refusal of a round; none where k is not named."""


def tries_left(paid_in_round: int) -> int:
    """How many guesses of this round are unpaid."""
    return max(0, PER_ROUND - paid_in_round)


def paid_at(next_guess_at: int, paid_in_round: int) -> int:
    """
    When a guess was paid for, in milliseconds, as its row has it.

    A statement asks the clock for each of its values.  Where it waited for a row whose holder then vanished, seconds
    lie between what it set and what it returns as the present.
    """
    return next_guess_at - WAIT_AFTER_MS.get(paid_in_round, 0)


def seconds_until(at: int, now: int) -> int:
    """Whole seconds from `now` to `at` (both milliseconds), rounded up, never negative."""
    return max(0, -(-(at - now) // 1000))
