"""
The load: one process, so many connections that stay open, and on each the next request as soon as the last is answered.

A client library would take more of the two processors than some of the servers that are measured: this one writes bytes
that were made beforehand, and reads of an answer its status and its length.
"""

import asyncio
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, cast

from bench.figures import Times

CONNECTIONS: Final = 32
_OK: Final = 200
_END: Final = b"\r\n\r\n"
_LENGTH: Final = b"content-length:"
_CLOSES: Final = b"connection: close"

Turn = Sequence[bytes]
"""Requests that are sent one after the other on one connection, because the later ones need the earlier to be done."""


@dataclass
class Loaded:
    """
    What came of a round: whole turns and those that were refused, the seconds of each request by its place in its turn,
    statuses, CPU spent.

    A turn is whole when all of it was answered 200; anything else ends it, and its time is not counted among the times.
    """

    seconds: float = 0.0
    turns: int = 0
    refused: int = 0
    cpu: float = 0.0
    times: list[list[float]] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    bodies: list[bytes] | None = None

    @property
    def rate(self) -> float:
        """Whole turns a second."""
        return self.turns / self.seconds

    def of_step(self, step: int) -> Times:
        """How long the requests at this place of their turns took."""
        return Times(self.times[step])

    def answered(self, step: int, status: int, seconds: float, body: bytes) -> None:
        """One answer."""
        self.statuses[status] += 1
        if status != _OK:
            self.refused += 1
            return
        if len(self.times) <= step:
            self.times.append([])
        self.times[step].append(seconds)
        if self.bodies is not None:
            self.bodies.append(body)


def post(path: str, body: bytes, content_type: str = "application/json", **headers: str) -> bytes:
    """The bytes of a POST."""
    lines = {"Host": "127.0.0.1", "Content-Type": content_type, "Content-Length": str(len(body)), **headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"POST {path} HTTP/1.1\r\n{head}\r\n".encode() + body


async def load(port: int, turns: Iterable[Turn], seconds: float, *, keep_bodies: bool = False) -> Loaded:
    """
    Send turns until there are no more, or until the time is over; what is under way then is finished and counted.

    Raises ConnectionError where a connection is lost in the middle of an answer.
    """
    loop = asyncio.get_running_loop()
    loaded = Loaded(bodies=[] if keep_bodies else None)
    left = iter(turns)
    until = time.perf_counter() + seconds
    began, cpu = time.perf_counter(), time.process_time()
    lanes = [_Lane(loop, port, left, until, loaded) for _ in range(CONNECTIONS)]
    try:
        await asyncio.gather(*(lane.run() for lane in lanes))
    finally:
        for lane in lanes:
            lane.close()
    loaded.seconds, loaded.cpu = time.perf_counter() - began, time.process_time() - cpu
    return loaded


class _Lane(asyncio.Protocol):
    """One connection; opened anew where the server closes it between two requests."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, port: int, left: Iterator[Turn], until: float, loaded: Loaded
    ) -> None:
        self._loop, self._port, self._left, self._until, self._loaded = loop, port, left, until, loaded
        self._done: asyncio.Future[None] = loop.create_future()
        self._transport: asyncio.Transport | None = None
        self._got = bytearray()
        self._turn: Turn = ()
        self._step = 0
        self._sent = 0.0

    async def run(self) -> None:
        """Until there is nothing left to send."""
        await self._loop.create_connection(lambda: self, "127.0.0.1", self._port)
        self._next_turn()
        await self._done

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(ConnectionError("the server hung up in the middle"))

    def data_received(self, data: bytes) -> None:
        self._got += data
        end = self._got.find(_END)
        if end < 0:
            return
        head = bytes(self._got[:end]).lower()
        at = head.find(_LENGTH)
        length = int(head[at + len(_LENGTH) :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        if len(self._got) < end + len(_END) + length:
            return
        self._answered(int(head[9:12]), bytes(self._got[end + len(_END) :]), is_last=_CLOSES in head)

    def _answered(self, status: int, body: bytes, *, is_last: bool) -> None:
        self._loaded.answered(self._step, status, time.perf_counter() - self._sent, body)
        self._got.clear()
        self._step += 1
        if is_last:
            self._done.set_exception(ConnectionError("the server closes connections that should stay open"))
        elif status == _OK and self._step < len(self._turn):
            self._send()
        else:
            self._loaded.turns += status == _OK
            self._next_turn()

    def _next_turn(self) -> None:
        turn = next(self._left, None) if time.perf_counter() < self._until else None
        if turn is None:
            self._done.set_result(None)
            return
        self._turn, self._step = turn, 0
        self._send()

    def _send(self) -> None:
        assert self._transport is not None
        self._sent = time.perf_counter()
        self._transport.write(self._turn[self._step])
