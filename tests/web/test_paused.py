"""What somebody with a link is told while its recipient's word holds the drop up, and what is judged before that."""

import secrets

import pytest

from store import endings, pausing
from store.formats import base64url
from store.formats.payload_v1 import Text
from store.words import Ask, Outcome
from tests.web.conftest import Holder, World


async def paused(world: World, holder: Holder) -> Holder:
    """The same drop after its recipient said that they did not expect it."""
    assert await pausing.pause(world.store, holder.link.id)
    return holder


async def test_the_door_says_paused_and_all_else_as_before(world: World) -> None:
    """200 with one other word, as often as it is asked; the sender's word brings the old one back."""
    holder = await world.make()
    assert (await world.claim(holder, holder.wrong())).status == 403
    before = (await world.door(holder)).json()
    assert before["state"] == "sealed"
    await paused(world, holder)
    for _ in range(2):
        door = await world.door(holder)
        assert (door.status, door.json()) == (200, before | {"state": "paused"})
    await pausing.resume(world.store, holder.link.id)
    assert (await world.door(holder)).json() == before


async def test_a_claim_on_a_paused_drop_is_told_so_and_pays_nothing(world: World) -> None:
    """423 `paused`, right or wrong, with nothing that tells the two apart; afterwards all tries are there."""
    holder = await paused(world, await world.make())
    replies = [await world.claim(holder, body) for body in (holder.wrong(), holder.claim(), holder.wrong())]
    for reply in replies:
        assert (reply.status, reply.slug) == (423, "paused")
        assert reply.json().keys() == {"type", "title", "status"}
        assert reply.steady_headers == replies[0].steady_headers
        assert "retry-after" not in reply.headers  # nobody knows when the sender will look
    assert len({reply.body for reply in replies}) == 1
    assert (await world.door(holder)).json()["tries_left"] == 5
    assert "drop.passphrase_failed" not in await world.events(holder)
    await pausing.resume(world.store, holder.link.id)
    opened = await world.claim(holder)
    assert opened.status == 200
    assert holder.open(base64url.decode(opened.json()["envelope"])) == Text("a secret that is given once")


async def test_a_stranger_does_not_learn_that_a_drop_is_paused(world: World) -> None:
    """A wrong proof gets the bytes that an unknown id gets, at the door and at the claim."""
    holder = await paused(world, await world.make())
    nobodys = f"/api/v1/drops/{base64url.encode(bytes(16))}"
    strange = {**holder.claim(), "link_proof": base64url.encode(secrets.token_bytes(32))}
    for route, said in (("claim", strange), ("door", {"link_proof": strange["link_proof"]})):
        replies = [await world.post(f"{path}/{route}", said) for path in (holder.path, nobodys)]
        assert [reply.status for reply in replies] == [404, 404]
        assert replies[0].body == replies[1].body
        assert replies[0].steady_headers == replies[1].steady_headers


@pytest.mark.parametrize("outcome", [Outcome.REVOKED, Outcome.EXPIRED])
async def test_a_dead_drop_is_dead_before_it_is_paused(world: World, outcome: Outcome) -> None:
    """410 comes before 423: waiting for the sender would be in vain."""
    holder = await paused(world, await world.make())
    if outcome is Outcome.REVOKED:
        await endings.revoke(world.store, holder.link.id)
    else:
        world.move_clock(3601)
    for reply in (await world.claim(holder), await world.door(holder)):
        assert (reply.status, reply.slug, reply.json()["state"]) == (410, "ended", outcome)


async def test_a_locked_drop_is_paused_before_it_is_locked(world: World) -> None:
    """More tries would not help before the sender's word; after it the drop is locked as it was."""
    holder = await paused(world, await world.make_locked())
    assert (await world.claim(holder)).slug == "paused"
    door = (await world.door(holder)).json()
    assert (door["state"], door["tries_left"]) == ("paused", 0)
    await pausing.resume(world.store, holder.link.id)
    assert (await world.claim(holder)).slug == "locked"
    assert (await world.door(holder)).json()["state"] == "locked"


async def test_a_paused_drop_is_paused_before_a_known_pair_the_schedule_and_the_key(world: World) -> None:
    """423 comes before the repeated 403, before 429 and before 503; each of them is there again afterwards."""
    holder = await world.make()
    bodies = [holder.wrong() for _ in range(3)]
    for body in bodies:
        assert (await world.claim(holder, body)).status == 403
    asked = (bodies[0], holder.claim())
    assert [(await world.claim(holder, body)).status for body in asked] == [403, 429]
    await paused(world, holder)
    assert [(await world.claim(holder, body)).slug for body in asked] == ["paused", "paused"]
    await pausing.resume(world.store, holder.link.id)
    assert [(await world.claim(holder, body)).status for body in asked] == [403, 429]
    world.move_clock(31)
    world.key_file(holder).rename(world.key_file(holder).with_suffix(".away"))
    assert (await world.claim(holder)).status == 503
    await paused(world, holder)
    assert (await world.claim(holder)).slug == "paused"


async def test_what_a_page_says_pauses_nothing(world: World) -> None:
    """not-me and ask are told to people; whoever holds the link cannot hold the drop up with them."""
    holder = await world.make()
    for _ in range(2):
        assert (await world.post(f"{holder.path}/not-me", holder.proof)).status == 202
        for what in Ask:
            assert (await world.post(f"{holder.path}/ask", {**holder.proof, "what": what})).status == 202
    assert (await world.door(holder)).json()["state"] == "sealed"
    assert (await world.claim(holder)).status == 200


async def test_a_paused_drop_can_still_be_denied_and_asked_about(world: World) -> None:
    """202 for both; they neither end the pause nor acknowledge anything."""
    holder = await paused(world, await world.make())
    assert (await world.post(f"{holder.path}/not-me", holder.proof)).status == 202
    assert (await world.post(f"{holder.path}/ask", {**holder.proof, "what": Ask.PASSPHRASE})).status == 202
    said = {**holder.proof, "claim": base64url.encode(secrets.token_bytes(32))}
    assert (await world.post(f"{holder.path}/acknowledge", said)).status == 404
    assert (await world.door(holder)).json()["state"] == "paused"
    assert world.key_file(holder).exists()
