"""From the door to the tombstone: what the five routes answer when all is as it should be."""

import re
import secrets

import pytest

from reveal_web.assets import Assets
from reveal_web.settings import WebSettings
from store import endings
from store.errors import KeyUnreadableError
from store.formats import base64url
from store.formats.payload_v1 import File, Text
from tests.web.conftest import World, run_world


async def test_a_drop_is_opened_once_and_is_gone(world: World) -> None:
    """Door, claim and acknowledge give one page the secret; afterwards neither key nor envelope is left."""
    holder = await world.make(Text("correct horse"), passphrase="staple")
    door = await world.door(holder)
    assert door.status == 200
    assert door.json() == {
        "state": "sealed",
        "header": holder.header,
        "hint": "the usual one",
        "tries_left": 5,
        "retry_after_seconds": 0,
    }

    body = holder.claim()
    claimed = await world.claim(holder, body)
    assert claimed.status == 200
    assert claimed.json().keys() == {"envelope", "sends_left", "seconds_left"}
    assert claimed.json()["sends_left"] == 2
    assert 0 < claimed.json()["seconds_left"] <= 60
    assert holder.open(base64url.decode(claimed.json()["envelope"])) == Text("correct horse")

    said = {"link_proof": body["link_proof"], "claim": body["claim"]}
    first = await world.post(f"{holder.path}/acknowledge", said)
    again = await world.post(f"{holder.path}/acknowledge", said)
    assert first.status == 200
    assert first.body == again.body
    assert first.json().keys() == {"state", "receipt"}
    assert re.fullmatch(r"http://localhost:8080/receipts/[0-9a-f]{32}", first.json()["receipt"])
    assert not world.key_file(holder).exists()
    assert await world.events(holder) == [
        "drop.created",
        "drop.delivered",
        "drop.door_opened",
        "drop.claimed",
        "drop.acknowledged",
        "drop.destroyed",
        "drop.receipt",
    ]


async def test_the_claim_that_won_may_ask_again_three_times_in_all(world: World) -> None:
    """A lost answer loses nothing: the same claim gets the same envelope, three sends in all, then 410."""
    holder = await world.make()
    body = holder.claim()
    replies = [await world.claim(holder, body) for _ in range(4)]
    assert [reply.status for reply in replies] == [200, 200, 200, 410]
    assert [reply.json()["sends_left"] for reply in replies[:3]] == [2, 1, 0]
    assert len({reply.json()["envelope"] for reply in replies[:3]}) == 1


async def test_the_claim_that_won_on_the_third_guess_may_ask_again_at_once(world: World) -> None:
    """The wait after a third refusal is for guessers; it does not hold up the page that guessed right."""
    holder = await world.make()
    for _ in range(2):
        assert (await world.claim(holder, holder.wrong())).status == 403
    body = holder.claim()
    assert [(await world.claim(holder, body)).status for _ in range(2)] == [200, 200]


async def test_another_claim_finds_nothing(world: World) -> None:
    """Whoever comes second, with the right passphrase too, gets 410 and leaves an event."""
    holder = await world.make()
    assert (await world.claim(holder)).status == 200
    second = await world.claim(holder)
    assert (second.status, second.slug) == (410, "ended")
    assert second.json()["state"] == "released"
    assert "envelope" not in second.json()
    assert "drop.second_consumer" in await world.events(holder)


async def test_after_a_minute_nobody_has_it_any_more(world: World) -> None:
    """The claim's time ends without a sweeper: the next request finishes it, and the key is gone."""
    holder = await world.make()
    body = holder.claim()
    assert (await world.claim(holder, body)).status == 200
    world.move_clock(61)
    late = await world.claim(holder, body)
    assert (late.status, late.json()["state"]) == (410, "released")
    assert not world.key_file(holder).exists()


async def test_a_large_envelope_travels_as_bytes(world: World) -> None:
    """Over 64 KiB the envelope is the body itself, and what is left of the claim stands in headers."""
    content = File("dump.sql", "text/plain", secrets.token_bytes(70_000))
    holder = await world.make(content)
    reply = await world.claim(holder)
    assert reply.headers["content-type"] == "application/octet-stream"
    assert reply.headers["sends-left"] == "2"
    assert 0 < int(reply.headers["seconds-left"]) <= 61
    assert holder.open(reply.body) == content


async def test_a_holder_is_told_how_it_ended(world: World) -> None:
    """410 carries the outcome and the time in Unix seconds, at the door and at the claim."""
    holder = await world.make()
    await endings.revoke(world.store, holder.link.id)
    for reply in (await world.door(holder), await world.claim(holder)):
        assert (reply.status, reply.slug, reply.json()["state"]) == (410, "ended", "revoked")
        assert abs(reply.json()["at"] - world.store.clock.now_seconds()) < 60


async def test_acknowledging_needs_the_claim_that_won(world: World) -> None:
    """A wrong claim, and a drop that nobody claimed, get the same 404 as a drop that never was."""
    holder = await world.make()
    said = {**holder.proof, "claim": base64url.encode(secrets.token_bytes(32))}
    unclaimed = await world.post(f"{holder.path}/acknowledge", said)
    assert (await world.claim(holder)).status == 200
    wrong = await world.post(f"{holder.path}/acknowledge", said)
    unknown = await world.post(f"/api/v1/drops/{base64url.encode(bytes(16))}/acknowledge", said)
    assert unclaimed.status == 404
    assert unclaimed.body == wrong.body == unknown.body
    assert world.key_file(holder).exists()


async def test_a_holder_can_say_that_it_was_not_them_and_ask_for_another(world: World) -> None:
    """not-me and ask answer 202 as often as one likes, on a dead drop too, and are recorded once an hour."""
    holder = await world.make()
    await endings.revoke(world.store, holder.link.id)
    for _ in range(3):
        for route, said in (("not-me", {}), ("ask", {"what": "again"}), ("ask", {"what": "tries"})):
            reply = await world.post(f"{holder.path}/{route}", {**holder.proof, **said})
            assert (reply.status, reply.body) == (202, b"{}")
    events = await world.events(holder)
    assert events.count("drop.not_me") == 1
    assert events.count("drop.asked") == 2


async def test_in_the_strict_mode_a_claim_is_sent_once(installed: WebSettings, page: Assets) -> None:
    """With REDELIVERY_SECONDS=0 the key is gone with the first answer; the page may still say that it decrypted."""
    async for world in run_world(installed.model_copy(update={"redelivery_seconds": 0}), page):
        holder = await world.make()
        body = holder.claim()
        first = await world.claim(holder, body)
        assert (first.json()["sends_left"], first.json()["seconds_left"]) == (0, 0)
        assert world.key_file(holder).read_bytes() == bytes(32)
        again = await world.claim(holder, body)
        assert (again.status, again.json()["state"]) == (410, "released")
        said = {"link_proof": body["link_proof"], "claim": body["claim"]}
        assert (await world.post(f"{holder.path}/acknowledge", said)).status == 200


async def test_a_key_that_cannot_be_erased_sends_nothing(
    installed: WebSettings, page: Assets, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the strict mode, behind the commit: it has ended, nobody else got it, and nothing says that it is not lost."""
    async for world in run_world(installed.model_copy(update={"redelivery_seconds": 0}), page):
        holder = await world.make()
        body = holder.claim()

        def unwritable(_: bytes) -> None:
            raise KeyUnreadableError("the keyring cannot be written")

        with monkeypatch.context() as broken:
            broken.setattr(world.store.keyring, "erase", unwritable)
            reply = await world.claim(holder, body)
        assert (reply.status, reply.slug) == (410, "ended")
        assert (reply.json()["state"], reply.json()["at"]) == ("released", None)
        assert (await world.claim(holder, body)).status == 410
        assert (await world.events(holder))[-1] == "drop.claimed"
