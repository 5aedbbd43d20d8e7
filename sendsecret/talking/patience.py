"""Asking again until somebody answers: the same request, later and later, for a while, and the person is told."""

import random
import time
from collections.abc import Callable, Collection
from typing import Final, TypeVar

from sendsecret.talking.exchange import Why
from sendsecret.talking.refusals import Refused

T = TypeVar("T")
Tell = Callable[[Refused, float], None]

WAITS: Final = (1, 2, 4, 8, 15)
MOST_WAIT: Final = 120
_WORTH_WAITING: Final = {"unavailable", "key-unreadable", "slow-down", "busy", "asked-too-often", "wrong-tokens"}


def until_answered(
    attempt: Callable[[], T | Refused], tell: Tell, seconds: float, hopeless: Collection[Why] = ()
) -> T | Refused:
    """
    The first answer that waiting would not change; after so many seconds, the last. `tell` comes before a wait.

    `hopeless` are reasons that are not waited for where nothing has been sent that could be lost.
    """
    until, round_ = time.monotonic() + seconds, 0
    while True:
        answer = attempt()
        if not isinstance(answer, Refused) or answer.word not in _WORTH_WAITING or answer.why in hopeless:
            return answer
        # A little apart from each other, so that all who wait for a restarted server do not come at once.
        usual = WAITS[min(round_, len(WAITS) - 1)] * (1 + random.random() / 4)  # noqa: S311 - not for secrecy
        wait = max(usual, min(answer.retry_after_seconds, MOST_WAIT))
        if time.monotonic() + wait > until:
            return answer
        tell(answer, wait)
        time.sleep(wait)
        round_ += 1
