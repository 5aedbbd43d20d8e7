"""
Saying of links that their sealer keeps that they are where they were ordered to be.

Nothing goes out and no link comes this way.  Each drop is held against the order that we signed for it and against the
policy of now, as one that we deliver is; what nobody ordered ends.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

import structlog

from bot.mrkdwn import fill
from bot.policy import Policy
from bot.rounds import LeftAlone, Troubles, look_until
from bot.sealed_deliveries import tell
from bot.slack_calls import Slack
from bot.undelivered_wording import BY_CODE
from store import deliveries, links_kept, vouching
from store.drops import Drop, find
from store.errors import KeyUnreadableError, StoreUnavailableError
from store.log.who_may_say import Speaker
from store.logs import place_of
from store.opened import Store
from store.words import LinkFault

_EVERY_SECONDS: Final = 0.5
_AGAIN_SECONDS: Final = 2.0
_TROUBLES: Final = Troubles(
    away="drops whose links their sealers keep wait for the database",
    failed="drops whose links their sealers keep wait; they are looked at again",
)

_log = structlog.get_logger("deliveries")


class LinksKept:
    """The loop.  With `opens_here_only` none is let through: the links would open on this computer only."""

    def __init__(
        self,
        store: Store,
        slack: Slack,
        speakers: Callable[[], Mapping[str, Speaker]],
        opens_here_only: bool,
        policy: Policy,
    ) -> None:
        self._store = store
        self._slack = slack
        self._speakers = speakers
        self._opens_here_only = opens_here_only
        self._policy = policy
        self._stuck = LeftAlone()

    async def run(self, stop: asyncio.Event) -> None:
        """Look until `stop`."""
        await look_until(stop, self.once, _EVERY_SECONDS, _log, _TROUBLES)

    async def once(self) -> None:
        """Look at each that waits, besides those that were stuck just now."""
        for drop_id in await links_kept.waiting(self._store.db, self._stuck.ids()):
            await self._bordered(drop_id)

    async def _bordered(self, drop_id: bytes) -> None:
        """One that fails must not hold up the others, nor take their places in what is looked at together."""
        try:
            drop = await find(self._store, drop_id)
            if drop is not None:
                await self._settle(drop)
        except KeyUnreadableError:
            self._stuck.leave(drop_id, _AGAIN_SECONDS)
            _log.error("a drop whose link its sealer keeps waits: a key cannot be read")
        except StoreUnavailableError:
            self._stuck.leave(drop_id, _AGAIN_SECONDS)
            _log.warning("a drop whose link its sealer keeps waits for the database")
        except Exception as error:  # noqa: BLE001 - it is looked at again
            self._stuck.leave(drop_id, _AGAIN_SECONDS)
            _log.error("a drop whose link its sealer keeps waits; it is looked at again", error=place_of(error))

    async def _settle(self, drop: Drop) -> None:
        fault = await self._fault(drop)
        if fault is None:
            await deliveries.record_delivered(self._store, drop.id, None)
            return
        _log.warning("a drop whose link its sealer keeps is ended", why=fault.value)
        if await deliveries.record_undelivered(self._store, drop.id, why=fault):
            await tell(self._slack, drop, fill(BY_CODE[fault], name=drop.recipient_name))

    async def _fault(self, drop: Drop) -> LinkFault | None:
        terms = await vouching.terms_of(self._store, drop, await asyncio.to_thread(self._speakers))
        if terms is None:
            return LinkFault.UNORDERED
        if not self._policy.still_allows(terms):
            return LinkFault.NOT_ALLOWED
        return LinkFault.HERE_ONLY if self._opens_here_only else None
