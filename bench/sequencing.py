"""
The bot's share of the log in a process of its own, as in production: `python -m bench.sequencing`.

It is told "run" and "rest", one a line, and answers with the same word; before it rests it puts in what waits.
"""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bench.filling import drain
from store.log.sequencer import Sequencer
from store.opened import opened
from store.settings import StoreSettings, read_settings
from tests.stores import Home

_EVERY_SECONDS = 0.5  # bot.sequencing


class Other:
    """The process as its parent sees it."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def tell(self, word: str) -> None:
        """Say a word, and wait until it is followed."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{word}\n".encode())
        async with asyncio.timeout(120):
            assert (await self._process.stdout.readline()).strip() == word.encode()


@asynccontextmanager
async def another_process(home: Home) -> AsyncIterator[Other]:
    """It rests until it is told to run, and ends with the block."""
    environment = dict(os.environ) | home.environment()
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.sequencing", env=environment, stdin=PIPE, stdout=PIPE
    )
    try:
        yield Other(process)
    finally:
        process.kill()
        await process.wait()


async def main() -> None:
    """Follow the words on standard input."""
    signing_dir = Path(os.environ["SIGNING_DIR"])
    settings = read_settings(StoreSettings)
    loop = asyncio.get_running_loop()
    words = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(words), sys.stdin)
    async with opened(settings, program="bot", event_key=signing_dir / "event-bot.key") as store:
        sequencer = Sequencer(store, signing_dir)
        stop, running = asyncio.Event(), asyncio.create_task(asyncio.sleep(0))
        while line := await words.readline():
            stop.set()
            await running
            if line.strip() == b"run":
                stop = asyncio.Event()
                running = asyncio.create_task(_run(sequencer, stop))
            else:
                await drain(sequencer)
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()


async def _run(sequencer: Sequencer, stop: asyncio.Event) -> None:
    while not stop.is_set():
        while (await sequencer.step()).more:
            pass
        try:
            async with asyncio.timeout(_EVERY_SECONDS):
                await stop.wait()
        except TimeoutError:
            continue


if __name__ == "__main__":
    asyncio.run(main())
