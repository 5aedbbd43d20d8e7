"""
A reverse proxy that fails as real ones do: an answer cut at a byte, a reset, a stall, a 502, a request that is lost.

Every connection carries one request and one answer; the server's whole answer is read before any of it is passed on,
so that "one byte less than all" can be said.  What fails is decided by the test, connection by connection.
"""

import asyncio
import socket
import struct
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum

BAD_GATEWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class How(Enum):
    """What the reader's side of the connection sees after the last byte that was passed on."""

    CLOSED = "closed"
    RESET = "reset"
    STALLED = "stalled"


@dataclass(frozen=True)
class Cut:
    """The request arrives; of an answer of n bytes only `upto(n)` are passed on."""

    upto: Callable[[int], int]
    how: How = How.CLOSED


@dataclass(frozen=True)
class Lost:
    """The request never arrives at the server."""

    answer: bytes = b""


Fault = Cut | Lost


@dataclass
class Proxy:
    """Where it listens, what is to fail next, and which answers the server gave."""

    target: int
    port: int = 0
    faults: deque[Fault] = field(default_factory=deque)
    answers: list[bytes] = field(default_factory=list)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        fault = self.faults.popleft() if self.faults else None
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            request = await _request(reader)
            if isinstance(fault, Lost):
                writer.write(fault.answer)
            else:
                whole = await self._ask(request)
                writer.write(whole if fault is None else whole[: fault.upto(len(whole))])
            await writer.drain()
            if isinstance(fault, Cut) and fault.how is How.STALLED:
                await reader.read()  # until the reader has lost patience
            if isinstance(fault, Cut) and fault.how is How.RESET:
                plug: socket.socket = writer.get_extra_info("socket")
                plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.close()

    async def _ask(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.target)
        writer.write(request)
        await writer.drain()
        whole = await reader.read()
        writer.close()
        self.answers.append(whole)
        return whole


async def _request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    lengths = [line.partition(b":")[2] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return head + await reader.readexactly(int(lengths[0]) if lengths else 0)


@asynccontextmanager
async def before(target: int) -> AsyncIterator[Proxy]:
    """A proxy before the server on that port, on a port of its own."""
    proxy = Proxy(target)
    server = await asyncio.start_server(proxy.carry, "127.0.0.1", 0)
    proxy.port = server.sockets[0].getsockname()[1]
    try:
        yield proxy
    finally:
        server.close()
