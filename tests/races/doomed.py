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


def main() -> None:
    """Doom the program at `DOOMED_AT` and run it."""
    if os.environ["DOOMED_AT"] == "release":
        from store import claims

        claims._release = die
    elif os.environ["DOOMED_AT"] == "delivery":
        from slack_sdk.web.async_client import AsyncWebClient

        AsyncWebClient.chat_postMessage = die  # type: ignore[method-assign]
    from sendsecret.__main__ import main as sendsecret

    sendsecret(sys.argv[1:])


if __name__ == "__main__":
    main()
