"""Receipts and the log: it takes each that our programs write, and none that the web program's key made up."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text, update

from store import endings, events
from store.formats import receipt_v1
from store.formats.event_v1 import Fact
from store.log.sequencer import Sequencer
from store.schema import drops
from store.schema import events as rows
from store.signer import Signed, Signer
from store.words import Event
from tests.store.living import created
from tests.store.test_log import drained
from tests.stores import Home

REAL = receipt_v1.facts
LIES: dict[str, tuple[Callable[[receipt_v1.Ending], dict[str, Fact]], str]] = {
    "a word": (lambda ending: REAL(replace(ending, verification="notarised in person")), "of the recipient"),
    "a place": (lambda ending: REAL(replace(ending, medium="tmpfs on memory; all backups destroyed")), "of where"),
    "a sentence": (lambda ending: REAL(ending) | {"also_attests": ["nobody read it"]}, "members that no receipt has"),
    "a person": (lambda ending: REAL(replace(ending, ended_by="clock")), "in this way"),
    "an outcome": (lambda ending: REAL(replace(ending, outcome="expired", ended_by="clock")), "an event drop.revoked"),
}


@pytest.mark.parametrize("lie", LIES)
async def test_a_receipt_that_is_made_up_is_no_leaf(home: Home, lie: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The key that the web program holds signs receipts, and the log takes no words that none of ours says."""
    facts, says = LIES[lie]
    async with home.open("bot") as bot:
        drop = await created(bot)
        monkeypatch.setattr(receipt_v1, "facts", facts)
        await endings.revoke(bot, drop.new.id)
        monkeypatch.undo()
        [(_, why)] = await drained(Sequencer(bot, home.signing))
    assert why.startswith("its leaf is no receipt: ")
    assert says in why


async def test_a_receipt_is_of_its_own_type_and_nothing_else_is(home: Home) -> None:
    """An event called a receipt, a receipt called another event, a receipt without content: none is a leaf."""
    async with home.open("bot") as bot, home.open("web") as web:
        drop = await created(bot)
        async with web.db.write() as tx:
            n, at = await events.next_number(tx, web, drop.new.id)
            await events.append(tx, web, Event.RECEIPT, drop_id=drop.new.id, n=n, at=at, facts={"v": 1})
            n, at = await events.next_number(tx, web, drop.new.id)
            renaming: Any = _Renaming(web.signer)
            as_receipt = replace(web, signer=renaming)
            await events.append(tx, as_receipt, Event.ASKED, drop_id=drop.new.id, n=n, at=at)
            n, at = await events.next_number(tx, web, drop.new.id)
            rid = 32 * "0"
            about: dict[str, Any] = {"rid": rid, "drop_id": drop.new.id, "n": n, "at": at}
            await events.written(tx, events.receipt_rows(web, **about, facts={"v": 1}, personal={}))
        refused = [why for _, why in await drained(Sequencer(bot, home.signing))]
    other = "its leaf is of another type than its event"
    assert refused == [other, other, "its leaf is no receipt: a member of the receipt is missing or malformed"]


class _Renaming:
    """Signs everything as a receipt."""

    def __init__(self, signer: Signer) -> None:
        self._signer, self.program = signer, signer.program

    def sign(self, payload: bytes, kind: str) -> Signed:
        return self._signer.sign(payload, receipt_v1.TYPE)


@pytest.mark.parametrize("what", ["people", "leaf", "clock"])
async def test_what_was_damaged_before_keeps_no_receipt_out_of_the_log(home: Home, what: str) -> None:
    """People or first event unreadable, a clock that was set back: the receipt says less, and is a leaf."""
    if what == "clock":
        home.advance_clock(1000)
    async with home.open("bot") as bot:
        drop = await created(bot)
        await drained(Sequencer(bot, home.signing))
        async with bot.db.write() as tx:
            if what == "people":
                await tx.execute(update(drops).values(personal=b"damaged"))
            if what == "leaf":
                on_table = "" if bot.db.is_sqlite else " ON events"
                await tx.execute(text(f"DROP TRIGGER events_are_never_changed{on_table}"))
                await tx.execute(rows.update().where(rows.c.event == Event.CREATED).values(leaf=b"a.W10.c"))
        if what == "clock":
            home.reset_clock()
        await endings.revoke(bot, drop.new.id)
        assert await drained(Sequencer(bot, home.signing)) == []


async def test_a_receipt_of_very_many_events_is_a_leaf(home: Home) -> None:
    """It names the first and the last of them, which is all that the log asks of it."""
    async with home.open("bot") as bot:
        drop = await created(bot)
        async with bot.db.write() as tx:
            n, at = await events.next_number(tx, bot, drop.new.id)
            await events.append(tx, bot, Event.RECIPIENT_VERIFIED, drop_id=drop.new.id, n=n, at=at)
            for _ in range(150):
                n, at = await events.next_number(tx, bot, drop.new.id)
                await events.append(tx, bot, Event.REMINDED, drop_id=drop.new.id, n=n, at=at)
        await endings.revoke(bot, drop.new.id)
        assert await drained(Sequencer(bot, home.signing)) == []
