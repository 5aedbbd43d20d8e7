"""What somebody with a link is told while its recipient has not pressed Open in Slack, and what that costs them."""

import json
import secrets

import pytest

from store import endings, pausing, recipient_verification
from store.formats import base64url
from store.formats.payload_v1 import Text
from store.words import Event, Verify
from tests.web import wire
from tests.web.conftest import Holder, World


async def asked_for(world: World, **fields: object) -> Holder:
    """A drop that wants a press before its claim."""
    return await world.make(verify=Verify.SLACK, **fields)  # type: ignore[arg-type]


async def pressed(world: World, holder: Holder) -> None:
    """Its recipient presses Open in Slack."""
    assert await recipient_verification.verify(world.store, holder.link.id) is not None


async def test_a_claim_before_a_press_opens_nothing_and_pays_nothing(world: World) -> None:
    """403 `verification-required`, right or wrong, with nothing that tells the two apart; all tries are left."""
    holder = await asked_for(world)
    door = await world.door(holder)
    assert (door.status, door.json()["state"]) == (200, "sealed")
    replies = [await world.claim(holder, body) for body in (holder.claim(), holder.wrong(), holder.claim())]
    for reply in replies:
        assert (reply.status, reply.slug) == (403, "verification-required")
        assert reply.json().keys() == {"type", "title", "status"}
        assert reply.steady_headers == replies[0].steady_headers
    assert len({reply.body for reply in replies}) == 1
    assert (await world.door(holder)).json()["tries_left"] == 5
    assert Event.PASSPHRASE_FAILED not in await world.events(holder)
    assert world.key_file(holder).exists()


async def test_a_press_opens_for_ten_minutes(world: World) -> None:
    """After them a right claim is refused as before the press, and another press opens again."""
    holder = await asked_for(world)
    await pressed(world, holder)
    world.move_clock(recipient_verification.VERIFIED_MS / 1000)
    assert (await world.claim(holder)).slug == "verification-required"
    await pressed(world, holder)
    world.move_clock(590)
    opened = await world.claim(holder)
    assert opened.status == 200
    assert holder.open(base64url.decode(opened.json()["envelope"])) == Text("a secret that is given once")


async def test_a_claim_that_won_is_repeated_after_the_ten_minutes(world: World) -> None:
    """A lost answer loses nothing: whoever was let in is not sent back to Slack."""
    holder = await asked_for(world)
    await pressed(world, holder)
    world.move_clock(599)
    body = holder.claim()
    assert (await world.claim(holder, body)).status == 200
    world.move_clock(5)
    assert (await world.claim(holder, body)).status == 200
    assert (await world.claim(holder)).slug == "ended"


async def test_what_is_judged_before_it(world: World) -> None:
    """404, 410 and 423 come first: a press in Slack would be in vain; the wait and the key come after it."""
    strange = {"link_proof": base64url.encode(secrets.token_bytes(32))}
    holder = await asked_for(world)
    assert (await world.claim(holder, {**holder.claim(), **strange})).status == 404
    await pausing.pause(world.store, holder.link.id)
    assert (await world.claim(holder)).slug == "paused"
    await pausing.resume(world.store, holder.link.id)
    world.key_file(holder).rename(world.key_file(holder).with_suffix(".away"))
    assert (await world.claim(holder)).slug == "verification-required"
    world.key_file(holder).with_suffix(".away").rename(world.key_file(holder))
    await endings.revoke(world.store, holder.link.id)
    assert (await world.claim(holder)).slug == "ended"


async def test_a_receipt_says_who_verified(world: World) -> None:
    """From the press to the signed words: `recipient_verification: slack`, and none where nobody was asked."""
    said = []
    for verify in Verify:
        holder = await world.make(verify=verify)
        if verify is Verify.SLACK:
            await pressed(world, holder)
        body = holder.claim()
        await world.claim(holder, body)
        ended = await world.post(f"{holder.path}/acknowledge", {name: body[name] for name in ("link_proof", "claim")})
        rid = ended.json()["receipt"].rpartition("/")[2]
        signed = (await world.ask(wire.get(f"/receipts/{rid}.jws"))).body.decode()
        said.append(json.loads(base64url.decode(signed.split(".")[1]))["access"]["recipient_verification"])
    assert said == ["none", "slack"]


@pytest.mark.parametrize("variable", ["STRIPE_API_KEY", None])
async def test_the_door_names_the_variable_where_there_is_one(world: World, variable: str | None) -> None:
    """A drop whose template names none has no such member, so that clients of before see what they know."""
    holder = await world.make(variable=variable)
    said = (await world.door(holder)).json()
    assert said.get("variable") == variable
    assert ("variable" in said) is (variable is not None)
