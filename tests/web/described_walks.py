"""For each route of the API real requests, one for each answer that it must be seen to give, and which those are."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from store import (
    asked_orders,
    asked_records,
    endings,
    orders,
    record_endings,
    record_views,
    records,
    tokens,
)
from store.asked_doors import Asked
from store.asked_words import NotMade
from store.door import Visitor
from store.errors import DropLockedError, WrongPassphraseError
from store.formats import api_token_v1, base64url
from store.formats.asked_order_v1 import Refusal
from store.formats.order_link_v1 import ID_BYTES, TOKEN_BYTES, OrderLink
from store.formats.token_grant_v1 import Owner
from store.records import Named
from store.words import OrderKind, RecordEnd, Scope
from tests.sealed_elsewhere import record_said, sealed_page, sealed_record
from tests.store.looking import WAITS, made_page, view_body
from tests.store.sealing_under_orders import terms
from tests.web.conftest import Holder, World
from tests.web.test_asking import WISHES
from tests.web.test_orders import OCTETS, Ordered

MUST: Mapping[str, set[int]] = {
    "GET /api/v1/token": {200, 401, 429},
    "GET /api/v1/drops": {200, 400, 401, 403, 429},
    "GET /api/v1/drops/{id}": {200, 400, 401, 403, 404, 429},
    "GET /api/v1/drops/{id}/events": {200, 400, 401, 403, 404, 429},
    "GET /api/v1/drops/{id}/receipt": {200, 400, 401, 403, 404, 429},
    "POST /api/v1/drops/{id}/revoke": {200, 202, 400, 401, 403, 404, 409, 429},
    "POST /api/v1/orders": {200, 202, 400, 401, 403, 409, 415, 422, 429},
    "GET /api/v1/records": {200, 400, 401, 403, 429},
    "GET /api/v1/records/{id}": {200, 400, 401, 403, 404, 429},
    "POST /api/v1/records/{id}/revoke": {200, 202, 400, 401, 403, 404, 409, 429},
    "POST /api/v1/records": {201, 202, 400, 401, 403, 409, 415, 422, 429},
    "POST /api/v1/orders/{id}/look": {200, 202, 400, 403, 404, 415, 429},
    "POST /api/v1/orders/{id}/drop": {201, 400, 403, 404, 409, 415, 422, 429},
    "POST /api/v1/drops/{id}/door": {200, 400, 403, 404, 410, 415, 429},
    "POST /api/v1/drops/{id}/claim": {200, 400, 403, 404, 410, 415, 423, 429},
    "POST /api/v1/drops/{id}/acknowledge": {200, 400, 403, 404, 415, 429},
    "POST /api/v1/drops/{id}/not-me": {202, 400, 403, 404, 415, 429},
    "POST /api/v1/drops/{id}/ask": {202, 400, 403, 404, 415, 429},
    "POST /api/v1/records/{id}/door": {200, 400, 403, 404, 410, 415, 429},
    "POST /api/v1/records/{id}/view": {200, 400, 403, 404, 410, 415, 423, 429},
    "GET /api/openapi.json": {200},
}
"""Left out are what needs a slow or a huge body (408, 413), and a store that is away (503): other tests have them."""
_NOBODYS = "A" * 22
_EVIL = {"Origin": "https://evil.example"}


@dataclass(frozen=True)
class Ask:
    """One request: which drop or order its path names, what it says, and its headers."""

    id: str = ""
    said: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Drops:
    """A drop of each kind that a route tells apart, and a claim that won."""

    live: Holder
    claimed: Holder
    claim: dict[str, str]
    viewed: Holder
    revoked: Holder
    locked: Holder


async def made(world: World) -> Drops:
    """All of them."""
    locked = await world.make_locked()
    live, claimed, viewed, revoked = [await world.make() for _ in range(4)]
    claim, won = claimed.claim(), viewed.claim()
    for holder, body in ((claimed, claim), (viewed, won)):
        assert (await world.claim(holder, body)).status == 200
    assert (await world.post(f"{viewed.path}/acknowledge", _acknowledging(won))).status == 200
    await endings.revoke(world.store, revoked.link.id)
    return Drops(live, claimed, claim, viewed, revoked, locked)


async def asks(world: World, token: str, public: bytes) -> dict[str, list[Ask]]:
    """For each route, by its method and path; `token` is for everything, `public` the bot's delivery key."""
    nothing = (await tokens.make(world.store, "T1", "U1", scopes=frozenset({Scope.SEND}), days=1))[0].text
    reads = (await tokens.make(world.store, "T1", "U1", scopes=frozenset({Scope.READ}), days=1))[0].text
    found = await made(world)
    return {
        "GET /api/openapi.json": [Ask()],
        **_of_tokens(found, _bearer(token), _bearer(nothing)),
        **_of_holders(found),
        **await _of_records(world),
        **await _of_orders(world, _bearer(token), _bearer(reads), public),
        "POST /api/v1/records": await _of_asked_records(world, token, _bearer(reads)),
        **await _of_own_records(world, _bearer(token), _bearer(nothing)),
    }


def _of_tokens(found: Drops, own: Mapping[str, str], other: Mapping[str, str]) -> dict[str, list[Ask]]:
    live, viewed = found.live.link.id_text, found.viewed.link.id_text
    query = {"no-such-parameter": "1"}
    whole = [Ask(headers=own), Ask(headers=own, query=query), Ask(headers=_bearer("x"))]
    one = [Ask(live, headers=own), Ask(viewed, headers=own), Ask(viewed, headers=own, query=query),
           Ask(live, headers=_bearer("x")), Ask(live, headers=other), Ask(_NOBODYS, headers=own)]  # fmt: skip
    return {
        "GET /api/v1/token": whole,
        "GET /api/v1/drops": [*whole, Ask(headers=other)],
        **{f"GET /api/v1/drops/{{id}}{path}": one for path in ("", "/events", "/receipt")},
        "POST /api/v1/drops/{id}/revoke": [*one, Ask(found.revoked.link.id_text, headers=own)],
    }


def _of_holders(found: Drops) -> dict[str, list[Ask]]:
    live, revoked, locked = found.live, found.revoked, found.locked
    said: dict[str, list[Ask]] = {
        "door": [_to(live, live.proof), _to(revoked, revoked.proof)],
        "claim": [_to(live, live.wrong()), _to(live, live.claim()), _to(locked, locked.claim()),
                  _to(revoked, revoked.claim())],
        "acknowledge": [_to(found.claimed, _acknowledging(found.claim)), _to(revoked, _acknowledging(revoked.claim()))],
        "not-me": [_to(live, live.proof)],
        "ask": [_to(live, {**live.proof, "what": "again"})],
    }  # fmt: skip
    return {f"POST /api/v1/drops/{{id}}/{name}": [*some, *_refused(some[0])] for name, some in said.items()}


async def _of_records(world: World) -> dict[str, list[Ask]]:
    live, ended, locked = [await made_page(world.store, lives_seconds=86_400) for _ in range(3)]
    await record_endings.revoke(world.store, ended.link.id)
    for wait in WAITS:
        world.move_clock(wait)
        with suppress(WrongPassphraseError, DropLockedError):
            await record_views.view(world.store, locked.wrong(), Visitor())
    doors = [Ask(one.link.id_text, one.door_body) for one in (live, ended)]
    views = [Ask(one.link.id_text, view_body(guess)) for one, guess in (
        (live, live.right()), (live, live.wrong()), (ended, ended.right()), (locked, locked.right()),
    )]  # fmt: skip
    return {
        "POST /api/v1/records/{id}/door": [*doors, *_refused(doors[0])],
        "POST /api/v1/records/{id}/view": [*views, *_refused(views[0])],
    }


async def _of_orders(
    world: World, own: Mapping[str, str], other: Mapping[str, str], public: bytes
) -> dict[str, list[Ask]]:
    keys = [{**own, "Idempotency-Key": key} for key in ("handed-in", "running")]
    used = await _answered(world, keys[0], public)
    assert (await used.hand_in(used.body(used.seal()[1]))).status == 201
    refused = await _asked(world, own)
    [waiting] = await asked_orders.waiting(world.store)
    assert await asked_orders.refuse(world.store, waiting, Refusal("nobody", ()), is_known=True)
    asked = await _asked(world, own)
    placed = [(await orders.place(world.store, one), one) for one in (terms(), terms())]
    fresh, other_label = [Ordered(world, link, wanted, public) for link, wanted in placed]
    looks = [Ask(one.id_text, {"token": one.token_text}) for one in (fresh.link, used.link, refused, asked)]
    drops = [fresh.body(fresh.seal()[1]), fresh.body(fresh.seal()[1])]
    strange = Ask(other_label.link.id_text, other_label.body(other_label.seal(label="Another label")[1]))
    first = Ask(fresh.link.id_text, drops[0])
    wish = Ask(said=WISHES, headers=own)
    return {
        "POST /api/v1/orders": [
            wish,
            *(Ask(said=WISHES, headers=one) for one in (*keys, keys[1], other, _bearer("x"))),
            Ask(said={**WISHES, "label": "Another"}, headers=keys[1]),
            *_refused(wish),
        ],
        "POST /api/v1/orders/{id}/look": [*looks, *_refused(looks[0])],
        "POST /api/v1/orders/{id}/drop": [first, Ask(first.id, drops[1]), strange, *_refused(first, b"\0\0\0\0")],
    }


async def _of_asked_records(world: World, token: str, other: Mapping[str, str]) -> list[Ask]:
    """One that waits, one that was made, one that was refused, and what is taken, wrong, or too much."""
    own = _bearer(token)
    (_, waits), (_, made), (_, stranger) = [sealed_record() for _ in range(3)]
    reasons = (
        *(NotMade.MAY_NOT_SEND, NotMade.TOO_MANY, NotMade.TOO_OFTEN, NotMade.TOO_LONG),
        NotMade.WRONG_NAME,
    )
    refused: dict[Asked, NotMade] = {sealed_record()[1]: why for why in reasons}
    now = world.store.clock.now_seconds()
    (_, page), (_, unfit) = sealed_page(present=now), sealed_page(present=now, header={"label": "Another"})
    refused[sealed_page(present=now)[1]] = NotMade.WRONG_NAME
    for one in (made, page, *refused):
        await asked_records.ask(world.store, api_token_v1.parse(token), one)
    for waiting in await asked_records.waiting(world.store):
        if waiting.id in (made.id, page.id):
            assert await asked_records.make(world.store, waiting, Owner("T1", "U1", "A" * 22))
        else:
            assert await asked_records.refuse(world.store, waiting, refused[waiting.asked], is_known=True)
    good = Ask(said=record_said(waits), headers=own)
    taken = record_said(waits) | {"proof": record_said(stranger)["proof"]}
    wrong = record_said(stranger) | {"label": " "}
    said = [*(record_said(one) for one in (made, page, unfit, *refused)), taken, wrong]
    return [
        good,
        *(Ask(said=one, headers=own) for one in said),
        *(Ask(said=good.said, headers=headers) for headers in (other, _bearer("x"))),
        Ask(said=good.said, headers=own, query={"no-such-parameter": "1"}),
        *_refused(good),
    ]


async def _of_own_records(world: World, own: Mapping[str, str], other: Mapping[str, str]) -> dict[str, list[Ask]]:
    named = Named("Stripe key", owner="U1", team="T1")
    live, revoked, expired = [(await records.make(world.store, named, "x", lives_seconds=3600))[0] for _ in range(3)]
    await record_endings.revoke(world.store, revoked.id)
    async with world.store.db.write() as tx:
        assert await record_endings.expire_in(tx, world.store, expired.id, RecordEnd.TIME)
    query = {"no-such-parameter": "1"}
    whole = [Ask(headers=own), Ask(headers=own, query=query), Ask(headers=_bearer("x")), Ask(headers=other)]
    some = [Ask(one.id_text, headers=own) for one in (live, revoked, expired)]
    some += [Ask(live.id_text, headers=_bearer("x")), Ask(live.id_text, headers=other), Ask(_NOBODYS, headers=own)]
    some += [Ask(live.id_text, headers=own, query=query)]
    return {
        "GET /api/v1/records": whole,
        "GET /api/v1/records/{id}": some,
        "POST /api/v1/records/{id}/revoke": some,
    }


async def _asked(world: World, headers: Mapping[str, str]) -> OrderLink:
    said = (await world.post("/api/v1/orders", WISHES, **headers)).json()
    return OrderLink(base64url.decode(said["order"], ID_BYTES), base64url.decode(said["token"], TOKEN_BYTES))


async def _answered(world: World, headers: Mapping[str, str], public: bytes) -> Ordered:
    """An order that a client asks for and the bot gives."""
    link, wanted = await _asked(world, headers), terms(kind=OrderKind.CLIENT)
    [waiting] = await asked_orders.waiting(world.store)
    assert await asked_orders.answer(world.store, waiting, wanted)
    return Ordered(world, link, wanted, public)


def _refused(good: Ask, malformed: object = None) -> list[Ask]:
    """Said to nobody's, wrongly, as text, and by a page of another site."""
    said = {} if malformed is None else malformed
    text = {**good.headers, "Content-Type": "text/plain"}
    return [
        Ask(_NOBODYS if good.id else "", good.said, good.headers),
        Ask(good.id, said, good.headers),
        Ask(good.id, good.said, text),
        Ask(good.id, good.said, {**good.headers, **_EVIL}),
    ]


def _acknowledging(claim: Mapping[str, str]) -> dict[str, str]:
    return {name: claim[name] for name in ("link_proof", "claim")}


def _to(holder: Holder, said: Mapping[str, str]) -> Ask:
    return Ask(holder.link.id_text, dict(said))


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def media_type(said: object) -> str | None:
    """As what a body is sent."""
    if said is None:
        return None
    return OCTETS if isinstance(said, bytes) else "application/json"
