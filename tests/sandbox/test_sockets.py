"""Socket Mode: one envelope one socket, three seconds, redelivery, lost connections."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from sandbox import envelopes
from sandbox.fixtures import GENERAL, MAYA
from sandbox.running import Sandbox
from tests.sandbox.breaking import breaks
from tests.sandbox.conftest import bolt, connected
from tests.sandbox.rawsocket import raw_socket

ONE = "envelopes: exactly one open socket"
IN_TIME = "envelopes: acknowledged within three seconds"
AGAIN = "envelopes: unacknowledged ones are sent again, with retry_attempt and retry_reason"


@breaks(ONE)
async def test_each_envelope_goes_to_exactly_one_socket(sandbox: Sandbox) -> None:
    """With two sockets open, each of two commands arrives on one of them and on no other."""
    async with raw_socket(sandbox) as one, raw_socket(sandbox) as two:
        for _ in range(2):
            command = asyncio.create_task(sandbox.type(MAYA, GENERAL, "/sendsecret"))
            readers = {asyncio.create_task(socket.next()): socket for socket in (one, two)}
            done, pending = await asyncio.wait(readers, return_when=asyncio.FIRST_COMPLETED)
            assert len(done) == 1
            for reader in done:
                await readers[reader].ack(reader.result())
            for reader in pending:
                reader.cancel()
            assert await command == {"outcome": "acked"}
        assert [len(e["sent_to"]) for e in sandbox.envelopes()] == [1, 1]
    with pytest.raises(RuntimeError, match="exactly one socket"):
        envelopes.ONE_SOCKET.keep([1, 2])


@breaks(IN_TIME)
async def test_no_acknowledgement_in_time_is_an_operation_timeout(sandbox: Sandbox) -> None:
    """The person sees operation_timeout; acknowledging later changes nothing but is noted."""
    sandbox.set("ack_seconds", 0.05)
    async with raw_socket(sandbox) as socket:
        assert await sandbox.type(MAYA, GENERAL, "/sendsecret") == {"outcome": "operation_timeout"}
        (shown,) = sandbox.ephemerals(MAYA)
        assert shown["text"] == '/sendsecret failed with the error "operation_timeout".'
        await socket.ack(await socket.next(), {"text": "too late"})
        await sandbox.workspace.changes.until(lambda: sandbox.envelopes()[0]["late"] or None, 10)
        assert sandbox.envelopes()[0]["late"]
        assert len(sandbox.ephemerals(MAYA)) == 1


async def test_nobody_there_is_a_dispatch_failure(sandbox: Sandbox) -> None:
    """Without any open socket the person is told that the app cannot be reached."""
    sandbox.set("ack_seconds", 0.05)
    assert await sandbox.type(MAYA, GENERAL, "/sendsecret") == {"outcome": "dispatch_failed"}
    assert sandbox.complaints(MAYA)[0]["error"] == "dispatch_failed"


@breaks(AGAIN)
async def test_what_a_lost_socket_took_along_comes_again(sandbox: Sandbox) -> None:
    """The socket closes before the acknowledgement: the same envelope arrives on the next one, as a retry."""
    sandbox.set("ack_seconds", 10)
    async with raw_socket(sandbox) as first:
        command = asyncio.create_task(sandbox.type(MAYA, GENERAL, "/sendsecret"))
        lost = await first.next()
        await first.ws.close()
    async with raw_socket(sandbox) as second:
        again = await second.next()
        assert (again["envelope_id"], again["retry_attempt"]) == (lost["envelope_id"], 1)
        assert again["retry_reason"] == "socket_closed"
        await second.ack(again)
        assert await command == {"outcome": "acked"}
    with pytest.raises(RuntimeError, match="names its reason"):
        envelopes.AGAIN.keep({"retry_attempt": 1, "retry_reason": ""})


async def test_an_event_is_sent_again_until_acknowledged(sandbox: Sandbox) -> None:
    """The same event_id, attempts counted, a reason named, and an end once somebody acknowledges."""
    sandbox.workspace.app.ack_seconds = 0.05
    sandbox.workspace.app.retry_delays = (0.0, 0.0, 0.0)
    async with raw_socket(sandbox) as socket:
        await sandbox.open_home(MAYA)
        seen = [await socket.next() for _ in range(3)]
        sandbox.workspace.app.ack_seconds = 10
        await socket.ack(seen[-1])
    assert [e["retry_attempt"] for e in seen] == [0, 1, 2]
    assert [e["retry_reason"] for e in seen] == ["", "timeout", "timeout"]
    assert len({e["payload"]["event_id"] for e in seen}) == 1


async def test_any_envelope_can_be_delivered_twice(sandbox: Sandbox) -> None:
    """`redeliver` sends the same payload in another envelope, as after a lost acknowledgement."""
    async with raw_socket(sandbox) as socket:
        command = asyncio.create_task(sandbox.type(MAYA, GENERAL, "/sendsecret"))
        first = await socket.next()
        await socket.ack(first)
        await command
        second_time = asyncio.create_task(sandbox.redeliver(kind="slash_commands"))
        second = await socket.next()
        await socket.ack(second)
        assert await second_time == {"outcome": "acked"}
        assert second["payload"] == first["payload"]
        assert second["envelope_id"] != first["envelope_id"]


async def test_an_address_of_a_socket_works_once(sandbox: Sandbox) -> None:
    """The same ticket a second time, and an invented one, are refused."""
    async with raw_socket(sandbox) as socket:
        used = str(socket.ws.get_extra_info("peername"))
        assert used
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(f"{sandbox.url}/link/?ticket=invented")


@pytest.mark.parametrize("politely", [True, False])
async def test_bolt_comes_back_after_a_disconnect(sandbox: Sandbox, politely: bool) -> None:
    """Slack's `disconnect` message and a cut connection both end in a new socket, and work goes on."""
    app = bolt(sandbox)

    @app.command("/sendsecret")
    async def asked(ack: object) -> None:
        await ack("here")  # type: ignore[operator]

    async with connected(sandbox, app, ping_interval=0.5):
        before = sandbox.workspace.envelopes.sockets[0].number
        await sandbox.disconnect(politely)
        await sandbox.workspace.changes.until(
            lambda: any(s.number > before for s in sandbox.workspace.envelopes.sockets) or None, 15
        )
        assert await sandbox.type(MAYA, GENERAL, "/sendsecret") == {"outcome": "acked"}
        assert sandbox.ephemerals(MAYA)[-1]["text"] == "here"
