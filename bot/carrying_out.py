"""
Delivering the drops of one form, while its window says how each stands.
"""

import asyncio
from contextlib import suppress
from functools import partial
from typing import Final

import structlog

from bot.batch import Batch
from bot.delivery import ArrivedAllTheSame, deliver
from bot.patience import patiently
from bot.sealing import SealedDrop
from bot.slack_calls import Slack, SlackError
from bot.ways import Couriers
from store.drops import Drop, find
from store.errors import StoreUnavailableError
from store.opened import Store

_AT_ONCE: Final = 3

_log = structlog.get_logger("sending")


class CarryingOut:
    """Sends links out, a few at once, however many forms are under way."""

    def __init__(self, store: Store, slack: Slack, couriers: Couriers) -> None:
        self._store = store
        self._slack = slack
        self._couriers = couriers
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def deliver_all(self, view_id: str, batch: Batch, shown: "asyncio.Task[None]") -> bool:
        """Deliver; whether all have arrived.  `shown` is done when the window shows the answer to the form."""

        async def on_wait(number: int, seconds: float) -> None:
            batch.waits(number, seconds)
            await shown
            with suppress(SlackError):
                await self._slack.update_view(view_id, batch.view())

        async def one(number: int, sealed: SealedDrop) -> bool:
            refusal = await deliver(self._store, self._couriers, sealed.outgoing, self._room, partial(on_wait, number))
            if refusal is None:
                batch.arrived(number)
            else:
                batch.failed(number, refusal, has_arrived=isinstance(refusal, ArrivedAllTheSame))
            return refusal is None

        arrived = await asyncio.gather(*(one(number, sealed) for number, sealed in batch.to_deliver.items()))
        batch.over(await self._as_they_stand(batch))
        return all(arrived)

    async def show(self, view_id: str, batch: Batch) -> None:
        """Bring the window up to date."""
        try:
            await patiently(lambda: self._slack.update_view(view_id, batch.view()))
        except SlackError as error:
            # The modal was closed, most likely; the sender's DM says the same.
            _log.info("the modal was not brought up to date", why=type(error).__name__)

    async def _as_they_stand(self, batch: Batch) -> list[Drop]:
        try:
            found = [await find(self._store, sealed.new.id) for sealed in batch.to_deliver.values()]
        except StoreUnavailableError:
            return []
        return [drop for drop in found if drop is not None]
