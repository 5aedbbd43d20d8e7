"""
A sequencer in a process of its own that is killed at one of its durable acts: `python -m tests.races.sequencing`.

The environment is the bot's, and `DOOMED_AT` says at which commit, `DOOMED_AFTER` whether just after it.  SIGKILL comes
there and nowhere else.
"""

import asyncio
import os
import signal
from pathlib import Path

from store.log.sequencer import Sequencer
from store.opened import opened
from store.settings import StoreSettings, read_settings
from tests.store import faults


class Killed(BaseException):
    """Making one ends the process."""

    def __init__(self) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


async def main() -> None:
    """Sequence until the appointed act."""
    faults.Crash = Killed  # type: ignore[misc,assignment]
    signing_dir = Path(os.environ["SIGNING_DIR"])
    settings = read_settings(StoreSettings)
    async with opened(settings, program="bot", event_key=signing_dir / "event-bot.key") as store:
        doomed, _ = faults.dying(store, int(os.environ["DOOMED_AT"]), after=bool(os.environ.get("DOOMED_AFTER")))
        sequencer = Sequencer(doomed, signing_dir, most_leaves=7)
        while True:
            await sequencer.step()


if __name__ == "__main__":
    asyncio.run(main())
