"""The bot's answers to records that clients ask for: who may, and what is believed of the database."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import insert

from sandbox.fixtures import MAYA
from store import asked_doors, asked_records, delivery_keys, record_bounds, record_endings, records
from store.asked_doors import Asked
from store.asked_records import Stands
from store.asked_words import AskedRecord as State
from store.asked_words import NotMade
from store.formats import asked_record_v1, delivery_v1
from store.formats.api_token_v1 import ApiToken
from store.formats.asked_record_v1 import AskedRecord
from store.months import month_of
from store.schema_of_records import asked_records as table
from tests.bot.desk import Desk
from tests.bot.test_orders_asked import token_of
from tests.sealed_elsewhere import sealed_page, sealed_record


async def answered(desk: Desk, asked: Asked) -> Stands:
    """How it stands once the bot has answered."""
    async with asyncio.timeout(20):
        while (stands := await asked_records.look(desk.store, asked)).state is State.ASKED:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return stands


async def ask(desk: Desk, token: ApiToken, **changed: Any) -> tuple[AskedRecord, Stands]:
    """Ask, and wait for the answer."""
    async with asyncio.timeout(20):
        while await delivery_keys.newest(desk.store.db) is None:  # noqa: ASYNC110 - the bot's act
            await asyncio.sleep(0.05)
    _, asked = sealed_record(**changed)
    return asked, await answer_to(desk, token, asked)


async def answer_to(desk: Desk, token: ApiToken, asked: Asked) -> Stands:
    """What the bot says of it."""
    await asked_records.ask(desk.store, token, asked)
    return await answered(desk, asked)


async def test_a_record_is_its_owners(desk: Desk) -> None:
    """On Slack's word that they may hand over secrets, each time anew."""
    token = await token_of(desk)
    asked, stands = await ask(desk, token)
    assert stands.state is State.DONE
    held = await records.find(desk.store, asked.id)
    assert held.named is not None
    assert held.named.owner == MAYA
    person = desk.sandbox.workspace.people[MAYA]
    person.is_restricted = True
    _, stands = await ask(desk, token)
    assert stands == Stands(State.REFUSED, why=NotMade.MAY_NOT_SEND)
    person.is_restricted, person.deleted = False, True
    _, stands = await ask(desk, token)
    assert stands == Stands(State.REFUSED, why=NotMade.MAY_NOT_SEND)


async def test_beyond_the_bounds_of_one_person(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each with its own word, also what a web program let through that should not; the next one is judged anew."""
    monkeypatch.setattr(record_bounds, "MOST_LIVE", 1)
    token = await token_of(desk)
    asked, stands = await ask(desk, token, lives_seconds=366 * 86_400)
    assert stands == Stands(State.REFUSED, why=NotMade.TOO_LONG)
    first, stands = await ask(desk, token, lives_seconds=365 * 86_400)
    assert stands.state is State.DONE
    asked, stands = await ask(desk, token)
    assert stands == Stands(State.REFUSED, why=NotMade.TOO_MANY)
    async with desk.home.open("bot") as bot:
        await record_endings.revoke(bot, first.id)
    await asked_records.ask(desk.store, token, asked)
    assert (await answered(desk, asked)).state is State.DONE


async def test_a_slack_that_is_away_is_waited_for(desk: Desk) -> None:
    """Nothing is refused for it, and nothing made."""
    token = await token_of(desk)
    desk.sandbox.fault("users.info", "http_500", times=2)
    _, stands = await ask(desk, token)
    assert stands.state is State.DONE


async def test_what_somebody_wrote_into_the_database_is_not_believed(desk: Desk) -> None:
    """A question with a token that nobody gave, and one that somebody damaged, which holds up nobody."""
    token = await token_of(desk)
    await ask(desk, token)
    key = await delivery_keys.newest(desk.store.db)
    assert key is not None
    _, asked = sealed_record()
    now = desk.store.clock.now_seconds()
    said = asked_record_v1.to_seal(ApiToken(token.id, bytes(32)), asked, now + 60)
    month = month_of(now * 1000)
    row = {
        **asked_doors.columns(desk.store.months.to_write(month), asked),
        "state": "asked",
        "token_id": token.id,
        "asked": bytes(32),
        "month": month,
        "until": 2**50,
    }
    async with desk.store.db.write() as tx:
        question = delivery_v1.seal(key.public, asked.id, said)
        await tx.execute(insert(table).values(id=asked.id, question=question, **row))
        damaged = {**row, "box": b"x", "until": 2**49}
        await tx.execute(insert(table).values(id=bytes(16), question=b"x", **damaged))
    assert await answered(desk, asked) == Stands(State.REFUSED, why=NotMade.NO_TOKEN)


async def test_a_page_names_whoever_makes_it(desk: Desk) -> None:
    """As Slack knows them, or this server: a token must not have a page say that somebody else shares it."""
    token = await token_of(desk)
    await ask(desk, token)
    now = desk.store.clock.now_seconds()
    for sender, stands in (
        ("Sam Wright, Security", State.REFUSED),
        (desk.sandbox.workspace.people[MAYA].real_name, State.DONE),
        ("localhost", State.DONE),
    ):
        _, page = sealed_page(present=now, sender=sender)
        came = await answer_to(desk, token, page)
        assert came.state is stands, sender
        assert came.why is (NotMade.WRONG_NAME if stands is State.REFUSED else None)
