"""Whatever anybody sends to the API, the answer is one that its document describes, and never a failure of ours."""

import asyncio
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from reveal_web.machines import ask_routes, bearer, own_drop_routes, record_making_route, revoke_route
from reveal_web.machines.described.document import DOCUMENT
from store import delivery_keys, orders, records, tokens
from store.link_opener import NAME, DeliveryKey, LinkOpener
from store.records import Named
from store.words import Scope
from tests.store.looking import made_page
from tests.store.sealing_under_orders import terms
from tests.web.conftest import World
from tests.web.described_walks import MUST, Ask, asks, media_type

EXAMPLES = 40
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = {
    f"{method.upper()} {path}": SCHEMA[path][method]
    for path, item in DOCUMENT["paths"].items()
    for method in item
    if method != "parameters"
}


@pytest.fixture
async def everything(world: World, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Some drops of which one has ended, a token for everything, and limits that let all of it through."""
    monkeypatch.setattr(revoke_route, "WAITS_SECONDS", 0.0)
    monkeypatch.setattr(record_making_route, "WAITS_SECONDS", 0.0)
    _limit(world, 1e9)
    DeliveryKey.make(world.settings.keyring_dir.parent / NAME)
    opener = LinkOpener(world.settings.keyring_dir.parent)
    await delivery_keys.publish_one_of(world.store.db, opener.key, opener.kids)
    token, _ = await tokens.make(world.store, "T1", "U1", scopes=frozenset(Scope))
    live, ended = await world.make(), await world.make()
    body = ended.claim()
    await world.claim(ended, body)
    said = {"link_proof": body["link_proof"], "claim": body["claim"]}
    assert (await world.post(f"{ended.path}/acknowledge", said)).status == 200
    order = await orders.place(world.store, terms())
    record = await made_page(world.store)
    return {
        "token": token.text,
        "drops": [live.link.id_text, ended.link.id_text],
        "orders": [order.id_text],
        "records": [
            record.link.id_text,
            (await records.make(world.store, Named("Key", owner="U1", team="T1"), "x", lives_seconds=99))[0].id_text,
        ],
        "link_proof": live.proof["link_proof"],
        "order": order.token_text,
        "walks": await asks(world, token.text, opener.key.public),
    }


def _limit(world: World, burst: float) -> None:
    """How often everything may be asked; it comes back at once."""
    apart = (bearer.WRONG_TOKENS, ask_routes.ASKED, own_drop_routes.LOOKS, revoke_route.REVOKES)
    for limit in (*(world.app[one] for one in apart), world.parts.wrong_links):
        limit._burst, limit._a_second = burst, 1e9


def _walked(port: int, some: list[Ask], label: str) -> set[int]:
    """Send each of these; the statuses that came back."""
    operation, seen = OPERATIONS[label], set()
    for one in some:
        parts: dict[str, Any] = {"path_parameters": {"id": one.id}} if one.id else {}
        if one.said is not None:
            parts |= {"body": one.said, "media_type": media_type(one.said)}
        case = operation.Case(query=dict(one.query), **parts)
        response = case.call(base_url=f"http://127.0.0.1:{port}", headers=dict(one.headers))
        seen.add(response.status_code)
        case.validate_response(response, checks=CHECKS)
    return seen


def _asked(port: int, everything: dict[str, Any], label: str) -> set[int]:
    """Send what the document allows, and what it does not; the statuses that came back."""
    operation, seen = OPERATIONS[label], set()

    @seed(20260731)
    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def send(data: st.DataObject) -> None:
        mode = data.draw(st.sampled_from(list(schemathesis.GenerationMode)))
        case = data.draw(operation.as_strategy(generation_mode=mode))
        if "{id}" in operation.path and data.draw(st.booleans()):
            case.path_parameters["id"] = data.draw(st.sampled_from(everything[operation.path.split("/")[3]]))
        if isinstance(case.body, dict) and data.draw(st.booleans()):
            known = {"link_proof": everything["link_proof"], "token": everything["order"]}
            case.body |= {name: value for name, value in known.items() if name in case.body}
        headers = {"Authorization": f"Bearer {everything['token']}"}
        response = case.call(base_url=f"http://127.0.0.1:{port}", headers=headers)
        seen.add(response.status_code)
        case.validate_response(response, checks=CHECKS)

    send()
    return seen


@pytest.mark.parametrize("label", OPERATIONS)
async def test_every_answer_is_described(world: World, everything: dict[str, Any], label: str) -> None:
    """A fixed seed, a few examples of each route, and real requests: no 5xx, nothing outside the document."""
    some = everything["walks"][label]
    seen = await asyncio.to_thread(_walked, world.port, some, label)
    seen |= await asyncio.to_thread(_asked, world.port, everything, label)
    _limit(world, 0.0)
    seen |= await asyncio.to_thread(_walked, world.port, some, label)
    assert MUST[label] - seen == set()
    assert max(seen) < 500
