"""What a token reads of its owner's drops, page by page; and that its reading is bounded and on record."""

from typing import Any

import pytest

from reveal_web.machines import own_drop_routes
from store import endings, tokens
from store.formats import event_v1
from store.formats.api_token_v1 import ApiToken
from store.listing import Section
from store.schema import events
from store.words import Event, Scope
from tests.web import wire
from tests.web.conftest import Holder, World


@pytest.fixture
async def token(world: World) -> ApiToken:
    """The drops' sender's, for reading."""
    return (await tokens.make(world.store, "T1", "U1", scopes=frozenset({Scope.READ})))[0]


async def read(world: World, token: ApiToken, path: str = "", **headers: str) -> wire.Reply:
    """Ask for what is under /api/v1/drops."""
    return await world.ask(wire.get(f"/api/v1/drops{path}", Authorization=f"Bearer {token.text}", **headers))


async def opened(world: World, holder: Holder) -> None:
    """Somebody opens it, and says so."""
    body = holder.claim()
    assert (await world.claim(holder, body)).status == 200
    said = {"link_proof": body["link_proof"], "claim": body["claim"]}
    assert (await world.post(f"{holder.path}/acknowledge", said)).status == 200


async def used(world: World) -> list[tuple[Any, Any]]:
    """What of the token's use is on record."""
    async with world.store.db.read() as tx:
        rows = (await tx.execute(events.select().where(events.c.event == Event.TOKEN_USED))).all()
    claims = [event_v1.unverified(row.leaf) for row in rows]
    return [(one["what"], one["count"]) for one in claims]


async def test_a_drop_as_its_sender_sees_it(world: World, token: ApiToken) -> None:
    """What, to whom, how it stands; never its link."""
    holder = await world.make(label="Stripe restricted key")
    one = (await read(world, token, f"/{holder.link.id_text}")).json()
    created, expires = one.pop("created_at"), one.pop("expires_at")
    assert expires - created == 3600
    assert one == {
        "id": holder.link.id_text,
        "state": "sealed",
        "outcome": None,
        "label": "Stripe restricted key",
        "recipient": {"name": "Dana", "class": "guest"},
        "template": "anything",
        "delivery": "delivered",
        "paused_at": None,
        "claimed_at": None,
        "ended_at": None,
        "rotate_by": None,
        "receipt": None,
    }
    assert (await read(world, token, f"/{holder.link.id_text}/receipt")).slug == "no-receipt"


async def test_what_happened_and_its_receipt(world: World, token: ApiToken) -> None:
    """Every event with where from, and the receipt as everybody may read it."""
    holder = await world.make()
    await world.door(holder, User_Agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
    await opened(world, holder)
    steps = (await read(world, token, f"/{holder.link.id_text}/events")).json()["events"]
    assert [step["event"] for step in steps] == await world.events(holder)
    assert [step["n"] for step in steps] == list(range(1, len(steps) + 1))
    door = next(step for step in steps if step["event"] == "drop.door_opened")
    assert (door["network"], door["browser"]) == ("127.0.0.0/24", "Firefox")
    ended = next(step for step in steps if step["event"] == "drop.destroyed")
    assert (ended["facts"]["outcome"], ended["facts"]["by"]) == ("viewed", "holder")
    receipt = (await read(world, token, f"/{holder.link.id_text}/receipt")).json()
    one = (await read(world, token, f"/{holder.link.id_text}")).json()
    assert one["receipt"] == receipt["rid"]
    assert receipt["url"] == f"{world.store.issuer}/receipts/{receipt['rid']}"
    public = await world.ask(wire.get(f"/receipts/{receipt['rid']}.jws"))
    assert public.body.decode().strip() == receipt["jws"]


async def test_pages_and_sections(world: World, token: ApiToken) -> None:
    """Newest first, each once; a section and a template narrow them, and the next page begins where it said."""
    made = [(await world.make(template="stripe" if number == 2 else "anything")).link.id_text for number in range(5)]
    await endings.revoke(world.store, world.holders[0].link.id)
    found, after = [], ""
    while True:
        page = (await read(world, token, f"?limit=2{after}")).json()
        found += [one["id"] for one in page["drops"]]
        assert len(page["drops"]) <= 2
        if page["after"] is None:
            break
        after = f"&after={page['after']}"
    assert sorted(found) == sorted(made)
    by_section = {
        one: [drop["id"] for drop in (await read(world, token, f"?section={one}")).json()["drops"]] for one in Section
    }
    assert sorted(by_section[Section.OUTSTANDING]) == sorted(made[1:])
    assert by_section[Section.HISTORY] == made[:1]
    assert [one["id"] for one in (await read(world, token, "?template=stripe")).json()["drops"]] == [made[2]]


@pytest.mark.parametrize(
    "query",
    ["?limit=0", "?limit=101", "?limit=x", "?limit=1&limit=2", "?section=all", "?after=x", "?after=" + "_" * 32,
     "?template=", "?template=a%00b", f"?template={'x' * 65}", "?more=1", "?limit=%D9%A1"],
)  # fmt: skip
async def test_nonsense_is_refused(world: World, token: ApiToken, query: str) -> None:
    """And nothing of it is on record."""
    assert (await read(world, token, query)).slug == "malformed"
    assert await used(world) == []


async def test_a_client_that_polls_does_not_fill_the_log(world: World, token: ApiToken) -> None:
    """One event a minute for each kind of look, with how often."""
    for _ in range(4):
        assert (await read(world, token)).status == 200
    assert (await read(world, token, f"/{'A' * 22}")).status == 404
    world.move_clock(61)
    await read(world, token)
    assert await used(world) == [("list", 1), ("drop", 1), ("list", 4)]


async def test_one_token_does_not_keep_the_server_busy(world: World, token: ApiToken) -> None:
    """Sixty at once; then it is told when; another token is not kept waiting."""
    world.app[own_drop_routes.LOOKS]._clock = lambda: 0.0
    answers = [await read(world, token) for _ in range(own_drop_routes.LOOKS_AT_ONCE + 2)]
    assert [one.slug for one in answers] == [""] * own_drop_routes.LOOKS_AT_ONCE + ["asked-too-often"] * 2
    assert answers[-1].headers["retry-after"] == "1"
    other, _ = await tokens.make(world.store, "T1", "U1", scopes=frozenset({Scope.READ}))
    assert (await read(world, other)).status == 200


async def test_a_page_of_another_site_reads_nothing(world: World, token: ApiToken) -> None:
    """Not even with a token."""
    assert (await read(world, token, Origin="https://evil.example")).slug == "wrong-origin"
