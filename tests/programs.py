"""The real programs as processes of their own, and requests whose last byte waits."""

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.stores import Home, Sealed

ROOT = Path(__file__).parent.parent
START_SECONDS = 90


@dataclass
class Running:
    """A started program: its process, its port where it has one, and everything that it wrote."""

    process: asyncio.subprocess.Process
    log: Path
    port: int = 0

    def written(self) -> str:
        """Standard output and standard error so far."""
        return self.log.read_text(errors="replace")

    async def ended(self) -> int:
        """Its exit code, once it has ended by itself."""
        async with asyncio.timeout(START_SECONDS):
            return await self.process.wait()

    async def kill(self) -> None:
        """SIGKILL: no chance to tidy up."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        await self.process.wait()

    async def stop(self) -> int:
        """SIGTERM, and its exit code."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(START_SECONDS):
            return await self.process.wait()


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@asynccontextmanager
async def running(
    words: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    *,
    port: int = 0,
    folder: Path = ROOT,
    within: Sequence[str] = (),
    python: str = sys.executable,
) -> AsyncIterator[Running]:
    """
    `python -m words…` in `folder` with just this environment; killed at the end if it still runs.

    `within` are words of a command that becomes the one behind it, as `ip netns exec` does.
    """
    system = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *within,
            python,
            "-m",
            *words,
            env=system | dict(environment),
            cwd=folder,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    program = Running(process, log, port)
    try:
        yield program
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


@asynccontextmanager
async def web(home: Home, *, module: str = "sendsecret", **settings: str) -> AsyncIterator[Running]:
    """A reveal server that is ready; `module` may be a launcher that dooms it."""
    port = free_port()
    environment = home.environment() | {"WEB_PORT": str(port), "LOG_LEVEL": "DEBUG"} | settings
    async with running([module, "web"], environment, home.path / f"web-{port}.log", port=port) as program:
        await until_answering(program, "/readyz")
        yield program


async def until_answering(program: Running, path: str) -> None:
    """Wait until GET `path` answers 200; fail with the log when the program ended instead."""
    async with asyncio.timeout(START_SECONDS):
        while True:
            if program.process.returncode is not None:
                raise AssertionError(f"the program ended:\n{program.written()}")
            with contextlib.suppress(OSError):
                if (await Call(program.port, "GET", path).answer()).status == 200:
                    return
            await asyncio.sleep(0.05)


@dataclass
class Answer:
    """An HTTP answer as it came."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Call:
    """One HTTP request on a socket of its own, which can be opened and all but sent in advance."""

    port: int
    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json"
    host: str = "127.0.0.1"
    _open: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    @property
    def _bytes(self) -> bytes:
        lines = {"Host": f"{self.host}:{self.port}", "Connection": "close", **self.headers}
        if self.body:
            lines |= {"Content-Type": self.content_type, "Content-Length": str(len(self.body))}
        head = f"{self.method} {self.path} HTTP/1.1\r\n" + "".join(f"{k}: {v}\r\n" for k, v in lines.items())
        return head.encode() + b"\r\n" + self.body

    async def all_but_sent(self) -> "Call":
        """Connect and send everything except the last byte."""
        self._open = await asyncio.open_connection(self.host, self.port)
        self._open[1].write(self._bytes[:-1])
        await self._open[1].drain()
        return self

    async def answer(self) -> Answer:
        """Send what is left and read the whole answer."""
        reader, writer = self._open or (await self.all_but_sent())._open  # type: ignore[misc]
        try:
            writer.write(self._bytes[-1:])
            await writer.drain()
            raw = await reader.read()
        finally:
            writer.close()
        head, end, body = raw.partition(b"\r\n\r\n")
        if not end:
            raise ConnectionResetError("no answer, or not even its head")
        status, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        return Answer(int(status.split()[1]), headers, body)


def claim_call(port: int, sealed: Sealed, *, right: bool = True, claim: bytes | None = None) -> Call:
    """A claim with a claim of its own."""
    from store.formats import base64url

    presented = sealed.present(right=right, claim=claim)
    body = {
        "link_proof": base64url.encode(presented.link_proof),
        "auth_token": base64url.encode(presented.auth_token),
        "claim": base64url.encode(presented.claim),
    }
    return Call(port, "POST", f"/api/v1/drops/{sealed.link.id_text}/claim", json.dumps(body).encode())


async def at_once(calls: Sequence[Call]) -> list[Answer]:
    """
    Every socket open and all but its last byte written, then all last bytes.

    "Try again" (503, when so many at once are too many for this machine) is answered as a page does: with the same
    request, which is paid for at most once.
    """
    await asyncio.gather(*(call.all_but_sent() for call in calls))
    answers = list(await asyncio.gather(*(call.answer() for call in calls)))
    for number, call in enumerate(calls):
        while answers[number].status == 503:
            await asyncio.sleep(0.2)
            answers[number] = await Call(call.port, call.method, call.path, call.body).answer()
    return answers
