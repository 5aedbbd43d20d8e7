"""
A program that is killed on one line: `python -m tests.races.doomed WHERE web`.

The program is the real one; only the named line is replaced by SIGKILL, so that the crash happens exactly there and
not wherever a timer would have hit.
"""

import os
import signal
import sys
from typing import Any


def die(*_: Any, **__: Any) -> Any:
    """SIGKILL to this process."""
    os.kill(os.getpid(), signal.SIGKILL)


def doom(where: str) -> None:
    """
    Put the end of this process on one line.

    In the order in which a drop is claimed and destroyed: `payment` stands within the claim's commit, `release` after
    it, `erased` between the key and the row, `receipt` within the row's commit, `unlink` after it.  PostgreSQL is given
    a commit as one statement: there the last line before it.
    """
    from slack_sdk.web.async_client import AsyncWebClient

    from store import claims, endings, on_sqlite, payments, receipts
    from store.keyring import KeyFolder

    is_sqlite = os.environ["DATABASE_URL"].startswith("sqlite")
    if where == "receipt" and is_sqlite:
        rows = receipts.rows

        async def then_die(*given: Any, **named: Any) -> Any:
            setattr(on_sqlite, "_insert", die)  # noqa: B010 - it is another kind of callable, which is the point
            return await rows(*given, **named)

        receipts.rows = then_die
        return
    owner, name = {
        "payment": (on_sqlite, "_insert") if is_sqlite else (payments, "_rows"),
        "release": (claims, "_release"),
        "erased": (endings, "_destroy"),
        "receipt": (receipts, "rows"),
        "unlink": (KeyFolder, "unlink"),
        "delivery": (AsyncWebClient, "chat_postMessage"),
    }[where]
    setattr(owner, name, die)


def main() -> None:
    """Doom the program at `DOOMED_AT` and run it."""
    doom(os.environ["DOOMED_AT"])
    from sendsecret.__main__ import main as sendsecret

    sendsecret(sys.argv[1:])


if __name__ == "__main__":
    main()
