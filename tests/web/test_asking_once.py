"""`Idempotency-Key` over HTTP, and the routes of a link that its sealer keeps."""

from dataclasses import replace
from typing import Any

import pytest

from store import asked_orders, orders
from store.drops import find
from store.formats import base64url
from store.formats.api_token_v1 import ApiToken
from store.formats.order_link_v1 import OrderLink
from store.handing_in import hand_in
from store.words import OrderKind
from tests.store.asking import TERMS
from tests.store.sealing_under_orders import seal_under, terms
from tests.web import wire
from tests.web.conftest import World
from tests.web.test_asking import WISHES
from tests.web.test_asking import token as token  # noqa: PLC0414 - a fixture
from tests.web.test_orders import Ordered
from tests.web.test_orders import ordered as ordered  # noqa: PLC0414 - a fixture

KEY = "acme-2026-11-29-stripe"


async def ask(world: World, token: ApiToken, key: str = KEY, **changed: object) -> wire.Reply:
    """Ask for an order under a key."""
    headers = {"Authorization": f"Bearer {token.text}", "Idempotency-Key": key}
    return await world.post("/api/v1/orders", WISHES | changed, **headers)


async def test_a_key_makes_one_order(world: World, token: ApiToken) -> None:
    """202, 409 with when, 422 for another question, 200 with the drop; no link and no order's token comes again."""
    first = await ask(world, token)
    said = first.json()
    assert first.status == 202
    running = await ask(world, token)
    assert (running.status, running.slug) == (409, "idempotency-running")
    assert 0 < int(running.headers["retry-after"]) <= 121
    other = await ask(world, token, label="Another key")
    assert (other.status, other.slug) == (422, "idempotency-mismatch")
    assert (await ask(world, token, template=None, delivery="recipient")).slug == "idempotency-running"
    [one] = await asked_orders.waiting(world.store)
    assert await asked_orders.answer(world.store, one, TERMS)
    link = OrderLink(base64url.decode(said["order"], 16), base64url.decode(said["token"], 32))
    look = (await world.post(f"/api/v1/orders/{said['order']}/look", {"token": said["token"]})).json()
    its, handed = seal_under(base64url.decode(look["delivery_key"]), TERMS, world.store.clock.now_seconds())
    await hand_in(world.store, link, handed)
    done = await ask(world, token)
    assert (done.status, done.json()) == (200, {"drop": its.id_text, "state": "sealed", "delivery": "pending"})
    assert (await ask(world, token, label="Another key")).status == 422
    for canary in (said["token"], its.fragment(), KEY):
        assert canary not in done.body.decode()


@pytest.mark.parametrize("key", ["", "x" * 256, "two words", "caf\u00e9"])
async def test_what_is_no_key_is_refused(world: World, token: ApiToken, key: str) -> None:
    """Before anything is kept."""
    answer = await ask(world, token, key)
    assert (answer.status, answer.slug) == (400, "malformed")
    assert await asked_orders.waiting(world.store) == []


async def kept(ordered: Ordered, **changed: Any) -> Ordered:
    """An order of a link that its sealer keeps."""
    wanted = terms(
        kind=OrderKind.CLIENT, way="shown", template="stripe", rotate_by=2_000_000_000, variable="STRIPE_KEY"
    )
    return replace(ordered, link=await orders.place(ordered.world.store, wanted), wanted=wanted, **changed)


async def test_a_link_that_is_kept_is_not_handed_in(ordered: Ordered) -> None:
    """Null is said in its place; a link that was sealed all the same is refused, and null where one is due."""
    one = await kept(ordered)
    look = (await one.look()).json()
    assert [look[name] for name in ("way", "template", "passphrase", "rotate_by", "variable")] == [
        "shown", "stripe", "made", 2_000_000_000, "STRIPE_KEY"
    ]  # fmt: skip
    its, handed = one.seal()
    _, with_link = ordered.seal()
    sealed_link = base64url.encode(with_link.sealed_link or b"")
    for wrong in (one.body(handed, sealed_link=sealed_link), ordered.body(with_link, sealed_link=None)):
        for which in (one, ordered):
            if which.link.token_text.encode() in wrong:
                reply = await which.hand_in(wrong)
                assert (reply.status, reply.slug) == (422, "unacceptable")
    assert (await one.hand_in(one.body(handed, sealed_link=...))).status == 400
    assert await find(one.world.store, its.id) is None
    assert (await one.hand_in(one.body(handed))).status == 201
    assert (await one.look()).json() == {"state": "used", "delivery": "pending", "recipient": "Dana Petrov"}


async def test_an_attempt_is_told_the_same_again(world: World, token: ApiToken) -> None:
    """The very same answer; another attempt hears that it runs, another question that it is another."""
    first, again = [await attempt(world, token, "attempt-of-somebody") for _ in range(2)]
    assert (first.status, again.status, again.json()) == (202, 202, first.json())
    assert (await attempt(world, token, "attempt-of-another")).slug == "idempotency-running"
    assert (await ask(world, token)).slug == "idempotency-running"
    assert (await attempt(world, token, "attempt-of-somebody", label="Another")).slug == "idempotency-mismatch"
    said = first.json()
    seen = await world.post(f"/api/v1/orders/{said['order']}/look", {"token": said["token"]})
    assert (seen.status, seen.json()) == (202, {"state": "asked"})


@pytest.mark.parametrize("headers", [{"Idempotency-Key": None}, {"Idempotency-Attempt": "short"}])
async def test_an_attempt_at_nothing_is_refused(world: World, token: ApiToken, headers: dict[str, str | None]) -> None:
    """Without a key a repetition would make another order, of which nobody would know."""
    given = {"Idempotency-Attempt": "attempt-of-somebody", "Idempotency-Key": KEY, **headers}
    said = {name: text for name, text in given.items() if text is not None}
    said["Authorization"] = f"Bearer {token.text}"
    refused = await world.post("/api/v1/orders", WISHES, **said)
    assert (refused.status, refused.slug) == (400, "malformed")
    assert await asked_orders.waiting(world.store) == []


async def attempt(world: World, token: ApiToken, its: str, **changed: object) -> wire.Reply:
    """Ask for an order under the key, in an attempt."""
    headers = {"Authorization": f"Bearer {token.text}", "Idempotency-Key": KEY, "Idempotency-Attempt": its}
    return await world.post("/api/v1/orders", WISHES | changed, **headers)
