"""Every route under /api, and who is refused on it: a table that names each, held against the running program."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from reveal_web.machines import record_making_route, revoke_route
from store import delivery_keys, records, tokens
from store.formats import base64url
from store.formats.api_token_v1 import ApiToken
from store.link_opener import NAME, DeliveryKey, LinkOpener
from store.opened import Store
from store.records import Named
from store.words import Actor, Scope
from tests.sealed_elsewhere import record_said
from tests.sealed_elsewhere import sealed_record as sealed
from tests.store.recording import VALUE
from tests.web import wire
from tests.web.conftest import Holder, World
from tests.web.test_asking import WISHES

FOR_TOKENS: Mapping[tuple[str, str], Scope | None] = {
    ("GET", "/api/v1/token"): None,
    ("GET", "/api/v1/drops"): Scope.READ,
    ("GET", "/api/v1/drops/{id}"): Scope.READ,
    ("GET", "/api/v1/drops/{id}/events"): Scope.READ,
    ("GET", "/api/v1/drops/{id}/receipt"): Scope.READ,
    ("POST", "/api/v1/drops/{id}/revoke"): Scope.REVOKE,
    ("POST", "/api/v1/orders"): Scope.SEND,
    ("POST", "/api/v1/records"): Scope.SEND,
    ("GET", "/api/v1/records"): Scope.READ,
    ("GET", "/api/v1/records/{id}"): Scope.READ,
    ("POST", "/api/v1/records/{id}/revoke"): Scope.REVOKE,
}
"""Each route that wants a token, and what the token is to be for."""
FOR_OTHERS = {
    ("GET", "/api/openapi.json"): 200,
    ("POST", "/api/v1/orders/{id}/look"): 404,
    ("POST", "/api/v1/orders/{id}/drop"): 404,
    ("POST", "/api/v1/drops/{id}/door"): 404,
    ("POST", "/api/v1/drops/{id}/claim"): 404,
    ("POST", "/api/v1/drops/{id}/acknowledge"): 404,
    ("POST", "/api/v1/drops/{id}/not-me"): 404,
    ("POST", "/api/v1/drops/{id}/ask"): 404,
    ("POST", "/api/v1/records/{id}/door"): 404,
    ("POST", "/api/v1/records/{id}/view"): 404,
}
"""Each other one, and what it answers to somebody who has a token and nothing else."""
OWN = {
    ("GET", "/api/v1/token"): 200,
    ("GET", "/api/v1/drops"): 200,
    ("GET", "/api/v1/drops/{id}"): 200,
    ("GET", "/api/v1/drops/{id}/events"): 200,
    ("GET", "/api/v1/drops/{id}/receipt"): 404,  # there is none so far
    ("POST", "/api/v1/drops/{id}/revoke"): 202,  # no bot answers here
    ("POST", "/api/v1/orders"): 202,
    ("POST", "/api/v1/records"): 202,  # neither here
    ("GET", "/api/v1/records"): 200,
    ("GET", "/api/v1/records/{id}"): 404,  # a drop's id is no record's
    ("POST", "/api/v1/records/{id}/revoke"): 404,
}
SAID: Mapping[str, Mapping[str, object]] = {"/api/v1/orders": WISHES, "/api/v1/records": record_said(sealed()[1])}
"""What is said on routes that want a body."""
ROUTES = pytest.mark.parametrize("route", FOR_TOKENS, ids=" ".join)


@dataclass
class Asking:
    """Somebody who asks one route."""

    world: World
    route: tuple[str, str]

    async def with_line(self, line: str, drop: Holder | None = None, drop_id: str = "A" * 22) -> wire.Reply:
        """With this line among the headers, about this drop."""
        method, path = self.route
        path = path.replace("{id}", drop.link.id_text if drop else drop_id)
        headers = {"Authorization": line} if line else {}
        if method == "POST" and path in SAID:
            return await self.world.post(path, SAID[path], **headers)
        return await self.world.ask(wire.get(path, method, **headers))

    async def with_token(self, token: ApiToken, drop: Holder | None = None) -> wire.Reply:
        """With a token."""
        return await self.with_line(f"Bearer {token.text}", drop)

    async def token(self, *scopes: Scope, user: str = "U1", team: str = "T1", days: int = 90) -> ApiToken:
        """A token of somebody's; of the drops' sender for everything, unless told otherwise."""
        some = frozenset(scopes or Scope)
        return (await tokens.make(self.world.store, team, user, scopes=some, days=days))[0]


@pytest.fixture
async def asking(world: World, route: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> Asking:
    """Beside a bot that has published its key and does not answer."""
    monkeypatch.setattr(revoke_route, "WAITS_SECONDS", 0.0)
    monkeypatch.setattr(record_making_route, "WAITS_SECONDS", 0.0)
    DeliveryKey.make(world.settings.keyring_dir.parent / NAME)
    opener = LinkOpener(world.settings.keyring_dir.parent)
    await delivery_keys.publish_one_of(world.store.db, opener.key, opener.kids)
    return Asking(world, route)


async def test_the_table_names_every_route(world: World) -> None:
    """A route that nobody put into it fails here."""
    assert world.api_routes == {*FOR_TOKENS, *FOR_OTHERS}
    assert OWN.keys() == FOR_TOKENS.keys()


@ROUTES
async def test_nobody_without_a_token_that_serves(asking: Asking, route: tuple[str, str]) -> None:
    """None, two, cut, guessed, expired, revoked, a link proof or an order's token instead: one and the same 401."""
    drop = await asking.world.make()
    short, ended = await asking.token(days=1), await asking.token()
    await tokens.revoke(asking.world.store, ended.id, by=Actor.SENDER)
    asking.world.move_clock(86_401)
    lines = [
        "",
        f"Bearer {short.text}",
        f"Bearer {ended.text}",
        f"Bearer {ApiToken(ended.id, secrets.token_bytes(32)).text}",
        f"Bearer {ended.text[:-1]}",
        f"Basic {ended.text}",
        f"Bearer {base64url.encode(drop.sealed.link_proof)}",
        f"Bearer {base64url.encode(drop.sealed.auth_token)}",
        f"Bearer {base64url.encode(bytes(32))}",
    ]
    answers = [await asking.with_line(line, drop) for line in lines]
    assert {(one.status, one.body) for one in answers} == {(401, answers[0].body)}
    assert answers[0].slug == "no-token"
    assert {one.headers["www-authenticate"] for one in answers} == {"Bearer"}


@ROUTES
async def test_a_token_for_something_else_is_told_for_what(asking: Asking, route: tuple[str, str]) -> None:
    """403, with the scope that it needs, whatever the drop is."""
    scope, drop = FOR_TOKENS[route], await asking.world.make()
    if scope is None:
        answer = await asking.with_token(await asking.token(Scope.SEND))
        assert (answer.status, answer.json()["scopes"]) == (200, ["send"])
        return
    others = await asking.token(*(one for one in Scope if one is not scope))
    answers = [await asking.with_token(others, one) for one in (drop, None)]
    assert {(one.status, one.slug, one.json()["scope"]) for one in answers} == {(403, "wrong-scope", str(scope))}
    assert answers[0].headers["www-authenticate"] == f'Bearer error="insufficient_scope", scope="{scope}"'
    assert (await asking.with_token(await asking.token(scope), drop)).status == OWN[route]


@ROUTES
async def test_somebody_elses_drop_is_not_there(asking: Asking, route: tuple[str, str]) -> None:
    """Another person's token, another workspace's, one's own and another's drop: the same 404 as for no drop."""
    drop = await asking.world.make()
    others, elsewhere = await asking.world.make(sender_id="U9"), await asking.world.make(team_id="T9")
    own, theirs = await asking.token(), await asking.token(user="U9")
    foreign = await asking.token(team="T9")
    assert (await asking.with_token(own, drop)).status == OWN[route]
    if "/records/" in route[1]:
        own_record, others_record = [await record_of(asking.world.store, user) for user in ("U1", "U9")]
        elsewhere_record = await record_of(asking.world.store, "U1", team="T9")
        good = 200 if route[0] == "GET" else 202
        assert (await asking.with_line(f"Bearer {own.text}", drop_id=own_record)).status == good
        answers = [
            await asking.with_line(f"Bearer {own.text}", drop_id=other)
            for other in (others_record, elsewhere_record, "x")
        ]
        answers += [await asking.with_line(f"Bearer {one.text}", drop_id=own_record) for one in (theirs, foreign)]
        answers += [await asking.with_line(f"Bearer {own.text}", drop_id=drop.link.id_text)]
        assert {(one.status, one.body) for one in answers} == {(404, answers[0].body)}
    elif "{id}" in route[1]:
        answers = [await asking.with_token(token, drop) for token in (theirs, foreign)]
        answers += [await asking.with_token(own, one) for one in (others, elsewhere, None)]
        answers += [await asking.with_line(f"Bearer {own.text}", drop_id=other) for other in ("x", "A" * 21 + "B")]
        assert {(one.status, one.body) for one in answers} == {(404, answers[0].body)}
        assert answers[0].slug == "not-found"
    elif route[1] == "/api/v1/drops":
        seen = [(await asking.with_token(token)).json()["drops"] for token in (own, theirs, foreign)]
        assert [[one["id"] for one in some] for some in seen] == [[drop.link.id_text], [others.link.id_text],
                                                                  [elsewhere.link.id_text]]  # fmt: skip


async def record_of(store: Store, owner: str, team: str = "T1") -> str:
    """The id of a record that somebody made."""
    key, _ = await records.make(store, Named("Stripe key", owner=owner, team=team), VALUE, lives_seconds=3600)
    return key.id_text


@pytest.mark.parametrize("route", FOR_OTHERS, ids=" ".join)
async def test_a_token_opens_nothing_that_a_link_opens(asking: Asking, route: tuple[str, str]) -> None:
    """Neither the holder's routes nor those of an order look at it."""
    drop = await asking.world.make()
    method, path = route
    path, token = path.replace("{id}", drop.link.id_text), await asking.token()
    line, key = f"Bearer {token.text}", base64url.encode(bytes(32))
    bodies: Mapping[str, object] = {
        "look": {"token": key},
        "drop": b"\x00\x00\x00\x00",
        "door": {"link_proof": key},
        "claim": {"link_proof": key, "auth_token": key, "claim": key},
        "acknowledge": {"link_proof": key, "claim": key},
        "not-me": {"link_proof": key},
        "ask": {"link_proof": key, "what": "again"},
        "view": {"link_proof": key, "auth_token": key, "attempt": key},
    }
    if method == "GET":
        answer = await asking.world.ask(wire.get(path, Authorization=line))
        assert answer.status == FOR_OTHERS[route]
        return
    said = bodies[path.rsplit("/", 1)[1]]
    if isinstance(said, bytes):
        text = f'{{"token":"{key}","header":"x","link_proof":"{key}","auth_token":"{key}","sealed_link":"AA"}}'.encode()
        octets = len(text).to_bytes(4) + text + b"x"
        raw = wire.post(path, octets, Content_Type="application/octet-stream", Authorization=line)
        assert (await asking.world.ask(raw)).status == FOR_OTHERS[route]
        return
    assert (await asking.world.post(path, said, Authorization=line)).status == FOR_OTHERS[route]


@ROUTES
async def test_every_answer_is_kept_by_nobody(asking: Asking, route: tuple[str, str]) -> None:
    """Neither what is shown nor what is refused; and a page of another site asks for nothing."""
    drop, token = await asking.world.make(), await asking.token()
    answers = [await asking.with_token(token, drop), await asking.with_line("")]
    assert {one.headers["cache-control"] for one in answers} == {"no-store"}
    for one in answers:
        assert token.text not in one.body.decode()
        assert base64url.encode(drop.link.key) not in one.body.decode()
