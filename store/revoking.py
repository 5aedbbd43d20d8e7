"""
Revoking everything that one person could still open, on the word of somebody who may.

First nobody can claim any of them any more, in lots of one short transaction; then each is destroyed by itself, as it
would be by its own button.  What was opened meanwhile was opened, what another program ends in the same moment ends
once, and after a crash the sweeper destroys what had begun to end, and the same act goes on with what is left.
"""

import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

from store import endings, handed
from store.drops import Drop
from store.errors import DropEndedError, StoreUnavailableError, UnknownDropError
from store.opened import Store
from store.words import OPENED, Actor, Outcome, State

_AT_ONCE: Final = 20
"""On SQLite a claim of somebody else's waits as long as one lot takes."""
_TOLD_EVERY: Final = 25

Judge = Callable[[Drop], Awaitable[Actor | None]]
"""As whom somebody revokes a drop, asked just before it ends; None where they may not."""


@dataclass(frozen=True)
class _Begun:
    """A drop to be destroyed, on whose word; `is_ending` where nobody can claim it since just now."""

    drop: Drop
    by: Actor
    is_ending: bool


@dataclass
class Tally:
    """
    What became of the drops, each counted once.

    `opened` were so before it was their turn, `over` had ended otherwise, `unfinished` may have ended and are not
    destroyed so far, or it was not their turn before the time was over; `refused` are others'.  `is_cut`: the store was
    away when the rest was to be listed or counted, and there may be more that are unfinished.
    """

    revoked: int = 0
    opened: int = 0
    over: int = 0
    refused: int = 0
    unfinished: int = 0
    is_cut: bool = False


async def revoke_all(
    store: Store,
    person: str,
    whose: str | None,
    judge: Judge,
    *,
    seconds: float,
    at: Callable[[int], None] | None = None,
) -> Tally:
    """
    Revoke what can be revoked of a person's drops (`handed.page` says whose), for so many seconds at most.

    `at` is told now and then how many are done.  Raises StoreUnavailableError where the first of them could not be
    read, so that nothing was begun; from there on a store that is away stops nothing that was begun, and is counted.
    """
    until = time.monotonic() + seconds
    tally, stopped = Tally(), False
    waiting: list[_Begun] = []
    some = await handed.stoppable(store, person, whose, most=_AT_ONCE)
    while some and not stopped:
        stopped = time.monotonic() >= until
        if not stopped:
            waiting += await _begin(store, some, judge, tally)
            try:
                some = await handed.stoppable(store, person, whose, after=some[-1].id, most=_AT_ONCE)
            except StoreUnavailableError:
                stopped = True
    left = len(waiting)
    for done, one in enumerate(waiting):
        if at is not None and done and done % _TOLD_EVERY == 0:
            at(done)
        if time.monotonic() >= until:
            stopped = True
            break
        await _finish(store, one, tally)
        left -= 1
    if stopped:
        await _count_left(store, person, whose, tally, left)
    return tally


async def _count_left(store: Store, person: str, whose: str | None, tally: Tally, left: int) -> None:
    try:
        # What failed before stands among those that are left.
        tally.unfinished = max(0, await handed.count_stoppable(store, person, whose) - tally.refused)
    except StoreUnavailableError:
        tally.unfinished += left
        tally.is_cut = True


async def _begin(store: Store, some: Sequence[Drop], judge: Judge, tally: Tally) -> list[_Begun]:
    judged = [(drop, await judge(drop)) for drop in some]
    may = [(drop, by) for drop, by in judged if by is not None]
    tally.refused += len(some) - len(may)
    try:
        begun = await endings.begin_revoking(store, [(drop.id, by) for drop, by in may])
    except StoreUnavailableError:
        begun = set()
    return [_Begun(drop, by, drop.id in begun) for drop, by in may]


async def _finish(store: Store, one: _Begun, tally: Tally) -> None:
    try:
        if one.is_ending:
            await endings.finish(store, one.drop.id)
        else:
            await endings.revoke(store, one.drop.id, by=one.by)
    except DropEndedError as ended:
        if ended.outcome in OPENED:
            tally.opened += 1
        elif ended.outcome is Outcome.REVOKED and one.drop.state is State.ENDING:
            tally.revoked += 1  # begun before, and finished now
        else:
            tally.over += 1
    except UnknownDropError:
        tally.over += 1
    except StoreUnavailableError:
        tally.unfinished += 1
    else:
        tally.revoked += 1
