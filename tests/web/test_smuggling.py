"""
Requests that two servers in a row would cut in two places: refused whole, and what follows is never answered.

A proxy that passes one of these on believes that a request ends elsewhere; whatever was hidden behind that end would
be answered to somebody else's connection.
"""

import re

import pytest

from store.formats import base64url
from tests.web import wire
from tests.web.conftest import World

DOOR = f"/api/v1/drops/{base64url.encode(bytes(16))}/door"
HEAD = f"POST {DOOR} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
CHUNKED = "Transfer-Encoding: chunked\r\n"
HIDDEN = "GET /robots.txt HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
ANSWER_TO_HIDDEN = b"Disallow"

TWO_LENGTHS = {
    "a length and chunks": f"{HEAD}Content-Length: 6\r\n{CHUNKED}\r\n0\r\n\r\n",
    "chunks and a length": f"{HEAD}{CHUNKED}Content-Length: 6\r\n\r\n0\r\n\r\n",
    "two lengths": f"{HEAD}Content-Length: 2\r\nContent-Length: 0\r\n\r\n{{}}",
    "the same length twice": f"{HEAD}Content-Length: 2\r\nContent-Length: 2\r\n\r\n{{}}",
    "a list of lengths": f"{HEAD}Content-Length: 2, 2\r\n\r\n{{}}",
    "a signed length": f"{HEAD}Content-Length: +2\r\n\r\n{{}}",
    "a negative length": f"{HEAD}Content-Length: -2\r\n\r\n{{}}",
    "a hexadecimal length": f"{HEAD}Content-Length: 0x2\r\n\r\n{{}}",
    "a length beyond all numbers": f"{HEAD}Content-Length: 99999999999999999999999\r\n\r\n{{}}",
    "chunks that are not the last coding": f"{HEAD}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "chunks twice": f"{HEAD}{CHUNKED}{CHUNKED}\r\n0\r\n\r\n",
    "an unknown coding": f"{HEAD}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "a coding behind a control character": f"{HEAD}Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
    "chunks in HTTP/1.0": f"{HEAD.replace('/1.1', '/1.0')}{CHUNKED}\r\n0\r\n\r\n",
}
STRANGE_HEADS = {
    "a space before the colon": f"{HEAD}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a folded header": f"{HEAD}X: a\r\n b\r\nContent-Length: 2\r\n\r\n{{}}",
    "a folded coding": f"{HEAD}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n",
    "lines that end in LF": f"{HEAD}Content-Length: 2\r\n\r\n{{}}".replace("\r\n", "\n"),
    "one line that ends in LF": f"{HEAD}X: a\nContent-Length: 2\r\n\r\n{{}}",
    "a header behind a bare CR": f"{HEAD}X: a\rContent-Length: 0\r\nContent-Length: 2\r\n\r\n{{}}",
    "a bare CR": f"{HEAD}X: a\rb\r\nContent-Length: 2\r\n\r\n{{}}",
    "a NUL": f"{HEAD}X: a\0b\r\nContent-Length: 2\r\n\r\n{{}}",
    "a space in a name": f"{HEAD}X Y: a\r\nContent-Length: 2\r\n\r\n{{}}",
    "a line without a colon": f"{HEAD}XY\r\nContent-Length: 2\r\n\r\n{{}}",
    "no host": "GET /healthz HTTP/1.1\r\n\r\n",
    "two hosts": "GET /healthz HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "no version": "GET /healthz\r\n\r\n",
    "another version": "GET /healthz HTTP/2.0\r\nHost: a\r\n\r\n",
    "HTTP/2 by prior knowledge": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "a long line": f"GET /{'a' * 9000} HTTP/1.1\r\nHost: a\r\n\r\n",
    "a long header": f"GET /healthz HTTP/1.1\r\nHost: a\r\nX: {'a' * 9000}\r\n\r\n",
    "many headers": "GET /healthz HTTP/1.1\r\nHost: a\r\n" + "".join(f"X{n}: a\r\n" for n in range(70)) + "\r\n",
}
STRANGE_CHUNKS = {
    "an extension with a bare LF": f"{HEAD}{CHUNKED}\r\n2;\nxx\r\n{{}}\r\n0\r\n\r\n",
    "chunks between LFs": f"{HEAD}{CHUNKED}\r\n2\n{{}}\n0\n\n",
    "a signed size": f"{HEAD}{CHUNKED}\r\n+2\r\n{{}}\r\n0\r\n\r\n",
    "a size with a prefix": f"{HEAD}{CHUNKED}\r\n0x2\r\n{{}}\r\n0\r\n\r\n",
    "a negative size": f"{HEAD}{CHUNKED}\r\n-2\r\n{{}}\r\n0\r\n\r\n",
    "a size beyond all numbers": f"{HEAD}{CHUNKED}\r\nFFFFFFFFFFFFFFFFF\r\n{{}}\r\n0\r\n\r\n",
    "a chunk longer than its size": f"{HEAD}{CHUNKED}\r\n2\r\n{{}}xx0\r\n\r\n",
}
SHAPES = {**TWO_LENGTHS, **STRANGE_HEADS, **STRANGE_CHUNKS}


async def everything(world: World, raw: str) -> bytes:
    """All that comes back before the connection is closed."""
    got = b""
    async with wire.connected(world.port) as (reader, writer):
        writer.write(raw.encode("latin-1"))
        try:
            while part := await reader.read(65536):
                got += part
        except ConnectionError:
            pass  # it was closed while there was more to read: what came before counts
    return got


@pytest.mark.parametrize("shape", SHAPES)
async def test_what_could_be_cut_in_two_is_refused_whole(world: World, shape: str) -> None:
    """One answer, 400, then the end of the connection: nothing that is hidden behind it is looked at."""
    got = await everything(world, SHAPES[shape] + HIDDEN)
    assert re.findall(rb"HTTP/1\.[01] (\d+)", got) == [b"400"]
    assert ANSWER_TO_HIDDEN not in got
    assert b"urn:sendsecret:problem:malformed" in got


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (f"{HEAD}{CHUNKED}\r\n2;a=b\r\n{{}}\r\n0\r\n\r\n", b"400"),
        (f"{HEAD}{CHUNKED}\r\n2;{'a' * 20_000}\r\n{{}}\r\n0\r\n\r\n", b"400"),
        (f"{HEAD}Content-Length: 2\r\n\r\n{{}}", b"400"),
        ("\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n", b"200"),
        ("GET http://evil.example/healthz HTTP/1.1\r\nHost: a\r\n\r\n", b"200"),
    ],
)
async def test_what_has_one_end_is_read_to_it(world: World, raw: str, status: bytes) -> None:
    """An extension of a chunk means nothing, however long; the next request begins where everybody says it does."""
    got = await everything(world, raw + HIDDEN)
    assert re.findall(rb"HTTP/1\.[01] (\d+)", got) == [status, b"200"]
    assert ANSWER_TO_HIDDEN in got
    assert b"evil" not in got


async def test_a_body_that_nobody_asked_for_is_no_request(world: World) -> None:
    """What stands in the body of a GET is not answered, though the route reads none."""
    raw = f"GET /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: {len(HIDDEN)}\r\n\r\n{HIDDEN}"
    async with wire.connected(world.port) as (reader, writer):
        writer.write(raw.encode() + wire.get("/nowhere", Connection="close"))
        replies = [await wire.read_reply(reader) for _ in range(2)]
        assert [reply.status for reply in replies] == [200, 404]
        assert await reader.read() == b""
