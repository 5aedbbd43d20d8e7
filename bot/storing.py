"""
Sealing and storing the drops of one submission in the time that Slack gives.

What is stored when the time is up is sent.  What is not is refused in words and nothing of it is sent, even if it
gets stored a moment later: then it is ended as undelivered at once.  "Modal closed" means "stored".
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from bot.sealing import Order, SealedDrop, SealingPool, TooBusyError
from bot.underway import Underway
from store import creation, deliveries
from store.errors import AlreadySubmittedError, SendingTooMuchError, StoreError, StoreUnavailableError
from store.opened import Store


@dataclass(frozen=True)
class TimesUp:
    """The loop's times by which a seal must have begun and a drop must be stored."""

    start_by: float
    stored_by: float


@dataclass(frozen=True)
class Refused:
    """
    Not stored.  `is_busy`: for want of time; otherwise the store did not take it, because of `too_much` where that is.
    """

    is_busy: bool
    too_much: SendingTooMuchError | None = None


@dataclass(frozen=True)
class Elsewhere:
    """The same form was submitted to another program a moment ago, which is sending it."""


Stored = SealedDrop | Refused | Elsewhere


class Storing:
    """Takes orders, makes stored drops."""

    def __init__(self, store: Store, pool: SealingPool, underway: Underway) -> None:
        self._store = store
        self._pool = pool
        self._underway = underway

    async def store_all(self, orders: Sequence[Order], times: TimesUp) -> list[Stored]:
        """One result for each order, in their order, at `times.stored_by` at the latest."""
        tasks = [asyncio.create_task(self._one(order, times)) for order in orders]
        if tasks:
            remaining = times.stored_by - asyncio.get_running_loop().time()
            await asyncio.wait(tasks, timeout=max(0.0, remaining))
        return [task.result() if task.done() else self._late(task) for task in tasks]

    async def _one(self, order: Order, times: TimesUp) -> Stored:
        try:
            sealed = await self._pool.seal(order, start_by=times.start_by)
            if asyncio.get_running_loop().time() > times.stored_by:
                return Refused(is_busy=True)
            await creation.create(self._store, sealed.new)
        except TooBusyError:
            return Refused(is_busy=True)
        except AlreadySubmittedError:
            return Elsewhere()
        except SendingTooMuchError as error:
            return Refused(is_busy=False, too_much=error)
        except StoreUnavailableError:
            return Refused(is_busy=False)
        return sealed

    def _late(self, task: asyncio.Task[Stored]) -> Refused:
        # Cancelling it here could leave a row that nobody knows of; it is let to finish and ended then.
        self._underway.spawn(self._end_late(task))
        return Refused(is_busy=True)

    async def _end_late(self, task: asyncio.Task[Stored]) -> None:
        stored = await task
        if isinstance(stored, SealedDrop):
            try:
                await deliveries.record_undelivered(self._store, stored.new.id)
            except StoreError:
                return  # its lease ends it
