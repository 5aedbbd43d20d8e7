"""Receipts in words that our programs write, and untrue: the log cannot know, and `--store` finds them."""

import asyncio
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from store import claims, endings, events, receipts
from store.drops import WHOLE
from store.formats import receipt_v1
from store.log.sequencer import Sequencer
from store.schema import drops
from store.words import Actor, Event
from tests.store.living import SOMEBODY, created
from tests.store.test_log import drained
from tests.stores import Home
from tests.verifying.attacked import checked, require_failure

REAL = receipt_v1.facts


@pytest.mark.parametrize(
    ("lie", "says"),
    [
        ({"ended_at": 0}, "another ended_at than its row"),
        ({"may_repeat": False}, "another may_repeat than its events"),
        ({"passphrase": "verified"}, "another passphrase than its events"),
        ({"failed_guesses": 3}, "another number of failed guesses"),
        ({"sealed_by": "client"}, "another sealed_by"),
        ({"ended_by": "admin"}, "another ended_by"),
    ],
)
async def test_an_untrue_receipt_is_found(
    home: Home, lie: dict[str, Any], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each member that an event or the row bears out is held against it."""
    async with home.open("bot") as bot, home.open("web") as web:
        drop = await created(bot)
        await claims.claim(web, drop.present(), SOMEBODY)

        def lying(ending: receipt_v1.Ending) -> dict[str, Any]:
            told = {"ended_at": ending.destroyed_at + 1000} if "ended_at" in lie else lie
            return REAL(replace(ending, **told))

        monkeypatch.setattr(receipt_v1, "facts", lying)
        assert await endings.finish(web, drop.new.id, claimed_by=Actor.SENDER)
        monkeypatch.undo()
        assert await drained(Sequencer(bot, home.signing)) == []
    require_failure(await asyncio.to_thread(checked, home), f"^drops: .*its receipt says {says}")


async def test_a_receipt_of_a_live_drop_is_found(home: Home) -> None:
    """The web program's key may sign that a drop expired and was destroyed; its row says that it lives."""
    async with home.open("bot") as bot, home.open("web") as web:
        drop = await created(bot)
        async with web.db.write() as tx:
            row = (await tx.execute(drops.select().where(drops.c.id == drop.new.id))).one()
            at = row.expires_at
            story: list[tuple[int, Event, dict[str, Any]]] = [
                (2, Event.EXPIRED, {"by": "clock"}),
                (3, Event.DESTROYED, {"outcome": "expired", "by": "clock", "sends": 0}),
            ]
            for n, event, facts in story:
                await events.append(tx, web, event, drop_id=drop.new.id, n=n, at=at, facts=facts)
            ended = {"outcome": "expired", "ended_by": "clock", "ended_at": at, "destroyed_at": at}
        made_up: Any = SimpleNamespace(**{**row._mapping, **ended, "n": 4, "recurred": False})
        earlier = receipts.events_of(await web.db.look_at_all(WHOLE, {"drop_id": drop.new.id}))
        _, receipt = await receipts.rows(web, made_up, earlier, [], medium="ext4 on dm-crypt")
        async with web.db.write() as tx:
            await events.written(tx, receipt)
        assert await drained(Sequencer(bot, home.signing)) == []
    findings = await asyncio.to_thread(checked, home)
    require_failure(findings, "^drops: .*its column state is 'sealed' and its events say 'destroyed'")
    require_failure(findings, "^drops: .*its receipt says another outcome than its row and its events")
