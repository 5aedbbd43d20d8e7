"""Somebody with forty addresses, a stopwatch, or words for our log: no more guesses, no ids, and no lines."""

import json
from ipaddress import ip_network

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from reveal_web.assets import Assets
from reveal_web.settings import WebSettings
from store.formats import base64url, stored_v1
from tests.log_stream import log_stream
from tests.web import wire
from tests.web.conftest import World, run_world

ADDRESSES = 40
CANARY = "kanarienvogel"


async def test_many_addresses_have_the_guesses_of_one(installed: WebSettings, page: Assets) -> None:
    """Each guess from another one, by a front that is trusted: three are compared, and the drop opens in its time."""
    behind = installed.model_copy(update={"trusted_proxies": (ip_network("127.0.0.0/8"),)})
    async for world in run_world(behind, page):
        holder = await world.make()
        found: list[int] = []
        async with wire.connected(world.port) as (reader, writer):
            for number in range(ADDRESSES):
                address = f"198.18.{number}.1"
                writer.write(wire.post(f"{holder.path}/claim", holder.wrong(), X_Forwarded_For=address))
                found.append((await wire.read_reply(reader)).status)
        assert (found.count(403), found.count(429)) == (3, ADDRESSES - 3)
        assert await world.events(holder) == ["drop.created", "drop.delivered", *["drop.passphrase_failed"] * 3]
        world.move_clock(31)
        assert (await world.claim(holder, X_Forwarded_For="198.51.100.7")).status == 200


async def test_a_stopwatch_finds_no_ids(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """For an unknown id, one that is none and a wrong link the same work is done: no time is measured here."""
    holder, work = await world.make(), list[str]()
    verifier = stored_v1.link_proof_verifier

    def counted(*given: bytes) -> bytes:
        work.append("proof")
        return verifier(*given)

    def asked(*given: object) -> None:
        work.append(str(given[2]))

    monkeypatch.setattr(stored_v1, "link_proof_verifier", counted)
    event.listen(Engine, "before_cursor_execute", asked)
    try:
        done = []
        for act in ("door", "claim", "acknowledge", "not-me"):
            for path in (holder.link.id_text, base64url.encode(bytes(16)), "A" * 21 + "B", CANARY):
                work.clear()
                body = holder.claim() | {"link_proof": base64url.encode(bytes(32))}
                names = {"claim": 3, "acknowledge": 2}.get(act, 1)
                said = {name: body[name] for name in ("link_proof", "claim", "auth_token")[:names]}
                reply = await world.post(f"/api/v1/drops/{path}/{act}", said)
                done.append((act, reply.status, reply.body, reply.steady_headers, tuple(work)))
    finally:
        event.remove(Engine, "before_cursor_execute", asked)
    assert {status for _, status, *_ in done} == {404}
    for act in {act for act, *_ in done}:
        assert len({repr(rest) for name, *rest in done if name == act}) == 1
    assert all("proof" in work for *_, work in done)


async def test_nobody_writes_into_the_log(world: World) -> None:
    """No path, method, header or body of theirs, also where the parser broke: one line a request, of our words."""
    stream = log_stream()
    forged = f"{CANARY}%0a%1b[2J"
    requests = [
        wire.get(f"/s/{forged}"),
        wire.get("/s/AAAAAAAAAAAAAAAAAAAAAA", method=CANARY.upper()),
        wire.get("/healthz", User_Agent=f"{CANARY}\x1b[2J", Referer=CANARY),
        wire.post(f"/api/v1/drops/{CANARY}/door", {"link_proof": f"{CANARY}\n"}),
        f"GET /{CANARY} HTTP/9.9\r\n{CANARY}: \x00\r\n\r\n".encode(),
    ]
    for raw in requests:
        await world.ask(raw)
    lines = stream.getvalue().splitlines()
    assert [json.loads(line)["event"] for line in lines].count("answered") == len(requests)
    assert CANARY not in stream.getvalue().lower()
