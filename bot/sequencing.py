"""
The bot's share of the log: putting what happened into it, twice a second, and saying so when that is not possible.

Nothing waits for the log.  While it stands still, drops are sent, opened and destroyed as ever; their events wait.
"""

import asyncio
import time
from pathlib import Path
from typing import Final

import structlog

from bot import log_wording
from bot.admins import Admins
from bot.mrkdwn import fill
from store.errors import LogStoppedError, StoreUnavailableError
from store.log.sequencer import Sequencer, Step
from store.logs import place_of
from store.opened import Store

_EVERY_SECONDS: Final = 0.5
_TELL_SECONDS: Final = 3600.0

_log = structlog.get_logger("log")


class Sequencing:
    """The loop, and what administrators were told."""

    def __init__(self, store: Store, signing_dir: Path, admins: Admins) -> None:
        self._store = store
        self._signing_dir = signing_dir
        self._admins = admins
        self._sequencer: Sequencer | None = None
        self._stopped_because: str | None = None
        self._refusals_told_at: float | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Sequence until `stop`, and once more after it: what the stop itself brought about belongs in the log too."""
        while True:
            is_last = stop.is_set()
            await self._once()
            if is_last:
                return
            try:
                async with asyncio.timeout(_EVERY_SECONDS):
                    await stop.wait()
            except TimeoutError:
                continue

    async def _once(self) -> None:
        try:
            sequencer = await self._ready()
            step = Step(more=True)
            while step.more:
                step = await sequencer.step()
                if step.refused:
                    await self._alarm(step.refused)
        except LogStoppedError as error:
            await self._say_stopped(str(error))
        except StoreUnavailableError as error:
            _log.warning("the log waits for the database", error=place_of(error))
        except Exception as error:  # noqa: BLE001 - a log that stopped for ever would be missed by nobody for long
            _log.error("a step of the log failed; it is repeated", error=place_of(error))
        else:
            await self._say_going_on()

    async def _ready(self) -> Sequencer:
        if self._sequencer is None:
            sequencer = await asyncio.to_thread(Sequencer, self._store, self._signing_dir)
            await sequencer.ask_again()
            self._sequencer = sequencer
        return self._sequencer

    async def _say_stopped(self, why: str) -> None:
        self._sequencer = None  # its key may be put back, or replaced, before the next try
        if why == self._stopped_because:
            return
        self._stopped_because = why
        _log.error("the log stands still", why=why)
        await self._admins.tell(fill(log_wording.STOPPED, why=why))

    async def _say_going_on(self) -> None:
        if self._stopped_because is not None:
            self._stopped_because = None
            _log.info("the log goes on")
            await self._admins.tell(fill(log_wording.GOES_ON))

    async def _alarm(self, refused: list[tuple[str, str]]) -> None:
        what = "; ".join(sorted({f"{event}: {why}" for event, why in refused}))
        _log.error("the log refused events", count=len(refused), what=what)
        # Whoever floods us with forgeries must not flood people.
        if self._refusals_told_at is None or time.monotonic() - self._refusals_told_at > _TELL_SECONDS:
            self._refusals_told_at = time.monotonic()
            await self._admins.tell(fill(log_wording.REFUSED, count=len(refused), what=what))
