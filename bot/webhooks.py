"""
Telling other programs of events, by webhooks.

Each endpoint has its own deliveries underway, so that one that is dead, or slow, delays nobody else.  Of several bots
each takes what no other has in hand.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from typing import Final, TypeVar

import structlog

from bot import webhook_body
from bot.webhook_call import Answer, Caller
from bot.webhook_endpoint import Endpoint
from bot.webhook_patience import pause
from store import webhooks
from store.errors import StoreUnavailableError
from store.logs import place_of
from store.opened import Store
from store.webhooks import Owed

_EVERY_SECONDS: Final = 1.0
_AT_ONCE: Final = 4

_log = structlog.get_logger("webhooks")
_Result = TypeVar("_Result")


class Webhooks:
    """The loops.  `calling` makes what calls an endpoint."""

    def __init__(
        self, store: Store, endpoints: Sequence[Endpoint], calling: Callable[[Endpoint], Caller] = Caller
    ) -> None:
        self._store = store
        self._endpoints = endpoints
        self._calling = calling

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop`; what is underway then is finished, or taken anew when its lease is over."""
        async with AsyncExitStack() as stack:
            lanes = []
            for endpoint in self._endpoints:
                caller = self._calling(endpoint)
                stack.push_async_callback(caller.close)
                lanes.append(_Lane(self._store, endpoint, caller))
            await asyncio.gather(*(lane.run(stop) for lane in lanes))


class _Lane:
    """One endpoint's deliveries."""

    def __init__(self, store: Store, endpoint: Endpoint, caller: Caller) -> None:
        self._store = store
        self._endpoint = endpoint
        self._caller = caller
        self._looking = asyncio.Lock()
        self._settled = asyncio.Event()
        self._is_known = False

    async def run(self, stop: asyncio.Event) -> None:
        await asyncio.gather(*(self._go_on(stop) for _ in range(_AT_ONCE)))

    async def _go_on(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            async with self._looking:
                self._settled.clear()  # before the look: what is settled during it may let something go
                owed = await self._bordered(self._next(stop))
                if owed is None:
                    await self._rest(stop)
            if owed is not None:
                await self._bordered(self._deliver(owed))
                self._settled.set()

    async def _rest(self, stop: asyncio.Event) -> None:
        """A second at most: what was settled may have held up what comes after it."""
        waits = [asyncio.create_task(one.wait()) for one in (stop, self._settled)]
        await asyncio.wait(waits, timeout=_EVERY_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        for one in waits:
            one.cancel()

    async def _bordered(self, work: Awaitable[_Result]) -> _Result | None:
        """No error ends the loop, and none says what it was about; what was leased is due again after its lease."""
        try:
            return await work
        except StoreUnavailableError:
            _log.warning("a webhook waits for the database", endpoint=self._endpoint.name)
        except Exception as error:  # noqa: BLE001 - a loop that stopped for ever would tell nobody anything any more
            _log.error("a webhook failed; it is tried again", endpoint=self._endpoint.name, error=place_of(error))
        return None

    async def _next(self, stop: asyncio.Event) -> Owed | None:
        if not self._is_known:
            await webhooks.enrol(self._store, [self._endpoint.name])
            self._is_known = True
        name = self._endpoint.name
        owed = await webhooks.lease(self._store, name)
        while owed is None and not stop.is_set() and await webhooks.fan_out(self._store, name, self._endpoint.wants):
            owed = await webhooks.lease(self._store, name)
        return owed

    async def _deliver(self, owed: Owed) -> None:
        answer = await self._caller.post(owed.jti, webhook_body.of_event(owed))
        if answer.why is None:
            await webhooks.settle(self._store, owed)
        else:
            await self._not_taken(owed, answer, answer.why)

    async def _not_taken(self, owed: Owed, answer: Answer, why: str) -> None:
        told = {"endpoint": self._endpoint.name, "why": why, "tries": owed.tries}
        if answer.is_final:
            await webhooks.give_up(self._store, owed, why)
        elif await webhooks.put_off(self._store, owed, pause(owed.tries, answer.later, random.random()), why):  # noqa: S311 - nobody gains by guessing it
            _log.info("a webhook was not taken; it is tried again", **told)
            return
        _log.error("a webhook was given up; Home and `sendsecret webhook replay` bring it again", **told)
