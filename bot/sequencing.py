"""
The bot's share of the log: putting what happened into it, twice a second, and saying so when that is not possible.

Nothing waits for the log.  While it stands still, drops are sent, opened and destroyed as ever; their events wait.
"""

import asyncio
from pathlib import Path
from typing import Final

from bot.log_alarm import LogAlarm
from bot.rounds import wait
from store.errors import LogStoppedError
from store.log.sequencer import Sequencer, Step, has_pending
from store.logs import place_of
from store.opened import Store

_EVERY_SECONDS: Final = 0.5
_LAST_STEPS: Final = 3
_QUIET_LOOKS: Final = 9
"""While nothing waits, so many looks in a row ask just that; the next one looks also at what may have gone wrong."""


class Sequencing:
    """The loop."""

    def __init__(self, store: Store, signing_dir: Path, alarm: LogAlarm) -> None:
        self._store = store
        self._signing_dir = signing_dir
        self._alarm = alarm
        self._sequencer: Sequencer | None = None
        self._waits_from: int | None = None
        self._quiet_looks = 0

    async def run(self, stop: asyncio.Event) -> None:
        """
        Sequence until `stop`, and once more after it: what the stop itself brought about belongs in the log too.

        A backlog is left for the next start; a supervisor does not wait for it.
        """
        while True:
            is_last = stop.is_set()
            await self._once(stop, most_steps=_LAST_STEPS if is_last else None)
            if is_last:
                return
            await wait(stop, _EVERY_SECONDS)

    async def _once(self, stop: asyncio.Event, *, most_steps: int | None) -> None:
        try:
            if most_steps is None and self._quiet_looks and not await has_pending(self._store):
                self._quiet_looks -= 1
                return
            self._quiet_looks = 0
            sequencer = await self._ready()
            step, steps, more = Step(), 0, True
            while more and (steps < most_steps if most_steps else not stop.is_set()):
                step = await sequencer.step()
                steps, more = steps + 1, step.more
                if step.refused:
                    await self._alarm.refused(step.refused)
        except LogStoppedError as error:
            self._sequencer = None  # its key may be put back, or replaced, before the next try
            await self._alarm.stands_still(str(error))
        except Exception as error:  # noqa: BLE001 - a log that stopped for ever would be missed by nobody for long
            await self._alarm.fails(place_of(error))
        else:
            await self._judge(step)

    async def _judge(self, step: Step) -> None:
        """A step that went well proves nothing while the same entry waits: nobody may take it, or nobody can."""
        if step.waits_from is None:
            self._waits_from, self._quiet_looks = None, _QUIET_LOOKS
            await self._alarm.goes_on()
        elif step.waits_from != self._waits_from:
            self._waits_from = step.waits_from
        else:
            await self._alarm.fails(f"entry {step.waits_from} is not taken")

    async def _ready(self) -> Sequencer:
        if self._sequencer is None:
            sequencer = await asyncio.to_thread(Sequencer, self._store, self._signing_dir)
            await sequencer.ask_again()
            self._sequencer = sequencer
        return self._sequencer
