"""The six invariants: they hold over a whole life, and each is red when it is broken."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from store import endings
from store.clock import Clock
from store.database import Database
from store.formats import base64url
from store.keyring import Keyring
from store.verifying import invariants
from store.verifying.invariants import Counters, Violation
from tests.store.living import created, viewed
from tests.stores import Home
from tests.verifying.attacked import attack
from tests.verifying.lived import either, live


async def found(home: Home, **given: Any) -> list[Violation]:
    """What the check says."""
    db = Database(home.database_url, Clock())
    try:
        return await invariants.check(db, home.signing, home.keyring, keyring_url=home.keyring_url, **given)
    finally:
        await db.close()


async def counted(home: Home) -> Counters:
    db = Database(home.database_url, Clock())
    try:
        return await invariants.counters(db)
    finally:
        await db.close()


async def test_they_hold_over_every_end_and_every_state(home: Home) -> None:
    """Nothing is found in an installation that has lived, and nothing has gone back while it did."""
    before = await counted(home)
    async with either(home) as store:
        await live(store, home)
    assert await found(home, before=before, canaries=[b"sk_live_canary"]) == []


@dataclass(frozen=True)
class Broken:
    """A statement that breaks an invariant of the drop `:id`, and what must be said."""

    invariant: str
    statement: str
    says: str


BROKEN = (
    Broken("I1", "UPDATE drops SET claim_hash = NULL, outcome = 'revoked' WHERE id = :id", "its row names no claim"),
    Broken("I1", "UPDATE events SET event = 'drop.claimed' WHERE drop_id = :id AND event = 'drop.created'", "2 times"),
    Broken("I2", "INSERT INTO deliveries VALUES (:id, :link, 1, 0)", "a sealed link of it waits"),
    Broken("I2", "INSERT INTO refusals VALUES (:id, :link)", "refused guesses of it are kept"),
    Broken(
        "I3",
        "DELETE FROM notices WHERE drop_id = :id AND audience = 'audit' AND about LIKE '%drop.claimed%'",
        "notices",
    ),
    Broken("I3", "DELETE FROM events WHERE drop_id = :id AND event = 'drop.acknowledged'", "not numbered one by one"),
    Broken("I3", "DELETE FROM log_pending", "is in 0 places"),
    Broken("I3", "DELETE FROM drops WHERE id = :id", "has events and no row"),
    Broken("I6", "UPDATE drops SET sends = 2 WHERE id = :id", "sends"),
)


@pytest.mark.parametrize("broken", BROKEN, ids=lambda one: f"{one.invariant}-{one.says.replace(' ', '-')}")
async def test_each_is_red_when_it_is_broken(home: Home, broken: Broken) -> None:
    """By its number and the drop's id, and never a value of the row."""
    async with either(home) as store:
        drop = await created(store)
        await viewed(store, home, drop)
    values = {"id": drop.new.id, "link": bytes(100)}
    values = {name: value for name, value in values.items() if f":{name}" in broken.statement}
    await asyncio.to_thread(attack, home, (broken.statement, values))
    said = [one.says for one in await found(home) if one.invariant == broken.invariant]
    assert any(broken.says in one for one in said), said


async def test_a_row_that_is_held_by_a_claim_without_an_event(home: Home) -> None:
    """I1 looks from the rows to the events, too."""
    async with either(home) as store:
        drop = await created(store)
    claimed = "UPDATE drops SET state = 'claimed', claim_hash = :claim, claimed_at = 1, claim_until = 2 WHERE id = :id"
    await asyncio.to_thread(attack, home, (claimed, {"id": drop.new.id, "claim": bytes(32)}))
    said = [one.says for one in await found(home) if one.invariant == "I1"]
    assert said == [f"drop {base64url.encode(drop.new.id)} is held by a claim, and no event says so"]


async def test_a_key_that_outlived_its_drop(home: Home) -> None:
    """I2 looks into the keyring: a live key of a destroyed drop opens every old backup."""
    async with either(home) as store:
        drop = await created(store)
        await endings.revoke(store, drop.new.id)
        store.keyring.create(drop.new.id)
    said = [one.says for one in await found(home) if one.invariant == "I2"]
    assert said == [f"drop {base64url.encode(drop.new.id)} is destroyed, and its key is there"]
    Keyring(home.keyring).erase(drop.new.id)
    assert await found(home) == []


async def test_counters_that_went_back(home: Home) -> None:
    """I4 holds a later look against an earlier one: a restored row gives guesses back."""
    async with either(home) as store:
        drop = await created(store)
    await asyncio.to_thread(attack, home, ("UPDATE drops SET guesses = 3 WHERE id = :id", {"id": drop.new.id}))
    before = await counted(home)
    await asyncio.to_thread(attack, home, ("UPDATE drops SET guesses = 0 WHERE id = :id", {"id": drop.new.id}))
    said = [one.says for one in await found(home, before=before) if one.invariant == "I4"]
    assert said == [f"a counter of drop {base64url.encode(drop.new.id)} has gone back"]


@pytest.mark.parametrize("where", ["row", "file"])
async def test_a_canary_that_was_kept(home: Home, where: str) -> None:
    """I5 finds it in any column of any table, and in the keyring; it does not repeat it."""
    async with either(home) as store:
        drop = await created(store)
    if where == "row":
        hint = "UPDATE drops SET hint = :canary WHERE id = :id"
        await asyncio.to_thread(attack, home, (hint, {"id": drop.new.id, "canary": b"xx-sesame-xx"}))
    else:
        (home.keyring / "drops" / "left").write_bytes(b"xx-sesame-xx")
    said = [one for one in await found(home, canaries=[b"sesame"]) if one.invariant == "I5"]
    assert len(said) == 1
    assert "sesame" not in said[0].says
