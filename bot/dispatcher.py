"""
Carrying the outbox to Slack: one lane for each audience, so that an audit channel behind by hours delays nobody's DM.
"""

import asyncio

from bot import absences
from bot.admins import Admins
from bot.lane import Lane
from bot.telling import Teller
from store.opened import Store


class Dispatcher:
    """All lanes.  Several programs may run one each."""

    def __init__(
        self, store: Store, teller: Teller, admins: Admins, audit_channel: str, *, retry_parked_seconds: float = 60.0
    ) -> None:
        self._lanes = [
            Lane(store, teller, audience, absence, retry_seconds=retry_parked_seconds)
            for audience, absence in absences.of_each(store, admins, audit_channel).items()
        ]

    def wake(self) -> None:
        """There is something new in the outbox."""
        for lane in self._lanes:
            lane.wake()

    async def run(self, stop: asyncio.Event) -> None:
        """Dispatch until `stop`."""
        await asyncio.gather(*(lane.run(stop) for lane in self._lanes))

    async def once(self) -> bool:
        """Tell what is due, a batch to each audience.  True when something was due."""
        return any(await asyncio.gather(*(lane.once() for lane in self._lanes)))
