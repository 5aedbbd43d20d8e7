"""Somebody between a client and its server, who notes every byte that the client sends, and can lose an answer."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field


@dataclass
class Wire:
    """What was sent; `losing` is what the first line of the one request holds whose answer gets lost."""

    port: int = 0
    losing: bytes = b""
    requests: list[bytes] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the client is to ask."""
        return f"http://localhost:{self.port}"

    def sent(self) -> bytes:
        """Every byte but the line with the token."""
        lines = [line for request in self.requests for line in request.split(b"\r\n")]
        return b"\r\n".join(line for line in lines if not line.startswith(b"Authorization:"))


@asynccontextmanager
async def between(port: int) -> AsyncIterator[Wire]:
    """A relay in front of the server on this port; the client closes each connection after one request."""
    wire = Wire()

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            lengths = [
                line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")
            ]
            request = head + await reader.readexactly(int(lengths[0]) if lengths else 0)
            wire.requests.append(request)
            from_server, to_server = await asyncio.open_connection("127.0.0.1", port)
            to_server.write(request)
            answer = await from_server.read() if b"Connection: close" in head else await _whole(from_server)
            to_server.close()
            if wire.losing and wire.losing in request.split(b"\r\n")[0]:
                wire.losing = b""
            else:
                writer.write(answer)
                await writer.drain()
        writer.close()

    async with await asyncio.start_server(relay, "127.0.0.1", 0, limit=2**24) as server:
        wire.port = server.sockets[0].getsockname()[1]
        yield wire


async def _whole(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    [length] = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    return head + await reader.readexactly(int(length))
