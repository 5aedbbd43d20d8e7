"""Large envelopes on their way out: so many at once, and whoever is told to come back has lost nothing."""

import asyncio
import gc
import re
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from typing import Any

import pytest
from aiohttp import web

from reveal_web.reader import unfinished
from reveal_web.reader.connections import Connection
from store import large, payments
from store.counts import WON
from store.drops import find
from store.formats.payload_v1 import File
from store.large import LARGE_BYTES, MOST_LARGE
from store.prepared import Prepared
from tests.web import wire
from tests.web.conftest import Holder, World

LARGE = File("dump.bin", "application/octet-stream", bytes(LARGE_BYTES))


async def until(is_so: Callable[[], bool]) -> None:
    """Wait for something that the server does."""
    async with asyncio.timeout(wire.SECONDS):
        while not is_so():  # noqa: ASYNC110 - the server's act
            await asyncio.sleep(0.01)


@pytest.fixture
def sending(monkeypatch: pytest.MonkeyPatch) -> asyncio.Event:
    """Large answers leave when this is set, as to readers who do not read until then."""
    may_leave = asyncio.Event()
    finish = Connection.finish_response

    async def held_up(connection: Connection, request: web.BaseRequest, answer: Any, start: float | None) -> Any:
        if (answer.content_length or 0) > LARGE_BYTES:
            await may_leave.wait()
        return await finish(connection, request, answer, start)

    monkeypatch.setattr(Connection, "finish_response", held_up)
    return may_leave


async def test_large_envelopes_are_eight_at_a_time(world: World, sending: asyncio.Event) -> None:
    """The ninth is told to wait and finds everything as it was; a small one is not; nobody gets less than the whole."""
    holders = [await world.make(LARGE) for _ in range(MOST_LARGE + 1)]
    small, ninth = await world.make(), holders.pop()
    underway = world.store.large
    async with AsyncExitStack() as open_ones:
        readers = []
        for holder in holders:
            reader, writer = await open_ones.enter_async_context(wire.connected(world.port))
            writer.write(wire.post(f"{holder.path}/claim", holder.claim()))
            readers.append(reader)
        await until(lambda: underway.underway == MOST_LARGE)
        # They are in memory before they are claimed, and until then the database is not as it will stay.
        await until(lambda: world.store.counts.claims[WON] == MOST_LARGE)
        await world.door(ninth)
        before, body = await world.fingerprint(), ninth.claim()
        for claim in (body, ninth.wrong()):
            reply = await world.claim(ninth, claim)
            assert (reply.status, reply.slug, reply.headers["retry-after"]) == (503, "unavailable", "1")
        assert await world.fingerprint() == before
        assert (await world.door(ninth)).json()["tries_left"] == 5
        assert (await world.claim(small)).status == 200
        sending.set()
        for holder, reader in zip(holders, readers, strict=True):
            reply = await wire.read_reply(reader)
            assert reply.status == 200
            assert holder.open(reply.body) == LARGE
    await until(lambda: underway.underway == 0)
    reply = await world.claim(ninth, body)
    assert (reply.status, ninth.open(reply.body)) == (200, LARGE)


async def test_a_wrong_passphrase_takes_no_room(world: World) -> None:
    """However often; and the claim that asks again takes it anew."""
    holders = [await world.make(LARGE) for _ in range(MOST_LARGE + 1)]
    assert [(await world.claim(one, one.wrong())).status for one in holders] == [403] * len(holders)
    assert world.store.large.underway == 0
    body = holders[0].claim()
    assert [(await world.claim(holders[0], body)).status for _ in range(4)] == [200, 200, 200, 410]
    await until(lambda: world.store.large.underway == 0)


async def test_room_is_taken_until_the_claim_is_over(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that hangs: the request is answered, and what it asked for is still in memory; then it is not."""
    hangs, pay = asyncio.Event(), payments.pay

    async def slow(*given: Any) -> Any:
        await hangs.wait()
        return await pay(*given)

    monkeypatch.setattr(payments, "pay", slow)
    monkeypatch.setattr(unfinished, "ANSWER_SECONDS", 0.05)
    holders = [await world.make(LARGE) for _ in range(MOST_LARGE + 1)]
    bodies: list[tuple[Holder, dict[str, str]]] = [(one, one.claim()) for one in holders]
    for one, body in bodies:
        assert (await world.claim(one, body)).status == 503
    assert world.store.large.underway == MOST_LARGE
    monkeypatch.setattr(unfinished, "ANSWER_SECONDS", wire.SECONDS)
    hangs.set()
    await until(lambda: world.store.large.underway == 0)
    for one, body in bodies:
        reply = await world.claim(one, body)
        assert (reply.status, one.open(reply.body)) == (200, LARGE)
        await until(lambda: world.store.large.underway == 0)


async def test_a_door_that_is_looked_at_reads_no_envelope(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither right nor wrong: whoever knows an id could otherwise fill the memory with looking."""
    holder = await world.make(LARGE)
    read: list[str] = []
    arguments = Prepared.arguments

    def note(prepared: Prepared, given: Mapping[str, object]) -> list[object]:
        read.append(prepared.text)
        return arguments(prepared, given)

    monkeypatch.setattr(Prepared, "arguments", note)
    assert (await world.door(holder)).status == 200
    assert (await world.post(f"{holder.path}/door", {"link_proof": "A" * 43})).status == 404
    looked = [statement for statement in read if "FROM drops" in statement]
    assert looked
    assert not [statement for statement in looked if re.search(r"drops\.envelope\b", statement)]


async def test_a_reader_who_hangs_up_gives_the_room_back(world: World, sending: asyncio.Event) -> None:
    """At once: the error keeps what was sent in memory, until somebody collects what refers to itself."""
    holder = await world.make(File("dump.bin", "application/octet-stream", bytes(8 * 1024 * 1024)))
    underway = world.store.large
    gc.disable()
    try:
        async with wire.connected(world.port) as (_, writer):
            writer.write(wire.post(f"{holder.path}/claim", holder.claim()))
            await until(lambda: underway.underway == 1)
            sending.set()
            await asyncio.sleep(0.1)
            writer.transport.abort()
        await until(lambda: underway.underway == 0)
    finally:
        gc.enable()


async def test_a_reader_who_has_it_all_gives_the_room_back(world: World) -> None:
    """Also while the connection is kept for another request, and the answer with it."""
    holder = await world.make(LARGE)
    async with wire.connected(world.port) as (reader, writer):
        writer.write(wire.post(f"{holder.path}/claim", holder.claim()))
        assert (await wire.read_reply(reader)).status == 200
        async with asyncio.timeout(3):
            await until(lambda: world.store.large.underway == 0)


async def test_a_claim_that_was_won_has_places_of_its_own(
    world: World, sending: asyncio.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answer was lost, and slow readers hold every place: it comes in all the same; so many at once do."""
    monkeypatch.setattr(large, "MOST_LARGE", 1)
    monkeypatch.setattr(large, "MOST_AGAIN", 1)
    slow, won, other, new = [await world.make(LARGE) for _ in range(4)]
    first, second = won.claim(), other.claim()
    sending.set()
    for holder, body in ((won, first), (other, second)):
        assert (await world.claim(holder, body)).status == 200
        await until(lambda: world.store.large.underway == 0)
    sending.clear()
    async with AsyncExitStack() as open_ones:
        readers = []
        for holder, body in ((slow, slow.claim()), (won, first)):
            reader, writer = await open_ones.enter_async_context(wire.connected(world.port))
            writer.write(wire.post(f"{holder.path}/claim", body))
            readers.append(reader)
            await until(lambda: world.store.large.underway == len(readers))
        for holder, body, stands in ((other, second, (1, 1)), (new, new.claim(), (0, 0))):
            assert (await world.claim(holder, body)).status == 503
            drop = await find(world.store, holder.link.id)
            assert drop is not None
            assert (drop.guesses, drop.sends) == stands
        sending.set()
        for holder, reader in zip((slow, won), readers, strict=True):
            reply = await wire.read_reply(reader)
            assert (reply.status, holder.open(reply.body)) == (200, LARGE)
    await until(lambda: world.store.large.underway == 0)
    for holder, body in ((other, second), (new, new.claim())):
        reply = await world.claim(holder, body)
        assert (reply.status, holder.open(reply.body)) == (200, LARGE)


async def test_a_claim_without_sends_reads_no_envelope(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """It would take a place that another winner needs, as often as it asks."""
    holder = await world.make(LARGE)
    body = holder.claim()
    assert [(await world.claim(holder, body)).status for _ in range(3)] == [200] * 3
    await until(lambda: world.store.large.underway == 0)
    monkeypatch.setattr(large, "MOST_LARGE", 0)
    monkeypatch.setattr(large, "MOST_AGAIN", 0)
    assert (await world.claim(holder, body)).status == 410
