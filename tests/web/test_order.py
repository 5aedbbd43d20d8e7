"""What is judged first: each refusal is shown to win over everything that is judged after it."""

import base64
import secrets
from collections.abc import Callable

import pytest

from store.formats import base64url
from tests.web import wire
from tests.web.conftest import World

ROUTES = ("door", "claim", "acknowledge", "not-me", "ask")
NOBODYS = base64url.encode(bytes(16))
JSON = {"Content_Type": "application/json"}


def said(route: str) -> dict[str, str]:
    """A well-formed body for a route that proves nothing."""
    proof = base64url.encode(bytes(32))
    more = {
        "claim": {"auth_token": proof, "claim": proof},
        "acknowledge": {"claim": proof},
        "ask": {"what": "again"},
    }
    return {"link_proof": proof, **more.get(route, {})}


@pytest.mark.parametrize("route", ROUTES)
async def test_origin_type_size_shape_and_proof_are_judged_in_this_order(world: World, route: str) -> None:
    """403, 415, 413, 400 and 404: a request with all faults is told the first, and so on down."""
    path = f"/api/v1/drops/{NOBODYS}/{route}"
    huge = b"[" * 5000
    asked = [
        await world.post(path, huge, Origin="https://elsewhere.example", Content_Type="text/plain"),
        await world.post(path, huge, Content_Type="text/plain"),
        await world.post(path, huge),
        await world.post(path, b"["),
        await world.post(path, said(route)),
    ]
    assert [(reply.status, reply.slug) for reply in asked] == [
        (403, "wrong-origin"),
        (415, "unsupported-type"),
        (413, "too-large"),
        (400, "malformed"),
        (404, "not-found"),
    ]


async def test_a_wrong_proof_wins_over_the_state(world: World) -> None:
    """A stranger with the id of a dead drop learns nothing; its holder learns the end."""
    holder = await world.make()
    assert (await world.claim(holder)).status == 200
    strange = {**holder.claim(), "link_proof": base64url.encode(secrets.token_bytes(32))}
    assert (await world.claim(holder, strange)).status == 404
    assert (await world.claim(holder)).status == 410


async def test_unknown_ids_and_wrong_proofs_get_the_same_bytes(world: World) -> None:
    """Unknown id, wrong proof and an id that cannot be one are told apart by nothing in the answer."""
    holder = await world.make()
    for route in ROUTES:
        ids = (holder.link.id_text, NOBODYS, "AAAA", "%00", "A" * 21 + "B")
        replies = [await world.post(f"/api/v1/drops/{one}/{route}", said(route)) for one in ids]
        assert {reply.status for reply in replies} == {404}
        assert len({reply.body for reply in replies}) == 1
        assert all(reply.steady_headers == replies[0].steady_headers for reply in replies)
        world.forget_wrong_links()


async def test_a_dead_drop_is_dead_before_it_is_too_soon(world: World) -> None:
    """After three refusals and the end of its time a drop answers 410, not 429."""
    holder = await world.make()
    for _ in range(3):
        assert (await world.claim(holder, holder.wrong())).status == 403
    assert (await world.claim(holder)).status == 429
    world.move_clock(3601)
    ended = await world.claim(holder)
    assert (ended.status, ended.json()["state"]) == (410, "expired")


async def test_a_locked_drop_is_locked_before_its_key_is_asked_for(world: World) -> None:
    """423 comes before 503: no key is needed to say that no guess is left."""
    holder = await world.make_locked()
    world.key_file(holder).rename(world.key_file(holder).with_suffix(".away"))
    assert (await world.claim(holder)).status == 423


async def test_a_refused_pair_is_known_before_it_is_too_soon(world: World) -> None:
    """Repeating the very pair that was refused gives the same 403 and costs nothing, even while others must wait."""
    holder = await world.make()
    for _ in range(2):
        assert (await world.claim(holder, holder.wrong())).status == 403
    third = holder.wrong()
    first = await world.claim(holder, third)
    assert first.json()["tries_left"] == 2
    assert first.json()["retry_after_seconds"] == 30
    again = await world.claim(holder, third)
    assert (again.status, again.json()["tries_left"]) == (403, 2)
    assert (await world.claim(holder, holder.wrong())).status == 429
    assert (await world.door(holder)).json()["tries_left"] == 2


async def test_too_soon_is_told_before_the_key_is_read(world: World) -> None:
    """429 comes before 503."""
    holder = await world.make()
    for _ in range(3):
        await world.claim(holder, holder.wrong())
    key = world.key_file(holder)
    key.rename(key.with_suffix(".away"))
    assert (await world.claim(holder)).status == 429
    world.move_clock(31)
    assert (await world.claim(holder)).status == 503


async def test_an_absent_key_costs_no_guess(world: World) -> None:
    """503, right or wrong, as often as one asks; with the folder back the drop opens with all its tries."""
    holder = await world.make()
    key, away = world.key_file(holder), world.key_file(holder).with_suffix(".away")
    key.rename(away)
    for body in (holder.wrong(), holder.claim(), holder.wrong(), holder.wrong()):
        reply = await world.claim(holder, body)
        assert (reply.status, reply.slug) == (503, "key-unreadable")
        assert int(reply.headers["retry-after"]) > 0
    assert (await world.door(holder)).json()["tries_left"] == 5
    away.rename(key)
    assert (await world.claim(holder)).status == 200


async def test_an_erased_key_ends_the_drop_as_lost(world: World) -> None:
    """A key of zeros can open nothing any more: 410 lost, and no guess was paid."""
    holder = await world.make()
    world.key_file(holder).write_bytes(bytes(32))
    reply = await world.claim(holder)
    assert (reply.status, reply.json()["state"]) == (410, "lost")
    assert "drop.passphrase_failed" not in await world.events(holder)


async def test_the_schedule_of_guesses(world: World) -> None:
    """Three at once, the fourth after 30 s, the fifth after 5 min, whose refusal locks; waiting is never paid for."""
    holder = await world.make()
    told = [(await world.claim(holder, holder.wrong())).json() for _ in range(3)]
    assert [one["tries_left"] for one in told] == [4, 3, 2]
    assert [one["retry_after_seconds"] for one in told] == [0, 0, 30]

    soon = await world.claim(holder, holder.wrong())
    assert (soon.status, soon.slug) == (429, "too-soon")
    assert 0 < int(soon.headers["retry-after"]) == soon.json()["retry_after_seconds"] <= 30
    world.move_clock(31)
    fourth = await world.claim(holder, holder.wrong())
    assert (fourth.status, fourth.json()["tries_left"], fourth.json()["retry_after_seconds"]) == (403, 1, 300)
    world.move_clock(200)
    assert (await world.claim(holder, holder.wrong())).status == 429
    world.move_clock(101)
    for body in (holder.wrong(), holder.claim()):
        reply = await world.claim(holder, body)
        assert (reply.status, reply.slug) == (423, "locked")
    door = await world.door(holder)
    assert (door.status, door.json()["state"], door.json()["tries_left"]) == (200, "locked", 0)


async def test_a_drop_that_ends_when_locked_says_so(world: World) -> None:
    """With on_lock: destroy the fifth refusal destroys, and the holder is told why."""
    holder = await world.make_locked(on_lock="destroy")
    after = await world.claim(holder)
    assert (after.status, after.json()["state"]) == (410, "locked_out")
    assert not world.key_file(holder).exists()


def _not_canonical(text: str) -> str:
    raw = base64.urlsafe_b64decode(text + "=")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = text[:-1] + alphabet[alphabet.index(text[-1]) + 1]
    assert base64.urlsafe_b64decode(other + "=") == raw
    return other


@pytest.mark.parametrize(
    "spoil",
    [lambda text: text + "=", lambda text: text[:-1], lambda text: text + "A", _not_canonical, lambda text: f" {text}"],
    ids=["padded", "short", "long", "unused bits", "space"],
)
async def test_only_the_canonical_spelling_is_read(world: World, spoil: Callable[[str], str]) -> None:
    """Another spelling of the same right bytes is malformed: nothing here has two names."""
    holder = await world.make()
    for name in ("link_proof", "auth_token", "claim"):
        body = holder.claim()
        reply = await world.claim(holder, {**body, name: spoil(body[name])})
        assert (reply.status, reply.slug) == (400, "malformed")
    assert (await wire.exchange(world.port, wire.post(f"{holder.path}/claim", holder.claim()))).status == 200
