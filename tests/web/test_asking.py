"""The routes of a token: only one that serves asks for anything, and what it asks for is kept for the bot alone."""

import secrets
from pathlib import Path
from typing import Any

import pytest

from store import asked_orders, delivery_keys, tokens
from store.formats.api_token_v1 import ApiToken
from store.link_opener import NAME, DeliveryKey, LinkOpener
from store.words import Actor
from tests.web import wire
from tests.web.conftest import World

WISHES: dict[str, Any] = {
    "to": "@dana",
    "label": "Deploy key",
    "hint": None,
    "lives_seconds": 3600,
    "reference": None,
    "anyway": False,
}


@pytest.fixture
async def token(world: World, tmp_path: Path) -> ApiToken:
    """Maya's token, beside a bot that has published its key."""
    DeliveryKey.make(tmp_path / NAME)
    opener = LinkOpener(tmp_path)
    await delivery_keys.publish_one_of(world.store.db, opener.key, opener.kids)
    return (await tokens.make(world.store, "T1", "UMAYA"))[0]


async def ask(world: World, token: str, **changed: object) -> wire.Reply:
    """Ask for an order; `changed` are members that are others, or none where they are `...`."""
    said = {name: value for name, value in (WISHES | changed).items() if value is not ...}
    return await world.post("/api/v1/orders", said, Authorization=f"Bearer {token}")


async def whose(world: World, *lines: str) -> wire.Reply:
    """Ask whether a token serves."""
    head = "".join(f"{line}\r\n" for line in lines)
    return await world.ask(f"GET /api/v1/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{head}\r\n".encode())


async def test_a_token_that_serves(world: World, token: ApiToken) -> None:
    """It is told until when, and asks; the bot finds the question, and whoever asked looks until it is answered."""
    known = await whose(world, f"Authorization: Bearer {token.text}")
    assert (known.status, set(known.json())) == (200, {"state", "until", "scopes"})
    answer = await ask(world, token.text)
    said = answer.json()
    assert (answer.status, set(said), said["public_url"]) == (202, {"order", "token", "public_url"}, world.store.issuer)
    [one] = await asked_orders.waiting(world.store)
    assert (one.asked.wishes.to, one.asked.token_id) == ("@dana", token.id)
    look = await world.post(f"/api/v1/orders/{said['order']}/look", {"token": said["token"]})
    assert (look.status, look.json()) == (202, {"state": "asked"})
    for canary in (token.text, "@dana", "UMAYA"):
        assert canary not in answer.body.decode()


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
async def test_the_scheme_is_written_in_any_case(world: World, token: ApiToken, scheme: str) -> None:
    """As clients do (RFC 9110, 11.1); another scheme, or none, is no token."""
    assert (await whose(world, f"Authorization: {scheme} {token.text}")).status == 200
    for other in (f"{scheme}{token.text}", f"{scheme}s {token.text}", token.text, f" {token.text}"):
        assert (await whose(world, f"Authorization: {other}")).status == 401


async def test_every_other_token_gets_the_same_answer(world: World, token: ApiToken) -> None:
    """None, two, cut, another secret, revoked, expired: told apart by nothing, before the body is looked at."""
    other = ApiToken(token.id, secrets.token_bytes(32)).text
    bearer = f"Authorization: Bearer {token.text}"
    heads = [[], [bearer, bearer], [f"Authorization: Bearer {token.text[:-1]}"], [f"Authorization: Bearer {other}"],
             [f"Authorization: Basic {token.text}"], ["Authorization: Bearer "]]  # fmt: skip
    answers = [await whose(world, *head) for head in heads if len(head) < 2]
    await tokens.revoke(world.store, token.id, by=Actor.SENDER)
    answers += [await whose(world, bearer), await ask(world, token.text), await ask(world, other, to=7)]
    assert {(answer.status, answer.body) for answer in answers} == {(401, answers[0].body)}
    assert {answer.headers["www-authenticate"] for answer in answers} == {"Bearer"}
    assert answers[0].slug == "no-token"
    assert await asked_orders.waiting(world.store) == []


async def test_wrong_tokens_are_limited_by_address(world: World, token: ApiToken) -> None:
    """Whoever guesses is slowed down; a token that serves is never turned away for it."""
    wrong = f"Authorization: Bearer {ApiToken(secrets.token_bytes(12), secrets.token_bytes(32)).text}"
    slugs = [(await whose(world, wrong)).slug for _ in range(25)]
    assert slugs[:20] == ["no-token"] * 20
    assert "wrong-tokens" in slugs[20:]
    assert (await whose(world, f"Authorization: Bearer {token.text}")).status == 200


async def test_one_token_does_not_fill_the_database(world: World, token: ApiToken) -> None:
    """Twenty at once; the next is told when; another token is not kept waiting."""
    answers = [await ask(world, token.text) for _ in range(25)]
    assert [answer.status for answer in answers[:20]] == [202] * 20
    assert "asked-too-often" in {answer.slug for answer in answers[20:]}
    assert int(next(answer for answer in answers if answer.slug).headers["retry-after"]) >= 1
    other, _ = await tokens.make(world.store, "T1", "USAM")
    assert (await ask(world, other.text)).status == 202


@pytest.mark.parametrize(
    "changed",
    [
        {"to": ...}, {"label": ...}, {"more": 1}, {"to": None}, {"lives_seconds": "3600"}, {"lives_seconds": True},
        {"anyway": 1}, {"to": "x" * 321}, {"label": "x" * 201}, {"hint": "x" * 301}, {"reference": "x" * 201},
        {"label": "\ud800"}, {"lives_seconds": 0}, {"template": 1}, {"template": "x" * 101}, {"delivery": None},
        {"delivery": "mail"}, {"delivery": []}, {"engagement_ends": 20261231}, {"engagement_ends": "x" * 11},
    ],
)  # fmt: skip
async def test_nonsense_is_refused_before_it_is_kept(world: World, token: ApiToken, changed: dict[str, object]) -> None:
    """Other members, types and lengths."""
    answer = await ask(world, token.text, **changed)
    assert (answer.status, answer.slug) == (400, "malformed")
    assert await asked_orders.waiting(world.store) == []


async def test_a_page_of_another_site_asks_for_nothing(world: World, token: ApiToken) -> None:
    """Not even with a token."""
    headers = {"Authorization": f"Bearer {token.text}", "Origin": "https://evil.example"}
    answer = await world.post("/api/v1/orders", WISHES, **headers)
    assert (answer.status, answer.slug) == (403, "wrong-origin")


async def test_without_a_bot_nothing_is_taken(world: World) -> None:
    """There is no key to seal to, so that a token must not be written down."""
    token, _ = await tokens.make(world.store, "T1", "UMAYA")
    assert (await ask(world, token.text)).slug == "unavailable"
    assert await asked_orders.waiting(world.store) == []
