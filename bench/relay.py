"""
Between the bot and the sandbox, in a process of its own: `python -m bench.relay LISTEN:TARGET ...`.

It passes bytes on and notes when which trigger went by, so that the sandbox, which is busy with fifty people at once,
does not put its own slowness into the bot's times.  A line of standard input names the bot's process; it prints what it
has noted since the last one, as one line of JSON.
"""

import asyncio
import itertools
import json
import re
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

TRIGGER: Final = re.compile(rb"\d+\.\d+\.[0-9a-f]{32}")
_LOOKED_UP: Final = re.compile(rb"users\.info\?user=(\w+)[ &]")
_LONGEST: Final = 80
"""Bytes of the longest thing that is looked for: so much is kept of a chunk, in case it was cut there."""


@dataclass(frozen=True)
class Seen:
    """
    One thing that went by on one connection, at a time of the system's monotonic clock.

    `what` is a trigger, somebody's id where they are looked up, or empty for any other bytes, which the bot sent where
    `by_bot`.  `queued`: for how many seconds the bot had by then been ready to run while others had the processors.
    """

    at: float
    queued: float
    connection: int
    by_bot: bool
    what: str


class _Notes:
    """What was seen, and whose process is the bot's."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []
        self._standing: Path | None = None

    def watch(self, pid: int) -> None:
        """From now on this process is the bot."""
        self._standing = Path(f"/proc/{pid}/schedstat")

    def note(self, connection: int, found: Iterable[str], *, by_bot: bool) -> None:
        """Bytes went by, and these things in them."""
        at, queued = time.monotonic(), 0.0
        if self._standing is not None:
            queued = int(self._standing.read_text().split()[1]) / 1e9
        self.seen.extend(Seen(at, queued, connection, by_bot, what) for what in found)


class _Half(asyncio.Protocol):
    """One of two sockets that are one connection; bytes that come before the other is open wait for it."""

    def __init__(self, notes: _Notes, connection: int, *, is_bot: bool) -> None:
        self._notes, self._connection, self._is_bot = notes, connection, is_bot
        self._tail = b""
        self._waiting: list[bytes] = []
        self.other: _Half | None = None
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def pair(self, other: "_Half") -> None:
        """From now on bytes go there."""
        self.other = other
        for data in self._waiting:
            self._pass_on(data)
        self._waiting.clear()

    def data_received(self, data: bytes) -> None:
        text = self._tail + data
        matches = list(_all(text))
        found = [match[match.lastindex or 0].decode() for match in matches] or [""]
        self._notes.note(self._connection, found, by_bot=self._is_bot)
        self._tail = text[max((match.end() for match in matches), default=0) :][-_LONGEST:]
        self._pass_on(data)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.other is not None and self.other.transport is not None:
            self.other.transport.close()

    def _pass_on(self, data: bytes) -> None:
        if self.other is None:
            self._waiting.append(data)
        elif self.other.transport is not None:
            self.other.transport.write(data)


def _all(text: bytes) -> itertools.chain[re.Match[bytes]]:
    return itertools.chain(TRIGGER.finditer(text), _LOOKED_UP.finditer(text))


class _Relay:
    """All connections."""

    def __init__(self) -> None:
        self.notes = _Notes()
        self._numbers = itertools.count()
        self._opening: set[asyncio.Task[None]] = set()

    async def listen(self, port: int, target: int, *, for_bot: bool) -> None:
        """Pass on to `target` what comes to `port`, which is `for_bot` to call or for somebody who calls the bot."""
        loop = asyncio.get_running_loop()

        def accepted() -> _Half:
            number = next(self._numbers)
            near = _Half(self.notes, number, is_bot=for_bot)
            task = loop.create_task(self._open(near, number, target, is_bot=not for_bot))
            self._opening.add(task)
            task.add_done_callback(self._opening.discard)
            return near

        await loop.create_server(accepted, "127.0.0.1", port, backlog=512)

    async def _open(self, near: _Half, number: int, target: int, *, is_bot: bool) -> None:
        try:
            _, far = await asyncio.get_running_loop().create_connection(
                lambda: _Half(self.notes, number, is_bot=is_bot), "127.0.0.1", target
            )
        except OSError:
            if near.transport is not None:
                near.transport.abort()
            return
        far.pair(near)
        near.pair(far)


async def relay(ways: Sequence[str]) -> None:
    """The first way is the bot's to Slack, any other Slack's to the bot."""
    passing = _Relay()
    for number, way in enumerate(ways):
        port, _, target = way.partition(":")
        await passing.listen(int(port), int(target), for_bot=number == 0)
    print("listening", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        passing.notes.watch(int(line))
        print(json.dumps([asdict(one) for one in passing.notes.seen]), flush=True)
        passing.notes.seen.clear()


if __name__ == "__main__":
    asyncio.run(relay(sys.argv[1:]))
