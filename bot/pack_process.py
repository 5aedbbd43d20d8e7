"""
The process that makes an evidence pack: begun, watched, and ended in good order, with its folder.

It is told the database and nothing that only the bot may know; which pack, on its input, because a pack's id is the
right to read it and a command line is no secret.
"""

import asyncio
import contextlib
import os
import shutil
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Awaitable, Callable
from enum import Enum, auto
from pathlib import Path
from typing import Final

from bot.settings import BotSettings
from store.evidence import program
from store.evidence.asking import Turn

_RENEW_SECONDS: Final = 15.0
_GRACE_SECONDS: Final = 8.0


class End(Enum):
    """How the making came to its end."""

    DECIDED = auto()
    """Made, or not to be made: it stands in the database."""
    BROKEN = auto()
    STOPPED = auto()
    OVERTAKEN = auto()
    TOO_LONG = auto()


class PackProcess:
    """Runs it with the settings of this bot, for `most_seconds` at most."""

    def __init__(self, settings: BotSettings, most_seconds: float) -> None:
        self._environment = environment(settings)
        self._most_seconds = most_seconds

    async def run(self, turn: Turn, stop: asyncio.Event, still_mine: Callable[[], Awaitable[bool]]) -> End:
        """Make the pack; `still_mine` is asked every few seconds and renews the lease."""
        folder = Path(await asyncio.to_thread(tempfile.mkdtemp, prefix="sendsecret-evidence-"))
        try:
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", program.__name__),
                env=self._environment,
                stdin=PIPE,
                stdout=DEVNULL,
                # Ctrl-C at a terminal is for the bot, which then ends this one.
                start_new_session=True,
            )
            try:
                return await self._watched(process, program.line_for(turn, folder), stop, still_mine)
            finally:
                await _ended(process)
        finally:
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _watched(
        self, process: Process, line: bytes, stop: asyncio.Event, still_mine: Callable[[], Awaitable[bool]]
    ) -> End:
        assert process.stdin is not None  # noqa: S101 - asked for above
        with contextlib.suppress(ConnectionError):  # it has ended, and its exit code says how
            process.stdin.write(line)
            await process.stdin.drain()
        ended, stopped = asyncio.create_task(process.wait()), asyncio.create_task(stop.wait())
        until = asyncio.get_running_loop().time() + self._most_seconds
        try:
            while not stop.is_set():
                left = until - asyncio.get_running_loop().time()
                if left <= 0:
                    return End.TOO_LONG
                await asyncio.wait(
                    [ended, stopped], timeout=min(left, _RENEW_SECONDS), return_when=asyncio.FIRST_COMPLETED
                )
                if ended.done():
                    return End.DECIDED if ended.result() == program.ENDED else End.BROKEN
                if not await still_mine():
                    return End.OVERTAKEN
            return End.STOPPED
        finally:
            ended.cancel()
            stopped.cancel()


def environment(settings: BotSettings) -> dict[str, str]:
    """What the process is told: what any program here may know, and of our settings the database's."""
    # In any case: settings are read whichever way their names are written.
    ours = {name.upper() for name in BotSettings.model_fields}
    ours |= {f"{name}_FILE" for name in ours}
    told = {
        "PUBLIC_URL": settings.public_url,
        "DATABASE_URL": settings.database_url.get_secret_value(),
        "LOG_LEVEL": settings.log_level,
        "LOG_FORMAT": settings.log_format,
    }
    if settings.test_clock_file is not None:
        told["TEST_CLOCK_FILE"] = str(settings.test_clock_file)
    return {name: value for name, value in os.environ.items() if name.upper() not in ours} | told


async def _ended(process: Process) -> None:
    """Closing its input already says that it is not wanted any more."""
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
    try:
        async with asyncio.timeout(_GRACE_SECONDS):
            await process.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
