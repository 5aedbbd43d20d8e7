"""Every answer of every class carries the same guard of headers, names no software and repeats nothing."""

from dataclasses import replace

import pytest

from reveal_web.assets import Assets
from reveal_web.settings import WebSettings
from store.formats import base64url
from tests.web import wire
from tests.web.conftest import World, run_world

CANARY = "kanarienvogel"
ID = base64url.encode(b"0123456789abcdef")
DOOR = f"/api/v1/drops/{ID}/door"
PROOF = {"link_proof": base64url.encode(bytes(32))}

CASES: dict[str, tuple[bytes, int]] = {
    "shell": (wire.get(f"/s/{ID}"), 200),
    "cut link": (wire.get(f"/s/{CANARY}"), 404),
    "key in the path": (wire.get(f"/s/{ID}%231p.{CANARY}"), 404),
    "two segments": (wire.get(f"/s/{ID}/{CANARY}"), 404),
    "no id": (wire.get("/s/"), 404),
    "root": (wire.get("/"), 404),
    "asset": (wire.get("/assets/page-0123456789.css"), 200),
    "no such asset": (wire.get(f"/assets/{CANARY}.js"), 404),
    "climbing": (wire.get(f"/assets/..%2f..%2f{CANARY}"), 404),
    "robots": (wire.get("/robots.txt"), 200),
    "favicon": (wire.get("/favicon.ico"), 204),
    "alive": (wire.get("/healthz"), 200),
    "ready": (wire.get("/readyz"), 200),
    "no route": (wire.get(f"/{CANARY}"), 404),
    "no route, query": (wire.get(f"/x?{CANARY}={CANARY}"), 404),
    "wrong method": (wire.get(DOOR), 405),
    "OPTIONS": (wire.get(DOOR, "OPTIONS", Origin="https://a.example", Access_Control_Request_Method="POST"), 405),
    "OPTIONS *": (wire.get("*", "OPTIONS"), 404),
    "TRACE": (wire.get(f"/s/{ID}", "TRACE", X=CANARY), 405),
    "unknown method": (wire.get(f"/s/{ID}", "KANARIENVOGEL"), 400),
    "unknown drop": (wire.post(DOOR, PROOF), 404),
    "wrong type": (wire.post(DOOR, PROOF, Content_Type=f"text/{CANARY}"), 415),
    "malformed": (wire.post(DOOR, {CANARY: 1}), 400),
    "too large": (wire.post(DOOR, CANARY.encode() * 1000), 413),
    "other origin": (wire.post(DOOR, PROOF, Origin=f"https://{CANARY}.example"), 403),
    "CONNECT": (wire.get(f"{CANARY}:443", "CONNECT"), 404),
    "expectation": (wire.post(DOOR, PROOF, Expect=CANARY), 417),
    "expectation, no route": (wire.get("/nowhere", Expect=CANARY), 417),
    "upgrade": (wire.get(f"/s/{ID}", Connection="Upgrade", Upgrade="websocket"), 200),
    "not HTTP": (f"{CANARY}\r\n\r\n".encode(), 400),
    "TLS": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + CANARY.encode() + b"\r\n\r\n", 400),
    "bad version": (f"GET /{CANARY} HTTP/9.9\r\n\r\n".encode(), 400),
    "no host": (b"GET /healthz HTTP/1.1\r\n\r\n", 400),
    "bad header": (f"GET / HTTP/1.1\r\nHost: a\r\n{CANARY} {CANARY}\r\n\r\n".encode(), 400),
    "long line": (f"GET /{CANARY * 1000} HTTP/1.1\r\nHost: a\r\n\r\n".encode(), 400),
    "long header": (f"GET / HTTP/1.1\r\nHost: a\r\nX: {CANARY * 1000}\r\n\r\n".encode(), 400),
    "many headers": (b"GET / HTTP/1.1\r\nHost: a\r\n" + f"X: {CANARY}\r\n".encode() * 200 + b"\r\n", 400),
    "two lengths": (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", 400),
    "length and chunks": (
        f"POST {DOOR} HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".encode(),
        400,
    ),
    "bad chunk": (
        f"POST {DOOR} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        f"{CANARY}\r\n\r\n".encode(),
        400,
    ),
}

EVERYWHERE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "origin-agent-cluster": "?1",
    "x-robots-tag": "noindex, nofollow, noarchive, nosnippet",
}
API_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


def check_guard(reply: wire.Reply, *, cache: str = "no-store") -> None:
    """The headers that no answer goes without, and those that none may have."""
    for name, value in EVERYWHERE.items():
        assert reply.headers.get(name) == value, name
    assert reply.headers["content-security-policy"].startswith("default-src 'none'")
    assert reply.headers["cache-control"] == cache
    assert "camera=()" in reply.headers["permissions-policy"]
    assert "server" not in reply.headers
    assert "set-cookie" not in reply.headers
    assert "etag" not in reply.headers
    assert not [name for name in reply.headers if name.startswith("access-control-")]
    assert CANARY not in f"{reply}".lower()
    assert b"aiohttp" not in reply.body.lower()
    assert b"traceback" not in reply.body.lower()


@pytest.mark.parametrize("name", CASES)
async def test_every_class_of_answer_is_guarded(world: World, name: str) -> None:
    """Pages, files, refusals, and answers to what is not even HTTP."""
    raw, status = CASES[name]
    reply = await world.ask(raw)
    assert reply.status == status
    check_guard(reply, cache="public, max-age=31536000, immutable" if name == "asset" else "no-store")
    assert "strict-transport-security" not in reply.headers
    if reply.slug:
        assert reply.headers["content-security-policy"] == API_POLICY
    assert reply.slug or status in (200, 204) or reply.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("name", ["shell", "asset", "no route", "not HTTP", "unknown drop"])
async def test_over_https_every_answer_says_to_stay_there(installed: WebSettings, page: Assets, name: str) -> None:
    """HSTS stands on every class of answer when readers come by https, and only then."""
    secure = installed.model_copy(update={"public_url": "https://drops.example"})
    async for world in run_world(secure, page):
        reply = await world.ask(CASES[name][0])
        assert reply.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"


async def test_our_own_error_is_a_guarded_answer(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody thought of is a 500 problem without a trace of what broke."""

    async def break_down(*_: object) -> None:
        raise RuntimeError(CANARY)

    monkeypatch.setattr("store.door.look", break_down)
    reply = await world.post(DOOR, PROOF)
    assert (reply.status, reply.slug) == (500, "unavailable")
    check_guard(reply)


async def test_a_happy_answer_is_guarded(world: World) -> None:
    """The envelope itself leaves with the policy for no page."""
    reply = await world.claim(await world.make())
    assert reply.status == 200
    check_guard(reply)
    assert reply.headers["content-security-policy"] == API_POLICY
    assert reply.headers["content-type"] == "application/json"


async def test_head_answers_like_get_without_a_body(world: World) -> None:
    """HEAD has GET's status and headers."""
    for path in (f"/s/{ID}", "/s/cut", "/robots.txt", "/assets/page-0123456789.css"):
        head = await world.ask(wire.get(path, "HEAD"), has_body=False)
        whole = await world.ask(wire.get(path))
        assert replace(whole, headers=whole.steady_headers, body=b"") == replace(head, headers=head.steady_headers)


async def test_a_wrong_method_is_told_which_is_right(world: World) -> None:
    """405 names the methods of the address (RFC 9110, 15.5.6)."""
    assert (await world.ask(wire.get(DOOR))).headers["allow"] == "POST"
    assert (await world.post(f"/s/{ID}", {})).headers["allow"] == "GET,HEAD"
