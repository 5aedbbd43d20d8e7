"""Making a record with a token: the bounds of one, and the bot's reasons against it, as problems."""

import asyncio

import pytest

from store import asked_records
from store.asked_words import NotMade
from store.formats.api_token_v1 import ApiToken
from tests.sealed_elsewhere import record_said, sealed_record
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
