"""
Starting the programs as child processes of one machine, and ending them together.

Two processes of one system user are no wall against code that runs as that user; they keep what each holds in
memory apart.  When one ends, the others are ended too and its exit code is passed on: a bot without a web program
would hand out links that nobody can open.
"""

import asyncio
import contextlib
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_GRACE_SECONDS: Final = 25


@dataclass(frozen=True)
class Program:
    """A child: the words after `python -m`, and its whole environment."""

    name: str
    words: Sequence[str]
    environment: Mapping[str, str]


async def run_to_end(program: Program) -> int:
    """Run one short program; its exit code."""
    child = await _start(program)
    return await child.wait()


async def supervise(programs: Sequence[Program]) -> int:
    """
    Run programs side by side until one ends or this process is told to stop.

    Returns 0 after SIGTERM, SIGINT or a closed terminal (SIGHUP); otherwise the exit code of the one that ended,
    never 0.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)
    children = [await _start(program) for program in programs]
    ends = {asyncio.create_task(child.wait()): program for child, program in zip(children, programs, strict=True)}
    told = asyncio.create_task(stop.wait())
    await asyncio.wait([*ends, told], return_when=asyncio.FIRST_COMPLETED)
    code = 0
    if not told.done():
        ended = next(task for task in ends if task.done())
        code = ended.result() or 1
        print(f"{ends[ended].name} ended with exit code {ended.result()}; stopping the rest.", file=sys.stderr)  # noqa: T201
    told.cancel()
    await _end(children)
    return code


async def _start(program: Program) -> asyncio.subprocess.Process:
    # A session of its own: Ctrl-C reaches the parent alone, which then ends its children in good order.
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", *program.words, env=dict(program.environment), start_new_session=True
    )


async def _end(children: Sequence[asyncio.subprocess.Process]) -> None:
    for child in children:
        with contextlib.suppress(ProcessLookupError):
            child.terminate()
    try:
        async with asyncio.timeout(_GRACE_SECONDS):
            await asyncio.gather(*(child.wait() for child in children))
    except TimeoutError:
        for child in children:
            with contextlib.suppress(ProcessLookupError):
                child.kill()
        await asyncio.gather(*(child.wait() for child in children))
