"""
A program that waits at a line for as long as it is told: `HOLD_FOLDER=… python -m tests.hosts.held web`.

The program is the real one.  While a file with a line's name stands in the folder, whoever comes to that line, with the
drop whose id it holds, writes `NAME.reached` and waits: a host can then be cut off exactly there.

The bot's deadlines for a form are such that a loaded machine keeps them too: whether it keeps Slack's three seconds is
asked in tests/bot.
"""

import asyncio
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

LINES: Final = ("payment", "turn")
"""Before the one statement that a claim is; in the sequencer's transaction, the log's lock taken."""


ANY: Final = "any"
PATIENT_SECONDS: Final = 25
"""Longer than Slack takes to notice that a socket is dead, and to send what was on it again."""


def hold(folder: Path) -> None:
    """Make both lines wait when they are told to."""
    from store.log import batch
    from store.on_postgresql import OnPostgreSQL

    for owner, attribute, name in ((OnPostgreSQL, "change", "payment"), (batch, "_grow", "turn")):
        _hold(owner, attribute, folder / name)


def be_patient() -> None:
    """The bot's deadlines, and the library's, as long as the pretend Slack waits on its host."""
    from slack_bolt.listener.async_listener import AsyncCustomListener

    from bot import sending

    sending.LOOKED_UP_WITHIN, sending.STARTED_WITHIN, sending.STORED_WITHIN = 8.0, 12.0, 16.0  # type: ignore[misc]
    patience = property(lambda listener: PATIENT_SECONDS, lambda listener, seconds: None)
    AsyncCustomListener.ack_timeout = patience  # type: ignore[assignment]


def _hold(owner: Any, attribute: str, told: Path) -> None:
    real = getattr(owner, attribute)

    async def held(*given: Any, **named: Any) -> Any:
        if told.exists() and told.read_text() in (ANY, _drop(given)):
            told.with_suffix(".reached").touch()
            while told.exists():  # noqa: ASYNC110 - another process says when
                await asyncio.sleep(0.05)
        return await real(*given, **named)

    setattr(owner, attribute, held)


def _drop(given: tuple[Any, ...]) -> str:
    """The drop that a change's parameters among the arguments name; "" where there is none."""
    return next((one["drop_id"].hex() for one in given if isinstance(one, Mapping) and "drop_id" in one), "")


def main() -> None:
    """Run the program, ready to wait."""
    hold(Path(os.environ["HOLD_FOLDER"]))
    if "bot" in sys.argv:
        be_patient()
    from sendsecret.__main__ import main as sendsecret

    sendsecret(sys.argv[1:])


if __name__ == "__main__":
    main()
