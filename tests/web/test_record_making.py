"""Making a record with a token: the bounds of one, and the bot's reasons against it, as problems."""

import asyncio

import pytest

from store import asked_records
from store.asked_words import NotMade
from store.formats import base64url, record_v1
from store.formats.api_token_v1 import ApiToken
from tests.sealed_elsewhere import record_said, sealed_page, sealed_record
from tests.web import wire
from tests.web.conftest import World
from tests.web.test_asking import token as token  # noqa: PLC0414 - a fixture


async def make(world: World, own: ApiToken, **changed: object) -> wire.Reply:
    """Ask for one."""
    said = record_said(sealed_record()[1]) | changed
    return await world.ask(wire.post("/api/v1/records", said, Authorization=f"Bearer {own.text}"))


@pytest.mark.parametrize(
    ("why", "status", "problem"),
    [
        (NotMade.MAY_NOT_SEND, 403, "may-not-send"),
        (NotMade.TOO_MANY, 409, "too-many-records"),
        (NotMade.TOO_OFTEN, 429, "sent-too-often"),
        (NotMade.TOO_LONG, 422, "unacceptable-record"),
        (NotMade.WRONG_NAME, 422, "unacceptable-record"),
    ],
)
async def test_the_bots_reasons(world: World, token: ApiToken, why: NotMade, status: int, problem: str) -> None:
    """Each has its own word."""
    asking = asyncio.create_task(make(world, token))
    async with asyncio.timeout(20):
        while not (waiting := await asked_records.waiting(world.store)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert await asked_records.refuse(world.store, waiting[0], why, is_known=True)
    reply = await asking
    assert (reply.status, reply.slug) == (status, problem)


@pytest.mark.parametrize("days", [366, 3650])
async def test_a_time_that_no_record_of_somebodys_has(world: World, token: ApiToken, days: int) -> None:
    """A year is the longest; what is longer is said at once, and no bot is asked."""
    reply = await make(world, token, lives_seconds=days * 86_400)
    assert (reply.status, reply.slug) == (422, "unacceptable-record")
    assert reply.json()["why"] == "it lives for 365 days at most"
    assert await asked_records.waiting(world.store) == []


SHORT = base64url.encode(bytes(31))


@pytest.mark.parametrize(
    ("changed", "status", "why"),
    [
        ({"door": "api"}, 422, "not that door's"),
        ({"link_proof": SHORT}, 422, "32 bytes each"),
        ({"auth_token": SHORT}, 422, "32 bytes each"),
        ({"commit": SHORT}, 422, "32 bytes each"),
        ({"wrapped_key": SHORT}, 422, "another size"),
        ({"box": base64url.encode(bytes(100))}, 422, "another size"),
        ({"id": "A" * 22}, 422, "for another id"),
        ({"hint": "x" * 301}, 422, "1 to 300 letters"),
        ({"hint": ""}, 422, "1 to 300 letters"),
        ({"header": "{}"}, 422, "cannot be read"),
        ({"door": "window"}, 400, None),
        ({"commit": "="}, 400, None),
        ({"header": 1}, 400, None),
        ({"proof": SHORT}, 400, None),
    ],
)
async def test_a_page_that_was_derived_wrongly(
    world: World, token: ApiToken, changed: dict[str, object], status: int, why: str | None
) -> None:
    """In words, where it is the shape of a page; no bot is asked."""
    said = record_said(sealed_page(present=world.store.clock.now_seconds())[1]) | changed
    reply = await world.ask(wire.post("/api/v1/records", said, Authorization=f"Bearer {token.text}"))
    assert reply.status == status
    assert why is None or why in reply.json()["why"]
    assert await asked_records.waiting(world.store) == []


async def test_a_key_is_no_page(world: World, token: ApiToken) -> None:
    """Nor the other way round; a client that says nothing of a door means a key."""
    reply = await make(world, token, door="page")
    assert (reply.status, reply.slug) == (422, "unacceptable-record")
    assert "not that door's" in reply.json()["why"]
    # Of the largest of both nothing is refused for its size: the letters of a header are escaped twice.
    wide = "\U0001f511" * 100
    now, box = world.store.clock.now_seconds(), base64url.encode(bytes(record_v1.MOST_BOX_BYTES))
    said = record_said(sealed_page(present=now, sender=wide, label=wide)[1]) | {"box": box}
    asking = asyncio.create_task(world.ask(wire.post("/api/v1/records", said, Authorization=f"Bearer {token.text}")))
    async with asyncio.timeout(20):
        while not (waiting := await asked_records.waiting(world.store)):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert await asked_records.refuse(world.store, waiting[0], NotMade.WRONG_NAME, is_known=True)
    assert "as localhost" in (await asking).json()["why"]
