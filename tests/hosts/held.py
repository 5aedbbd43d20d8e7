"""
A program that waits within a transaction for as long as it is told: `HOLD_FOLDER=… python -m tests.hosts.held web`.

The program is the real one.  While a file with a line's name stands in the folder, whoever comes to that line writes
`NAME.reached` and waits: a host can then be cut off exactly there.
"""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any, Final

LINES: Final = ("payment", "turn")
"""In a claim's transaction, its row locked; in the sequencer's, the log's lock taken."""


def hold(folder: Path) -> None:
    """Make both lines wait when they are told to."""
    from store import claims
    from store.log import batch

    for owner, attribute, name in ((claims, "_record", "payment"), (batch, "_grow", "turn")):
        _hold(owner, attribute, folder / name)


def _hold(owner: Any, attribute: str, told: Path) -> None:
    real = getattr(owner, attribute)

    async def held(*given: Any, **named: Any) -> Any:
        if told.exists():
            told.with_suffix(".reached").touch()
            while told.exists():  # noqa: ASYNC110 - another process says when
                await asyncio.sleep(0.05)
        return await real(*given, **named)

    setattr(owner, attribute, held)


def main() -> None:
    """Run the program, ready to wait."""
    hold(Path(os.environ["HOLD_FOLDER"]))
    from sendsecret.__main__ import main as sendsecret

    sendsecret(sys.argv[1:])


if __name__ == "__main__":
    main()
