"""A line to a server that can be held: what is sent arrives no more, and nobody is told so."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

_AT_ONCE = 1 << 16


@dataclass
class Line:
    """Where it listens on loopback, and whether it passes anything on just now."""

    target: str
    port: int = 0
    open: asyncio.Event = field(default_factory=asyncio.Event)
    ends: list[asyncio.StreamWriter] = field(default_factory=list)

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        there, back = await asyncio.open_unix_connection(self.target)
        self.ends += (writer, back)
        with suppress(ConnectionError):
            await asyncio.gather(self._pass(reader, back), self._pass(there, writer))

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while some := await reader.read(_AT_ONCE):
            await self.open.wait()
            writer.write(some)
            await writer.drain()
        writer.close()


@asynccontextmanager
async def line_to(socket: str) -> AsyncIterator[Line]:
    """A line to that socket, which passes everything on until it is held."""
    line = Line(socket)
    line.open.set()
    server = await asyncio.start_server(line.carry, "127.0.0.1", 0)
    line.port = server.sockets[0].getsockname()[1]
    try:
        yield line
    finally:
        server.close()
        line.open.set()
        for end in line.ends:
            end.transport.abort()
        await asyncio.gather(*(end.wait_closed() for end in line.ends), return_exceptions=True)
