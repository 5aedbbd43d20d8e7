"""A server over a real socket that says what a test tells it to say, answer by answer, in front of one sealed drop."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from store.formats.payload_v1 import File, Text
from tests.browser.pretend_reader import Answer, PretendReader
from tests.opening.seat import PATIENCE_SECONDS

PASSPHRASE = "4711"


class PretendServer(PretendReader):
    """`say` queues answers for a route, `pass_on` answers all of them; every request is kept as it came."""

    def __init__(self, content: Text | File, **described: Any) -> None:
        super().__init__(content, **described)
        self.raw: list[bytes] = []
        self.base = ""
        self._more = asyncio.Condition()
        self.pass_on: Callable[[str, dict[str, str]], Awaitable[Answer]] | None = None

    @property
    def url(self) -> str:
        """The whole link."""
        return self.link.url(self.base)

    async def hears(self, route: str) -> None:
        """Wait until `route` has been asked."""
        async with self._more, asyncio.timeout(PATIENCE_SECONDS):
            await self._more.wait_for(lambda: self.requests(route))

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request on a connection of its own."""
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            fields = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:] if line)
            body = await reader.readexactly(int(fields["Content-Length"]))
            self.raw.append(head + body)
            name = head.split()[1].decode().rpartition("/")[2]
            said = json.loads(body)
            self.asked.append((name, said))
            async with self._more:
                self._more.notify_all()
            answer = await self._chosen(name, said, head.split()[1].decode())
            if answer.status > 0:
                writer.write(_written(answer))
                await writer.drain()
            elif answer.status < 0:
                await reader.read()
        writer.close()

    async def _chosen(self, name: str, said: dict[str, str], path: str) -> Answer:
        if self.pass_on is not None:
            return await self.pass_on(name, said)
        queue = self._queues[name]
        return queue.pop(0) if queue else self._usual(name, said, self.base + path)


def _written(answer: Answer) -> bytes:
    kind = "octet-stream" if answer.octets is not None else "json" if answer.status < 400 else "problem+json"
    body = json.dumps(answer.members).encode() if answer.octets is None else answer.octets
    fields = {"Content-Type": f"application/{kind}", "Content-Length": str(len(body)), **answer.headers}
    lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
    return f"HTTP/1.1 {answer.status} X\r\n{lines}Connection: close\r\n\r\n".encode() + body


@asynccontextmanager
async def pretending(content: Text | File | None = None, **described: Any) -> AsyncIterator[PretendServer]:
    """A server that is there."""
    pretend = PretendServer(content or Text("sk_live_51"), **described)
    listener = await asyncio.start_server(pretend.take, "127.0.0.1", 0)
    pretend.base = f"http://127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    async with listener:
        yield pretend
