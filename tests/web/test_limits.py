"""Slow, greedy and vanishing clients: bounded in time and number, and never at the price of a claim."""

import asyncio
import gc
import secrets
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing

import pytest
from aiohttp.http_exceptions import HttpProcessingError

from reveal_web.assets import Asset, Assets
from reveal_web.reader import bodies, connections, serving, unfinished
from reveal_web.reader.wrong_links import BURST
from reveal_web.settings import WebSettings
from store import claims
from store.formats import base64url
from store.opened import opened
from tests.web import wire
from tests.web.conftest import World, run_world
from tests.web.test_headers import check_guard

DOOR = f"/api/v1/drops/{base64url.encode(bytes(16))}/door"
START = f"POST {DOOR} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n".encode()


@pytest.fixture
async def hasty(installed: WebSettings, page: Assets, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """A server that loses patience soon."""
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.1)
    monkeypatch.setattr(unfinished, "ANSWER_SECONDS", 0.2)
    limits = {"keepalive_timeout": 0.2, "lingering_time": 0.1}
    monkeypatch.setattr(serving, "_LIMITS", {**serving._LIMITS, **limits})
    async for world in run_world(installed, page):
        yield world


async def test_a_body_that_does_not_come_is_not_waited_for(hasty: World) -> None:
    """The rest of a body has its time; then 408, and the connection is closed."""
    async with wire.connected(hasty.port) as (reader, writer):
        writer.write(START + b"{")
        reply = await wire.read_reply(reader)
        assert (reply.status, reply.slug) == (408, "malformed")
        check_guard(reply)
        assert await reader.read() == b""


@pytest.mark.parametrize("sent", [b"", b"GET /s/", b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: "])
async def test_a_head_that_does_not_come_is_not_waited_for(hasty: World, sent: bytes) -> None:
    """An idle connection, half a line and half a header are hung up on."""
    async with wire.connected(hasty.port) as (reader, writer):
        writer.write(sent)
        assert await reader.read() == b""


async def test_a_trickled_head_gains_no_time(hasty: World) -> None:
    """A byte now and then does not keep a connection open."""
    async with wire.connected(hasty.port) as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ")
        gone = asyncio.create_task(reader.read())
        while not gone.done():
            writer.write(b"a")
            await asyncio.wait([gone], timeout=0.02)
        assert isinstance(gone.exception(), ConnectionError) or gone.result() == b""


async def test_a_trickled_body_gains_no_time(hasty: World) -> None:
    """A byte now and then is no more than none: 408, and the connection is closed."""
    async with wire.connected(hasty.port) as (reader, writer):
        writer.write(START)
        answered = asyncio.create_task(wire.read_reply(reader))
        for _ in range(9):  # one byte less than was announced
            writer.write(b" ")
            await asyncio.wait([answered], timeout=0.05)
        assert (await answered).status == 408
        assert await reader.read() == b""


async def test_whoever_upgrades_is_not_followed(hasty: World) -> None:
    """An offer of HTTP/2 is answered in HTTP/1.1, and what comes behind it is not taken for requests."""
    upgrade = "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n\r\n"
    async with wire.connected(hasty.port) as (reader, writer):
        writer.write(f"GET /healthz HTTP/1.1\r\nHost: a\r\n{upgrade}".encode() + wire.get("/robots.txt"))
        reply = await wire.read_reply(reader)
        assert (reply.status, "upgrade" in reply.headers) == (200, False)
        assert await reader.read() == b""


def test_the_limits_are_those_that_are_promised() -> None:
    """Ten seconds for a body, five for a head, less than two for an answer, 4 KiB and 8 KiB."""
    assert (bodies.BODY_SECONDS, bodies.MOST_BYTES, unfinished.ANSWER_SECONDS) == (10, 4096, 1.9)
    assert serving._LIMITS["keepalive_timeout"] == 5
    assert serving._LIMITS["max_line_size"] == serving._LIMITS["max_field_size"] == 8192


async def test_no_address_takes_all_connections(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond its share an address is told 503 and hung up on; a seat that is left is free again."""
    monkeypatch.setattr(connections, "MOST_AN_ADDRESS", 1)
    async with wire.connected(world.port) as (first, holding):
        holding.write(wire.get("/healthz"))
        assert (await wire.read_reply(first)).status == 200
        async with wire.connected(world.port) as (second, _):
            refused = await wire.read_reply(second)
            assert (refused.status, refused.slug, refused.headers["retry-after"]) == (503, "unavailable", "1")
            check_guard(refused)
            assert await second.read() == b""
        # The seat is given back before the connection's end is seen from here.
        holding.write(wire.get("/healthz", Connection="close"))
        assert (await wire.read_reply(first)).status == 200
        assert await first.read() == b""
    assert (await world.ask(wire.get("/healthz"))).status == 200


async def test_a_page_that_hangs_up_does_not_cut_its_claim(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The claim is finished without its page, and the same page gets its secret when it comes back."""
    holder = await world.make()
    arrived, go_on, claim = asyncio.Event(), asyncio.Event(), claims.claim

    async def paused(*args: object) -> claims.Release:
        arrived.set()
        await go_on.wait()
        return await claim(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(claims, "claim", paused)
    body = holder.claim()
    async with wire.connected(world.port) as (_, writer):
        writer.write(wire.post(f"{holder.path}/claim", body))
        await arrived.wait()
        writer.transport.abort()
        go_on.set()
        await world.parts.unfinished.all_done(wire.SECONDS)
        again = await world.claim(holder, body)
    assert (again.status, again.json()["sends_left"]) == (200, 1)
    assert (await world.claim(holder)).status == 410


async def test_a_database_that_hangs_is_answered_for(hasty: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """503 with Retry-After within the time of an answer; a guess that nobody waits for by then is not paid for."""
    holder = await hasty.make()
    go_on, claim = asyncio.Event(), claims.claim

    async def paused(*args: object) -> claims.Release:
        await go_on.wait()
        return await claim(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(claims, "claim", paused)
    body = holder.claim()
    reply = await hasty.claim(holder, body)
    assert (reply.status, reply.slug, reply.headers["retry-after"]) == (503, "unavailable", "1")
    go_on.set()
    await hasty.parts.unfinished.all_done(wire.SECONDS)
    assert (await hasty.claim(holder, body)).json()["sends_left"] == 2


async def test_what_is_answered_too_late_is_not_sent(hasty: World) -> None:
    """However often a page asks while the database is slow: of its three sends it uses up what could leave."""
    holder = await hasty.make()
    body = holder.claim()
    assert (await hasty.claim(holder, body)).json()["sends_left"] == 2
    path = hasty.settings.database_url.get_secret_value().partition("///")[2]
    with closing(sqlite3.connect(path, isolation_level=None)) as somebody:
        somebody.execute("BEGIN IMMEDIATE")
        for _ in range(4):
            assert (await hasty.claim(holder, body)).slug == "unavailable"
        assert hasty.parts.unfinished.count == 4
        somebody.execute("ROLLBACK")
    await hasty.parts.unfinished.all_done(wire.SECONDS)
    again = await hasty.claim(holder, body)
    assert (again.status, again.json()["sends_left"]) == (200, 1)
    assert (await hasty.events(holder)).count("drop.redelivered") == 1


async def test_acts_do_not_pile_up_without_end(hasty: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the bound nothing is begun, and nothing is paid."""
    holder = await hasty.make()
    monkeypatch.setattr(unfinished, "MOST_AT_ONCE", 0)
    assert (await hasty.claim(holder)).status == 503
    monkeypatch.setattr(unfinished, "MOST_AT_ONCE", 1)
    assert (await hasty.claim(holder)).json()["sends_left"] == 2


async def test_one_of_many_right_claims_wins(world: World) -> None:
    """Thirty pages with the right passphrase at once: one has the secret, the others are told 410."""
    holder = await world.make()
    replies = await asyncio.gather(*(world.claim(holder) for _ in range(30)))
    assert sorted(reply.status for reply in replies) == [200] + [410] * 29


async def test_only_three_of_many_wrong_guesses_are_compared(world: World) -> None:
    """Thirty wrong guesses at once: three are refused, the others come too soon."""
    holder = await world.make()
    replies = await asyncio.gather(*(world.claim(holder, holder.wrong()) for _ in range(30)))
    assert sorted(reply.status for reply in replies) == [403] * 3 + [429] * 27


async def test_a_page_that_was_not_answered_does_not_look_like_a_guesser(world: World) -> None:
    """What has a right link is no wrong one: however often it acknowledges a claim that it does not have."""
    holder, said = await world.make(), secrets.token_urlsafe(32)
    body = {**holder.proof, "claim": said}
    assert {(await world.post(f"{holder.path}/acknowledge", body)).status for _ in range(BURST + 5)} == {404}


async def test_requests_in_a_row_are_answered_in_their_order(world: World) -> None:
    """Several requests sent at once on one connection get their answers in order, each guarded."""
    async with wire.connected(world.port) as (reader, writer):
        writer.write(wire.get("/healthz") + wire.get("/nowhere") + wire.get("/robots.txt", Connection="close"))
        replies = [await wire.read_reply(reader) for _ in range(3)]
        assert [reply.status for reply in replies] == [200, 404, 200]
        for reply in replies:
            check_guard(reply)
        assert await reader.read() == b""


async def test_a_database_that_is_busy_costs_nothing(world: World) -> None:
    """While another program holds the database a claim is told 503; afterwards it is as good as ever."""
    holder = await world.make()
    body = holder.claim()
    async with opened(world.settings, program="web", event_key=world.settings.event_key) as other:
        async with other.db.write():
            busy = await world.claim(holder, body)
            await world.parts.unfinished.all_done(wire.SECONDS)  # what was begun gives up a moment later
        assert (busy.status, busy.slug, busy.headers["retry-after"]) == (503, "unavailable", "1")
    assert (await world.claim(holder, body)).json()["sends_left"] == 2


async def test_what_broke_the_parser_is_not_kept(world: World) -> None:
    """
    A mebibyte that is no request is gone with its connection, and not only when Python next looks for circles.

    It looks seldom: a few hundred of these at once were as many hundred mebibytes, which nobody gave back.
    """
    gc.collect()
    gc.disable()
    try:
        for raw in (b"GET /" + b"a" * (1 << 20), b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * (1 << 20)):
            async with wire.connected(world.port) as (reader, writer):
                writer.write(raw)
                assert (await wire.read_reply(reader)).status == 400
        kept = [one for one in gc.get_objects() if isinstance(one, HttpProcessingError)]
        assert [error for error in kept if error.__traceback__ is not None] == []
    finally:
        gc.enable()


async def test_who_does_not_read_is_hung_up_on(
    installed: WebSettings, page: Assets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An answer that nobody takes does not hold its connection for ever."""
    monkeypatch.setattr(connections, "SEND_SECONDS", 0.1)
    monkeypatch.setattr(connections, "SLOWEST_BYTES_A_SECOND", 10**12)
    monkeypatch.setattr(serving, "_LIMITS", {**serving._LIMITS, "keepalive_timeout": 0.5})
    path, size = "/assets/large.bin", 32 * 1024 * 1024
    large = Assets(page.shell, page.shell_headers, {path: Asset(bytes(size), "application/octet-stream", {})})
    async for world in run_world(installed, large):
        async with wire.connected(world.port) as (reader, writer):
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            writer.write(wire.get(path))
            async with wire.connected(world.port) as (other, _):
                # A connection that says nothing is hung up on later than the one that does not read.
                assert await other.read() == b""
            writer.transport.resume_reading()  # type: ignore[attr-defined]
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await reader.readexactly(size)
