"""
The bot's share of evidence packs: making the one whose turn it is, and once a minute deleting what is over.

Whatever happens to the making, whoever asked hears of it: the pack is made, or it is said why not, or another program
goes on with it when the lease is over.
"""

import asyncio
import time
from functools import partial
from typing import Final

import structlog

from bot.pack_process import End, PackProcess
from bot.rounds import Troubles, look_until
from store.errors import StoreUnavailableError
from store.evidence import asking, keeping
from store.evidence.asking import MOST_ATTEMPTS, Turn
from store.opened import Store
from store.words import PackFailure

_EVERY_SECONDS: Final = 1.0
_TROUBLES: Final = Troubles(
    away="evidence packs wait for the database", failed="an evidence pack waits; it is tried again"
)
_SWEEP_SECONDS: Final = 60.0
_PAUSE_MS: Final = 15_000
"""Before a pack whose maker broke down is begun anew: a database that is away may be back."""

_log = structlog.get_logger("evidence")


class PackMaking:
    """The loop."""

    def __init__(self, store: Store, process: PackProcess) -> None:
        self._store = store
        self._process = process
        self._swept_at = -_SWEEP_SECONDS

    async def run(self, stop: asyncio.Event) -> None:
        """Make packs until `stop`; one that is being made then is left to whoever comes next."""
        await look_until(stop, lambda: self._once(stop), _EVERY_SECONDS, _log, _TROUBLES)

    async def _once(self, stop: asyncio.Event) -> None:
        turn = await asking.take(self._store.db)
        if turn is not None:
            await self._make(turn, stop)
        elif time.monotonic() - self._swept_at >= _SWEEP_SECONDS:
            self._swept_at = time.monotonic()
            over = await keeping.sweep(self._store.db)
            if over:
                _log.info("evidence packs were deleted; their days were over", count=over)

    async def _make(self, turn: Turn, stop: asyncio.Event) -> None:
        if turn.broken >= MOST_ATTEMPTS:
            _log.error("an evidence pack was given up", attempts=MOST_ATTEMPTS)
            await asking.fail(self._store.db, turn, PackFailure.GAVE_UP)
            return
        _log.info("an evidence pack is being made", attempt=turn.attempt)
        began = time.monotonic()
        end = await self._process.run(turn, stop, partial(self._is_still_mine, turn))
        _log.info("the making of an evidence pack has ended", how=end.name, seconds=round(time.monotonic() - began))
        match end:
            case End.BROKEN:
                await asking.let_go(self._store.db, turn, _PAUSE_MS)
            case End.STOPPED:
                await asking.stop(self._store.db, turn)
            case End.TOO_LONG:
                await asking.fail(self._store.db, turn, PackFailure.TOO_LONG)

    async def _is_still_mine(self, turn: Turn) -> bool:
        try:
            return await asking.renew(self._store.db, turn)
        except StoreUnavailableError:
            # Whether it is will be asked by the very statement that keeps the pack.
            return True
