"""What an endpoint does not take holds up what comes after it of the same thing, costs nothing, and ends."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import func, select, text

from store import sweeper, tokens, webhooks, webhooks_standing
from store.log.sequencer import Sequencer
from store.opened import Store
from store.schema_of_tokens import tokens as token_table
from store.schema_of_webhooks import webhook_deliveries
from store.words import Actor, Event
from tests.store.test_log import drained
from tests.store.webhooks import SIEM, drain, enrolled, everything, leased, published, told
from tests.stores import Home

DAY = 86_400
USES = 4


@pytest.fixture
def held(home: Home) -> Home:
    """An installation whose time stands still until it is moved."""
    home.hold_clock()
    return home


@dataclass(frozen=True)
class Leaf:
    """A leaf as `webhooks` reads it."""

    position: int
    drop_id: bytes | None
    event: str = Event.CREATED
    jti: str = ""
    leaf: bytes | None = None


async def used(store: Store, sequencer: Sequencer, owner: str, times: int = USES) -> bytes:
    """A token that was made and used, all of it published; its id."""
    token, _ = await tokens.make(store, "TACME", owner)
    for _ in range(times):
        async with store.db.write() as tx:
            assert await tokens.record_use(tx, store, token.id)
    await drained(sequencer)
    return token.id


async def refused(store: Store, *words: str) -> list[str]:
    """An endpoint that takes everything but these events, whatever is sent; what it takes."""
    taken = []
    while (one := await webhooks.lease(store, SIEM)) is not None:
        if one.event in words:
            await webhooks.put_off(store, one, 3600, "answered_400")
        else:
            taken.append(one.event)
            await webhooks.settle(store, one)
    return taken


async def test_a_refused_class_holds_up_its_own_subject_alone(held: Home) -> None:
    """Refused uses of tokens stop no other token, no key, no person, and no drop."""
    async with held.open("bot") as store:
        await webhooks.enrol(store, [SIEM])
        sequencer = Sequencer(store, held.signing)
        for owner in ("UDANA", "UMAYA"):
            await used(store, sequencer, owner)
        await published(store, sequencer)
        await told(store)
        taken = await refused(store, Event.TOKEN_USED, Event.LOG_OPENED)
        assert sorted(taken) == [Event.CREATED, Event.TOKEN_CREATED, Event.TOKEN_CREATED]
        held.advance_clock(3601)
        again = [one.event for one in await drain(store)]
        assert sorted(again) == sorted([Event.LOG_OPENED, *[Event.TOKEN_USED] * 2 * USES])


async def test_a_tokens_events_wait_for_each_other(held: Home) -> None:
    """Its making, each use, its end: none overtakes another."""
    async with held.open("bot") as store:
        sequencer = await enrolled(store, held)
        token_id = await used(store, sequencer, "UDANA")
        await tokens.revoke(store, token_id, by=Actor.SENDER)
        await drained(sequencer)
        await told(store)
        made = await leased(store)
        assert (made.event, await webhooks.lease(store, SIEM)) == (Event.TOKEN_CREATED, None)
        await webhooks.settle(store, made)
        rest = await drain(store)
        assert [one.event for one in rest] == [*[Event.TOKEN_USED] * USES, Event.TOKEN_REVOKED]


async def test_many_refused_ones_hold_up_no_longer_than_one(held: Home) -> None:
    """Three days behind its use a token's end is told, however often it was used; and what is new has its own time."""
    async with held.open("bot") as store:
        sequencer = await enrolled(store, held)
        token_id = await used(store, sequencer, "UDANA")
        await tokens.revoke(store, token_id, by=Actor.SENDER)
        await drained(sequencer)
        await told(store)
        assert await refused(store, Event.TOKEN_USED) == [Event.TOKEN_CREATED]
        held.advance_clock(3 * DAY - 60)
        assert await refused(store, Event.TOKEN_USED) == []
        assert await webhooks_standing.failed(store, [SIEM]) == []
        held.advance_clock(120)
        assert await refused(store, Event.TOKEN_USED) == [Event.TOKEN_REVOKED]
        [failed] = await webhooks_standing.failed(store, [SIEM])
        assert failed.count == USES
        assert await webhooks.replay(store, SIEM) == USES
        assert [one.event for one in await drain(store)] == [Event.TOKEN_USED] * USES


async def test_what_happened_later_is_tried_for_as_long(held: Home) -> None:
    """Behind one that was given up the next is not given up with it: three days from when it happened."""
    async with held.open("bot") as store:
        sequencer = await enrolled(store, held)
        token_id = await used(store, sequencer, "UDANA", times=1)
        await told(store)
        assert await refused(store, Event.TOKEN_USED) == [Event.TOKEN_CREATED]
        held.advance_clock(2 * DAY)
        async with store.db.write() as tx:
            assert await tokens.record_use(tx, store, token_id)
        await drained(sequencer)
        await told(store)
        for day, failed in ((3, 1), (4, 1), (5, 2)):
            held.reset_clock()
            held.hold_clock()
            held.advance_clock(day * DAY + 60)
            assert await refused(store, Event.TOKEN_USED) == []
            assert [one.count for one in await webhooks_standing.failed(store, [SIEM])] == [failed]


async def test_what_holds_itself_up_takes_nobodys_place(held: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused class that is longer than the bound does not keep drops from being told."""
    monkeypatch.setattr(webhooks, "_MOST_WAITING", 3)
    monkeypatch.setattr(webhooks, "_MOST_LEAVES", 2)
    async with held.open("bot") as store:
        sequencer = await enrolled(store, held)
        await used(store, sequencer, "UDANA", times=8)
        await published(store, sequencer)
        taken = []
        while await webhooks.fan_out(store, SIEM, everything):
            taken += await refused(store, Event.TOKEN_USED)
        assert taken == [Event.TOKEN_CREATED, Event.CREATED]


async def test_a_damaged_leaf_holds_up_nothing(held: Home) -> None:
    """What says of itself no more what it is about is of its word."""
    async with held.open("bot") as store:
        sequencer = await enrolled(store, held)
        await published(store, sequencer)
        await told(store)
        async with store.db.write() as tx:
            damaged = [Leaf(10**6, None, Event.TOKEN_USED, "a", b"no leaf"), Leaf(10**6 + 1, None, Event.KEY_ROTATED)]
            await webhooks._owe(tx, SIEM, damaged, 0)
            assert await tx.scalar(select(func.count()).select_from(webhook_deliveries)) == 3


async def looked_at(store: Store) -> int | str:
    """The rows that the database touches to find what is due; SQLite names the way alone."""
    due = webhooks._due(store, SIEM).limit(1)
    async with store.db.read() as tx:
        asked = due.compile(dialect=tx.dialect, compile_kwargs={"literal_binds": True})
        if store.db.is_sqlite:
            return str([row[-1] for row in (await tx.execute(text(f"EXPLAIN QUERY PLAN {asked}"))).all()])
        plan = (await tx.execute(text(f"EXPLAIN (ANALYZE, FORMAT JSON) {asked}"))).scalar_one()
    return _rows(plan[0]["Plan"])


def _rows(node: dict[str, Any]) -> int:
    own = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    return int(own) + sum(_rows(below) for below in node.get("Plans", []))


@pytest.mark.parametrize("is_analyzed", [False, True])
async def test_what_waits_costs_no_look(held: Home, is_analyzed: bool) -> None:
    """Thousands behind one another and thousands that are put off: what is due is found without going over them."""
    async with held.open("bot") as store:
        sequencer = await enrolled(store, held)
        async with store.db.write() as tx:
            later = store.clock.now_seconds() * 1000 + DAY * 1000
            one_lane = [Leaf(10**6 + number, b"x" * 16) for number in range(2000)]
            lanes = [Leaf(2 * 10**6 + number, number.to_bytes(16, "big")) for number in range(2000)]
            await webhooks._owe(tx, SIEM, [*one_lane, *lanes], later)
        await published(store, sequencer)
        await told(store)
        if is_analyzed:
            async with store.db.write() as tx:
                await tx.execute(text("ANALYZE webhook_deliveries"))
        found = await looked_at(store)
        if isinstance(found, str):
            assert "webhook_deliveries_turns (endpoint=? AND not_before<?)" in found
            assert "TEMP B-TREE" not in found
        else:
            assert found < 50
        assert [one.event for one in await drain(store)] == [Event.CREATED]


async def test_what_was_given_up_is_kept_for_ninety_days(held: Home) -> None:
    """Then it is in the log alone; what waits is kept for as long as it waits."""
    async with held.open("bot") as store:
        sequencer = await enrolled(store, held)
        await published(store, sequencer, drops=2)
        await told(store)
        await webhooks.give_up(store, await leased(store), "answered_410")
        for days, count in ((89, 1), (2, 0)):
            held.advance_clock(days * DAY)
            await sweeper.sweep(store)
            assert sum(one.count for one in await webhooks_standing.failed(store, [SIEM])) == count
        assert len(await drain(store)) == 1


async def test_what_is_stuck_is_said(held: Home) -> None:
    """Since when, why, what waits with it and behind it; not at once, not for others, not after Replay."""
    async with held.open("bot") as store:
        sequencer = await enrolled(store, held, SIEM, "other")
        began = store.clock.now_seconds()
        await used(store, sequencer, "UDANA")
        await published(store, sequencer)
        await told(store)
        assert await refused(store, Event.TOKEN_USED) == [Event.TOKEN_CREATED, Event.CREATED]
        await published(store, sequencer)
        assert await webhooks_standing.stuck(store, [SIEM, "other"]) == []
        held.advance_clock(301)
        [stuck] = await webhooks_standing.stuck(store, [SIEM, "other"])
        assert (stuck.endpoint, stuck.count, stuck.ahead, stuck.why) == (SIEM, USES, 1, "answered_400")
        assert stuck.since // 1000 == began
        assert await webhooks_standing.stuck(store, ["other"]) == await webhooks_standing.stuck(store, []) == []
        assert await webhooks.replay(store, SIEM) == 1
        assert await webhooks_standing.stuck(store, [SIEM]) == []


async def test_a_turn_that_ends_as_the_next_event_comes_is_given_to_it(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One bot writes down what comes next while another is told that what had the turn was taken."""
    async with home.open("bot") as one, home.open("bot") as other:
        sequencer = await enrolled(one, home)
        await used(one, sequencer, "UDANA", times=0)
        await told(one)
        made = await leased(one)
        async with one.db.write() as tx:
            [token_id] = (await tx.execute(select(token_table.c.id))).scalars()
            assert await tokens.record_use(tx, one, token_id)
        await drained(sequencer)
        owe, settling = webhooks._owe, []

        async def owe_slowly(*args: Any) -> None:
            await owe(*args)
            settling.append(asyncio.create_task(webhooks.settle(other, made)))
            await asyncio.wait(settling, timeout=0.5)  # it has to wait for the commit, or the turn is nobody's

        monkeypatch.setattr(webhooks, "_owe", owe_slowly)
        await webhooks.fan_out(one, SIEM, everything)
        await asyncio.gather(*settling)
        assert [delivery.event for delivery in await drain(one)] == [Event.TOKEN_USED]
