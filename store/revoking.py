"""
Revoking everything that one person could still open, on the word of somebody who may.

Each drop ends by itself, as it would by its own button: what was opened meanwhile was opened, what another program
ends in the same moment ends once, and after a crash the same act goes on with what is left.
"""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from store import endings, handed
from store.drops import Drop
from store.errors import DropEndedError, StoreUnavailableError, UnknownDropError
from store.opened import Store
from store.words import Actor, Outcome, State

_AT_ONCE: Final = 100
_OPENED: Final = (Outcome.VIEWED, Outcome.RELEASED)

Judge = Callable[[Drop], Awaitable[Actor | None]]
"""As whom somebody revokes a drop, asked just before it ends; None where they may not."""


@dataclass
class Tally:
    """
    What became of the drops, each counted once.

    `opened` were so before it was their turn, `over` had ended otherwise, `unfinished` may have ended and are not
    destroyed so far, or it was not their turn before the time was over; `refused` are others'.
    """

    revoked: int = 0
    opened: int = 0
    over: int = 0
    refused: int = 0
    unfinished: int = 0


async def revoke_all(
    store: Store,
    person: str,
    whose: str | None,
    judge: Judge,
    *,
    seconds: float,
    at: Callable[[int], Awaitable[None]] | None = None,
) -> Tally:
    """
    Revoke what can be revoked of a person's drops (`handed.page` says whose), for so many seconds at most.

    `at` is told now and then how many are done.  Raises StoreUnavailableError where nothing could be read.
    """
    until = time.monotonic() + seconds
    tally, last, done = Tally(), b"", 0
    while some := await handed.stoppable(store, person, whose, after=last, most=_AT_ONCE):
        for drop in some:
            if time.monotonic() >= until:
                left = await handed.count_stoppable(store, person, whose)
                # What failed before stands among those that are left.
                tally.unfinished = left - tally.refused
                return tally
            await _revoke(store, drop, judge, tally)
            done += 1
        last = some[-1].id
        if at is not None:
            await at(done)
    return tally


async def _revoke(store: Store, drop: Drop, judge: Judge, tally: Tally) -> None:
    by = await judge(drop)
    if by is None:
        tally.refused += 1
        return
    try:
        await endings.revoke(store, drop.id, by=by)
    except DropEndedError as ended:
        if ended.outcome in _OPENED:
            tally.opened += 1
        elif ended.outcome is Outcome.REVOKED and drop.state is State.ENDING:
            tally.revoked += 1  # begun before, and finished now
        else:
            tally.over += 1
    except UnknownDropError:
        tally.over += 1
    except StoreUnavailableError:
        tally.unfinished += 1
    else:
        tally.revoked += 1
