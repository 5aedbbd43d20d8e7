"""`sendsecret open` as a program of its own: at a terminal with somebody who types, or without one."""

import asyncio
import contextlib
import fcntl
import os
import pty
import resource
import shlex
import signal
import sys
import termios
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.programs import ROOT

PATIENCE_SECONDS = 40
_AT_WORK = (psutil.STATUS_RUNNING, psutil.STATUS_DISK_SLEEP)
_RESTS = 10
"""How often in a row it is seen waiting: at a terminal, it waits for a moment before it reads, too."""
_NONE: Mapping[str, str] = {}
LINK, PASSPHRASE, WHERE = "Paste the link (not shown): ", "Passphrase", "Press Enter to "


def command(*words: str, verb: str = "open") -> list[str]:
    """What is run; every warning of Python's is an error."""
    return [sys.executable, "-W", "error", "-m", "sendsecret", verb, *words]


def environment(home: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Nothing is configured, and nothing of this machine's is taken over."""
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": str(ROOT),
        "TZ": "UTC",
        "LANG": "C.UTF-8",
        **settings,
    }


@dataclass
class Seat:
    """Somebody at a terminal: what they saw, and what came out of a pipe."""

    process: asyncio.subprocess.Process
    terminal: int
    screen: str = ""
    _raw: bytearray = field(default_factory=bytearray)
    _heard: int = 0
    _more: asyncio.Event = field(default_factory=asyncio.Event)

    async def sees(self, text: str) -> None:
        """Wait until it is on the screen, after what was waited for before."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                while (at := self.screen.find(text, self._heard)) < 0:
                    self._more.clear()
                    await self._more.wait()
        except TimeoutError:
            raise AssertionError(f"never seen: {text!r} in\n{self.screen[self._heard :]}") from None
        self._heard = at + len(text)

    def types(self, line: str, *, end: str = "\n") -> None:
        """Type it."""
        os.write(self.terminal, (line + end).encode())

    async def presses(self, key: str) -> None:
        """Press a key such as Ctrl-C, once the program waits."""
        # A signal in the very moment before a read begins would wait for the read's end, which does not come.
        process, rested = psutil.Process(self.process.pid), 0
        async with asyncio.timeout(PATIENCE_SECONDS):
            while rested < _RESTS:
                rested = 0 if process.status() in _AT_WORK else rested + 1
                await asyncio.sleep(0.02)
        self.types(key, end="")

    async def answers(self, question: str, line: str) -> None:
        """Wait for the question and type the line."""
        await self.sees(question)
        self.types(line)

    async def ends(self, code: int) -> bytes:
        """Wait for the end, with this exit code; what came out of the pipe, if there is one."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            piped = await self.process.stdout.read() if self.process.stdout else b""
            assert await self.process.wait() == code, self.screen
        self.read()
        return piped

    def read(self) -> None:
        """Take in what has come to the screen."""
        with contextlib.suppress(OSError):
            while chunk := os.read(self.terminal, 65536):
                self._raw += chunk
        self.screen = self._raw.decode(errors="replace").replace("\r\n", "\n")
        self._more.set()


@asynccontextmanager
async def seated(
    folder: Path, *words: str, piped: bool = False, verb: str = "open", **settings: str
) -> AsyncIterator[Seat]:
    """The command at a terminal of its own, in `folder`; `piped`: standard output is a pipe."""
    master, slave = pty.openpty()
    os.set_blocking(master, False)
    process = await asyncio.create_subprocess_exec(
        *command(*words, verb=verb),
        cwd=folder,
        env=environment(folder, settings),
        stdin=slave,
        stderr=slave,
        stdout=asyncio.subprocess.PIPE if piped else slave,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(2, termios.TIOCSCTTY, 0),
    )
    os.close(slave)
    seat = Seat(process, master)
    loop = asyncio.get_running_loop()

    def take() -> None:
        seat.read()
        if process.returncode is not None:
            loop.remove_reader(master)

    loop.add_reader(master, take)
    try:
        yield seat
    finally:
        loop.remove_reader(master)
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
        os.close(master)


def _fill_disk() -> None:
    """No file may hold a byte."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


@dataclass(frozen=True)
class Done:
    """How a run without a terminal ended."""

    code: int
    out: bytes
    err: str


async def alone(
    folder: Path,
    *words: str,
    typed: str | bytes = "",
    disk_is_full: bool = False,
    settings: Mapping[str, str] = _NONE,
    line: str = "exec %s",
    verb: str = "open",
) -> Done:
    """The command without a terminal, `typed` on its standard input; `line` is a shell's, with it for %s."""
    process = await asyncio.create_subprocess_exec(
        "sh",
        "-c",
        line % shlex.join(command(*words, verb=verb)),
        cwd=folder,
        env=environment(folder, settings),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
        preexec_fn=_fill_disk if disk_is_full else None,
    )
    async with asyncio.timeout(PATIENCE_SECONDS):
        out, err = await process.communicate(typed if isinstance(typed, bytes) else typed.encode())
    assert process.returncode is not None
    return Done(process.returncode, out, err.decode())
