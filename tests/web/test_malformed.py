"""Bodies that are not what they should be: always 400 or 415 or 413, never paid for, never an error of ours."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.formats import base64url
from tests.web import wire
from tests.web.conftest import World

PATH = f"/api/v1/drops/{base64url.encode(bytes(16))}/claim"
KEY = base64url.encode(bytes(32))
GOOD = {"link_proof": KEY, "auth_token": KEY, "claim": KEY}
START = f"POST {PATH} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
ROUTES = {"door": {"link_proof": KEY}, "claim": GOOD, "ask": {"link_proof": KEY, "what": "again"}}


def near_misses() -> Iterator[tuple[str, bytes]]:
    """Bodies one step away from a good one."""
    good = json.dumps(GOOD)
    yield "nothing", b""
    yield "not an object", b'["link_proof"]'
    yield "two objects", f"{good}{good}".encode()
    yield "a tail", f"{good}x".encode()
    yield "a byte order mark", b"\xef\xbb\xbf" + good.encode()
    yield "UTF-16", good.encode("utf-16")
    yield "not UTF-8", good.encode().replace(b"AAAA", b"\xff\xfe\xff\xff", 1)
    yield "a member twice", (good[:-1] + f', "claim": "{KEY}"}}').encode()
    yield "a comment", (good[:-1] + " /* */}").encode()
    yield "a comma too many", (good[:-1] + ",}").encode()
    yield "NaN", good.replace(f'"{KEY}"', "NaN", 1).encode()
    yield "deep", b"[" * 4000
    yield "deep inside", (good[:-1] + ', "x": ' + "[" * 1500 + "]" * 1500 + "}").encode()
    yield "half a character", good.replace(KEY, "\\ud800" + KEY[1:], 1).encode()
    for name in GOOD:
        yield f"without {name}", json.dumps({key: value for key, value in GOOD.items() if key != name}).encode()
        wrongs: list[object] = [
            None,
            1,
            True,
            [],
            {},
            [KEY],
            "",
            KEY[:-1],
            KEY + "A",
            KEY + "=",
            KEY[:-1] + "B",
            "é" * 43,
        ]
        for wrong in wrongs:
            yield f"{name} as {ascii(wrong)[:20]}", json.dumps({**GOOD, name: wrong}).encode()
    yield "one member more", json.dumps({**GOOD, "x": 1}).encode()
    yield "what where it does not belong", json.dumps({**GOOD, "what": "again"}).encode()


async def test_a_near_miss_is_refused(world: World) -> None:
    """Exactly the members, each once, each in its one spelling; all else is 400."""
    for name, body in near_misses():
        reply = await world.ask(wire.post(PATH, body))
        assert (reply.status, reply.slug) == (400, "malformed"), name
    assert (await world.ask(wire.post(PATH, GOOD))).status == 404


@pytest.mark.parametrize("what", [None, 1, "", "Again", "again ", ["again"], "else"])
async def test_only_three_things_can_be_asked_for(world: World, what: object) -> None:
    """Any other `what` is malformed, for a holder too."""
    holder = await world.make()
    reply = await world.post(f"{holder.path}/ask", {**holder.proof, "what": what})
    assert (reply.status, reply.slug) == (400, "malformed")


@pytest.mark.parametrize(
    ("content_type", "status"),
    [
        ("application/json", 404),
        ("Application/JSON", 404),
        ("application/json; charset=utf-8", 404),
        ("application/json;charset=UTF-8", 404),
        ("application/json; charset=utf-16", 415),
        ("application/json; charset=utf-8; x=y", 415),
        ('application/json; charset="utf-8"', 415),
        ("application/json, text/plain", 415),
        ("application/problem+json", 415),
        ("text/json", 415),
        ("", 415),
    ],
)
async def test_only_plain_json_is_read(world: World, content_type: str, status: int) -> None:
    """One media type, with or without its one charset."""
    assert (await world.post(PATH, GOOD, Content_Type=content_type)).status == status


async def test_a_missing_doubled_or_compressed_type_is_refused(world: World) -> None:
    """No Content-Type, two of them, and any Content-Encoding are refused."""
    body = json.dumps(GOOD).encode()
    bare = b"POST %b HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%b" % (PATH.encode(), len(body), body)
    assert (await world.ask(bare)).status == 415
    # Two types do not get past the parser.
    assert (await world.post(PATH, GOOD, content_type="application/json")).status == 400
    for coding in ("gzip", "deflate", "br", "identity"):
        assert (await world.post(PATH, GOOD, Content_Encoding=coding)).status == 415


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=50) | st.just(KEY),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*GOOD, "what"]) | st.text(max_size=8), inner, max_size=5)
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    route=st.sampled_from(list(ROUTES)),
    body=JSON.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=4096),
)
async def test_no_body_breaks_a_route(world: World, route: str, body: bytes) -> None:
    """Whatever is sent, the answer is 400, or 404 if it happens to be well-formed; never an error of ours."""
    reply = await world.ask(wire.post(PATH.replace("claim", route), body))
    assert (reply.status, reply.slug) in {(400, "malformed"), (404, "not-found")}
    world.forget_wrong_links()


@pytest.mark.parametrize("length", [4096, 4097, 10**9])
async def test_the_announced_length_is_judged_before_the_body(world: World, length: int) -> None:
    """A body over 4 KiB is refused before any of it was sent."""
    reply = await announce(world, length)
    assert (reply.status, reply.slug) == ((400, "malformed") if length == 4096 else (413, "too-large"))


async def announce(world: World, length: int) -> wire.Reply:
    """Announce a body; send one that is empty if it would be read."""
    head = f"{START}Content-Length: {length}\r\n\r\n".encode()
    return await world.ask(head + (b" " * length if length == 4096 else b""))


async def test_a_body_of_unknown_length_is_cut_at_the_limit(world: World) -> None:
    """Chunks are counted: they cannot carry more than an announced body may."""
    head = f"{START}Transfer-Encoding: chunked\r\n\r\n".encode()

    def chunks(body: bytes) -> bytes:
        return b"".join(b"1\r\n%c\r\n" % byte for byte in body) + b"0\r\n\r\n"

    good = json.dumps(GOOD).encode()
    assert (await world.ask(head + chunks(good))).status == 404
    reply = await world.ask(head + chunks(b" " * 5000))
    assert (reply.status, reply.slug) == (413, "too-large")


async def test_a_client_that_waits_to_be_told_is_told(world: World) -> None:
    """Expect: 100-continue gets its interim answer, then the real one (RFC 9110, 10.1.1)."""
    raw = wire.post(PATH, GOOD, Expect="100-continue")
    head, _, body = raw.partition(b"\r\n\r\n")
    async with wire.connected(world.port) as (reader, writer):
        writer.write(head + b"\r\n\r\n")
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(body)
        assert (await wire.read_reply(reader)).status == 404
