"""The document that describes the API names every route that is served, and stands in docs byte for byte."""

import json
from pathlib import Path

from reveal_web.machines.described.document import DOCUMENT, TEXT
from tests.web import wire
from tests.web.conftest import World

DOCS = Path(__file__).parents[2] / "docs"


async def test_what_is_served_stands_in_docs(world: World) -> None:
    """`python -m reveal_web.machines.described.document > docs/openapi.json` makes it anew.  No token is wanted."""
    answer = await world.ask(wire.get("/api/openapi.json"))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.body == TEXT.encode() == (DOCS / "openapi.json").read_bytes()
    assert json.loads(TEXT)["openapi"].startswith("3.1")


async def test_every_route_is_described(world: World) -> None:
    """None is missing, and none is described that is not there."""
    described = {
        (method.upper(), path) for path, item in DOCUMENT["paths"].items() for method in item if method != "parameters"
    }
    assert described == world.api_routes


def test_every_problem_of_the_routes_is_explained() -> None:
    """docs/api.md has a row for each problem of the routes that want a token."""
    text = (DOCS / "api.md").read_text()
    named = {
        ref.rsplit("problem-", 1)[1]
        for path, item in DOCUMENT["paths"].items()
        for operation in item.values()
        if isinstance(operation, dict) and operation["security"]
        for ref in json.dumps(operation).split('"')
        if "schemas/problem-" in ref
    }
    assert len(named) >= 8
    assert {slug for slug in named if f"| `{slug}` |" not in text} == set()
