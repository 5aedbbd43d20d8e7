"""
What the program needs of its line to Slack, whichever mode it is: to be had, and to be given up.

`ProgramError` is what keeps a program from running, as a sentence for whoever runs it.
"""

import asyncio
import errno
from typing import Final, Protocol

import structlog

from bot.rounds import wait

_AGAIN_SECONDS: Final = 5.0

_log = structlog.get_logger("bot")


class ProgramError(Exception):
    """The program cannot run; the text is a sentence for whoever runs it."""


class Line(Protocol):
    """How requests from Slack reach the app."""

    async def connect(self, stop: asyncio.Event) -> bool:
        """Let Slack reach us.  False when stopped before that.  Raises ProgramError."""

    async def is_up(self) -> bool:
        """Whether Slack can reach us just now."""

    async def close(self) -> None:
        """Take nothing more; what was taken may still be underway."""


def why_not_bound(error: OSError, host: str, port: int, names: str) -> str:
    """Why a port cannot be had, as the sentence of a ProgramError; `names` are the settings that choose it."""
    reason = "another program has it" if error.errno == errno.EADDRINUSE else error.strerror or "the system refuses"
    return f"the bot cannot listen on {host} port {port}: {reason}. Nothing was changed; free it, or set {names}"


async def pause(stop: asyncio.Event) -> None:
    """Wait before Slack is asked again, and no longer than until `stop`."""
    _log.warning("Slack does not answer; trying again")
    await wait(stop, _AGAIN_SECONDS)
