"""HTTP by hand over a socket: what a test sends is what arrives, and nothing of the answer is smoothed over."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

SECONDS = 20
"""How long a test waits for something that must come; never how long something should take."""


@dataclass(frozen=True)
class Reply:
    """One answer as it came."""

    status: int
    headers: dict[str, str]
    """Names in lower case; a header that stood twice fails the reading."""
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def slug(self) -> str:
        """The problem's name; empty for an answer that is none."""
        if self.headers.get("content-type") != "application/problem+json":
            return ""
        problem = self.json()
        assert problem["status"] == self.status
        assert problem["title"]
        return str(problem["type"]).removeprefix("urn:sendsecret:problem:")

    @property
    def steady_headers(self) -> dict[str, str]:
        """The headers without the time of day."""
        return {name: value for name, value in self.headers.items() if name != "date"}


async def read_reply(reader: asyncio.StreamReader, *, has_body: bool = True) -> Reply:
    """Read one answer."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    headers: dict[str, str] = {}
    for line in lines:
        name, _, value = line.partition(":")
        assert name.lower() not in headers, f"{name} stands twice"
        headers[name.lower()] = value.strip()
    length = int(headers.get("content-length", "0")) if has_body else 0
    return Reply(int(first.split(" ")[1]), headers, await reader.readexactly(length))


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection, closed when the block ends; what happens on it is bounded in time."""
    async with asyncio.timeout(SECONDS):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            yield reader, writer
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


async def exchange(port: int, raw: bytes, *, has_body: bool = True) -> Reply:
    """Send these bytes on a connection of their own and read one answer."""
    async with connected(port) as (reader, writer):
        writer.write(raw)
        return await read_reply(reader, has_body=has_body)


def get(path: str, method: str = "GET", **headers: str) -> bytes:
    """A request without a body; `_` in a header's name stands for `-`."""
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{_lines(headers)}\r\n".encode()


def post(path: str, body: bytes | object, **headers: str) -> bytes:
    """A POST; anything but bytes is sent as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    headers = {"Content_Type": "application/json", **headers}
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(raw)}\r\n{_lines(headers)}\r\n".encode() + raw
    )


def _lines(headers: dict[str, str]) -> str:
    return "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in headers.items())
