"""Other people's servers as processes of the bench, ended with it."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

_START_SECONDS = 30


def end_in_order() -> None:
    """Let SIGTERM do what Ctrl-C does: every server is in a session of its own and would outlive the bench."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)


@asynccontextmanager
async def started(
    words: Sequence[str], log: Path, port: int, environment: Mapping[str, str] | None = None
) -> AsyncIterator[int]:
    """The process id of a server that listens on `port` by now; it and its children are killed at the end."""
    system = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *words,
            env=system | dict(environment or {}),
            cwd=log.parent,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        if not await _is_listening(process, port):
            raise AssertionError(f"the server ended:\n{await asyncio.to_thread(log.read_text, errors='replace')}")
        yield process.pid
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _is_listening(process: asyncio.subprocess.Process, port: int) -> bool:
    """Waits for it; False where it has ended instead."""
    async with asyncio.timeout(_START_SECONDS):
        while process.returncode is None:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.close()
                return True
            await asyncio.sleep(0.05)
    return False
