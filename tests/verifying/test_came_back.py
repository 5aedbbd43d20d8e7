"""What was delivered and came back, on the record: an e-mail may, and nothing else."""

import asyncio

import pytest

from bot.mail_bounced import take_back
from store import endings, events
from store.log.sequencer import Sequencer
from store.opened import Store
from store.words import Actor, Event, Outcome, Way
from tests.bot import bounces
from tests.bot.test_mail_bounced import letter_of, mailed
from tests.store.test_log import drained
from tests.stores import Home
from tests.verifying.attacked import checked, failed


async def findings_of(home: Home, store: Store) -> list[str]:
    """What `sendsecret verify --store` finds, with everything in the log."""
    await drained(Sequencer(store, home.signing))
    return failed(await asyncio.to_thread(checked, home))


async def test_the_record_of_a_letter_that_came_back_holds(home: Home) -> None:
    """Delivered or not by then."""
    async with home.open("bot") as store:
        await drained(Sequencer(store, home.signing))
        for delivered in (True, False):
            sealed = await mailed(store, delivered=delivered)
            await take_back(store, bounces.postfix(letter_of(sealed)))
        assert await findings_of(home, store) == []


@pytest.mark.parametrize("way", [way for way in Way if way is not Way.MAIL])
async def test_the_record_of_anything_else_that_came_back_does_not(sqlite_home: Home, way: Way) -> None:
    """Signed by the right key, its row as its events say: a message of Slack's that stands is not undelivered later."""
    async with sqlite_home.open("bot") as store:
        await drained(Sequencer(store, sqlite_home.signing))
        sealed = await mailed(store, way=way)
        assert await endings._begin(store, sealed.new.id, Outcome.UNDELIVERED, Actor.DELIVERY, why="slack_says_so")
        await endings.finish(store, sealed.new.id)
        [finding] = await findings_of(sqlite_home, store)
        assert "undelivered afterwards, which only an e-mail can be" in finding


async def test_the_record_says_no_delivery_after_its_failure(sqlite_home: Home) -> None:
    """An event more, signed by the right key: it was decided before."""
    async with sqlite_home.open("bot") as store:
        await drained(Sequencer(store, sqlite_home.signing))
        sealed = await mailed(store, delivered=False)
        await take_back(store, bounces.postfix(letter_of(sealed)))
        async with store.db.write() as tx:
            n, at = await events.next_number(tx, store, sealed.new.id)
            await events.append(tx, store, Event.DELIVERED, drop_id=sealed.new.id, n=n, at=at, facts={"way": "mail"})
        said = "\n".join(await findings_of(sqlite_home, store))
        assert "it was delivered when that was decided before" in said
