"""Whoever looks at a link without being its reader consumes nothing and learns nothing."""

import pytest

from store.formats import base64url
from tests.web import wire
from tests.web.conftest import World

SLACKBOT = "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"
OUTLOOK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
FORM = {"Content_Type": "application/x-www-form-urlencoded", "User_Agent": OUTLOOK}


def visits(page: str, door: str, claim: str) -> list[bytes]:
    """What previews, scanners, crawlers and prefetchers send."""
    return [
        wire.get(page),
        wire.get(page, "HEAD"),
        wire.get(page, Sec_Purpose="prefetch;prerender", Purpose="prefetch"),
        wire.get(page, User_Agent=SLACKBOT, Range="bytes=0-32768"),
        wire.get(page, User_Agent="facebookexternalhit/1.1"),
        wire.get(page, If_None_Match='"x"', If_Modified_Since="Sat, 01 Jan 2022 00:00:00 GMT"),
        wire.get(page, "OPTIONS"),
        wire.get(page, "TRACE"),
        wire.get(page, "PROPFIND"),
        wire.post(page, b"", **FORM),
        wire.post(page, b"passphrase=1234&submit=Open", **FORM),
        *(
            wire.get(route, method)
            for route in (door, claim)
            for method in ("GET", "HEAD", "OPTIONS", "TRACE", "DELETE")
        ),
        *(wire.post(route, b"") for route in (door, claim)),
        *(wire.post(route, b"{}") for route in (door, claim)),
        *(wire.post(route, b"link_proof=1&auth_token=2", **FORM) for route in (door, claim)),
        *(
            wire.post(route, b"--x\r\n\r\n--x--", Content_Type="multipart/form-data; boundary=x")
            for route in (door, claim)
        ),
    ]


async def test_nothing_that_a_scanner_sends_changes_a_row_or_a_key(world: World) -> None:
    """Not one byte of database or keyring differs afterwards, and the drop opens with all its tries."""
    holder = await world.make()
    before = await world.fingerprint()
    for raw in visits(f"/s/{holder.link.id_text}", f"{holder.path}/door", f"{holder.path}/claim"):
        reply = await world.ask(raw, has_body=not raw.startswith(b"HEAD"))
        assert reply.status in (200, 400, 405, 415)
    assert await world.fingerprint() == before
    assert (await world.door(holder)).json()["tries_left"] == 5
    assert (await world.claim(holder)).status == 200


async def test_the_fingerprint_sees_a_claim(world: World) -> None:
    """The measure of the test above does notice when something is consumed."""
    holder = await world.make()
    before = await world.fingerprint()
    await world.door(holder)
    opened = await world.fingerprint()
    await world.claim(holder)
    assert len({before, opened, await world.fingerprint()}) == 3


async def test_the_shell_is_the_same_for_every_id_and_asks_no_database(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A live, a dead and an invented id get the same bytes, from a server whose database would break."""
    live, dead = await world.make(), await world.make()
    await world.claim(dead)

    def no_database(*_: object) -> None:
        raise AssertionError("the shell must not ask the database")

    monkeypatch.setattr(world.store.db, "read", no_database)
    monkeypatch.setattr(world.store.db, "write", no_database)
    ids = (live.link.id_text, dead.link.id_text, base64url.encode(bytes(16)))
    replies = [await world.ask(wire.get(f"/s/{one}")) for one in ids]
    assert [reply.status for reply in replies] == [200, 200, 200]
    assert len({reply.body for reply in replies}) == 1
    assert all(reply.steady_headers == replies[0].steady_headers for reply in replies)


@pytest.mark.parametrize(
    "tail", ["A" * 21, "A" * 23, "A" * 21 + "B", "A" * 22 + "=", "A" * 21 + "+", "%C3%A4" * 22, ""]
)
async def test_an_id_has_one_spelling(world: World, tail: str) -> None:
    """What is not 22 canonical characters gets the shell as a 404, so that a person is helped with a cut link."""
    reply = await world.ask(wire.get(f"/s/{tail}"))
    assert (reply.status, reply.body) == (404, world.parts.assets.shell)


async def test_robots_are_asked_to_stay_away(world: World) -> None:
    """robots.txt closes everything."""
    assert (await world.ask(wire.get("/robots.txt"))).body == b"User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Origin": "http://localhost:8080", "Sec_Fetch_Site": "same-origin"}, 200),
        ({"Sec_Fetch_Site": "none"}, 200),
        ({"Origin": "http://localhost"}, 403),
        ({"Origin": "https://localhost:8080"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": ""}, 403),
        ({"Sec_Fetch_Site": "cross-site"}, 403),
        ({"Sec_Fetch_Site": "same-site"}, 403),
        ({"Origin": "http://localhost:8080", "Sec_Fetch_Site": "cross-site"}, 403),
        ({"Origin": "http://localhost:8080", "origin": "https://elsewhere.example"}, 403),
    ],
)
async def test_only_the_own_page_may_speak(world: World, headers: dict[str, str], status: int) -> None:
    """Another site cannot make a browser claim, not even when it says its origin twice; programs say none."""
    holder = await world.make()
    reply = await world.door(holder, **headers)
    assert (reply.status, reply.slug) == (status, "" if status == 200 else "wrong-origin")
