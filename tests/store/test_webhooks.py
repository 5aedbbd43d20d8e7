"""What endpoints are owed: every event of the log once, in order for each drop, and nothing lost."""

import asyncio

import pytest
from sqlalchemy import func, select

from store import endings, webhooks, webhooks_standing
from store.log import another
from store.log.latest import Latest
from store.log.log_key import NAME, LogSigner
from store.log.sequencer import Sequencer
from store.opened import Store
from store.schema_of_webhooks import webhook_deliveries, webhook_endpoints
from store.webhooks import Owed
from store.words import Event
from tests.store.faults import Crash, dying
from tests.store.living import created, viewed
from tests.store.test_log import drained
from tests.store.webhooks import SIEM, drain, enrolled, everything, leased, published, told
from tests.stores import Home

DAY = 86_400


@pytest.fixture
def held(home: Home) -> Home:
    """An installation whose time stands still until it is moved."""
    home.hold_clock()
    return home


async def rows(store: Store) -> int:
    async with store.db.read() as tx:
        return await tx.scalar(select(func.count()).select_from(webhook_deliveries)) or 0


async def deliver(store: Store, sent: list[Owed]) -> None:
    """The three durable acts of a delivery."""
    await webhooks.fan_out(store, SIEM, everything)
    sent.append(await leased(store))
    await webhooks.settle(store, sent[0])


async def test_every_event_is_told_in_its_order(home: Home) -> None:
    """A whole life, from the bot and from the web program, behind what happened before the endpoint was named."""
    async with home.open("bot") as bot, home.open("web") as web:
        await created(bot)
        sequencer = await enrolled(bot, home)
        drop = await created(bot)
        await viewed(web, home, drop)
        await told(bot)
        assert await rows(bot) == 0, "told before it is published"
        await drained(sequencer)
        await told(bot)
        taken = await drain(bot)
        assert [one.event for one in taken] == [
            Event.CREATED,
            Event.CLAIMED,
            Event.ACKNOWLEDGED,
            Event.DESTROYED,
            Event.RECEIPT,
        ]
        assert len({one.jti for one in taken}) == len(taken)
        assert await rows(bot) == 0
        assert not await webhooks.fan_out(bot, SIEM, everything)


async def test_what_an_endpoint_does_not_want_is_not_kept_for_it(home: Home) -> None:
    """And is not looked at again."""
    async with home.open("bot") as store:
        sequencer = await enrolled(store, home)
        [drop] = await published(store, sequencer)
        await endings.revoke(store, drop.new.id)
        await drained(sequencer)
        assert await webhooks.fan_out(store, SIEM, lambda event: event == Event.REVOKED)
        assert [one.event for one in await drain(store)] == [Event.REVOKED]
        assert not await webhooks.fan_out(store, SIEM, everything)


async def test_two_bots_owe_each_event_once(home: Home) -> None:
    """Both write down what is owed at once, again and again, while drops are made."""
    async with home.open("bot") as one, home.open("bot") as other:
        sequencer = await enrolled(one, home)
        for _ in range(5):
            made = await published(one, sequencer, drops=5)
            await asyncio.gather(*(webhooks.fan_out(bot, SIEM, everything) for bot in (one, other) * 3))
            await told(one)
            taken = await asyncio.gather(drain(one), drain(other))
            positions = [delivery.position for some in taken for delivery in some]
            assert len(positions) == len(set(positions)) == len(made)


@pytest.mark.parametrize("after", [False, True])
async def test_a_crash_loses_no_event(home: Home, after: bool) -> None:
    """Whatever is written of telling and delivering dies with the program: the event comes, with the same id."""
    async with home.open("bot") as store:
        sequencer = await enrolled(store, home)
        for act in range(1, 4):
            await published(store, sequencer)
            dead, fate = dying(store, act, after=after)
            sent: list[Owed] = []
            with pytest.raises(Crash):
                await deliver(dead, sent)
            assert fate.acts == act
            home.advance_clock(61)
            await told(store)
            again = await drain(store)
            is_settled = act == 3 and after
            assert len(again) == (0 if is_settled else 1)
            assert not sent or is_settled or again[0].jti == sent[0].jti


async def test_a_delivery_is_in_one_programs_hands(held: Home) -> None:
    """For a minute; then somebody else has it, and whoever was slow undoes nothing of what they did."""
    async with held.open("bot") as store:
        sequencer = await enrolled(store, held)
        await published(store, sequencer)
        await told(store)
        slow = await leased(store)
        assert await webhooks.lease(store, SIEM) is None
        held.advance_clock(61)
        quick = await leased(store)
        assert (quick.jti, quick.tries) == (slow.jti, 2)
        assert await webhooks.put_off(store, slow, 1, "timeout")
        held.advance_clock(2)
        assert await webhooks.lease(store, SIEM) is None, "the later lease was undone"
        await webhooks.give_up(store, slow, "answered_410")
        assert await webhooks_standing.failed(store, [SIEM]) == []
        await webhooks.settle(store, slow)
        assert await rows(store) == 0, "what was taken is taken, whoever says so"


async def test_a_drops_events_wait_for_each_other_and_for_nobody_elses(held: Home) -> None:
    """What an endpoint refuses holds up its own drop alone, and is not overtaken there."""
    async with held.open("bot") as store:
        sequencer = await enrolled(store, held)
        stuck, free = await published(store, sequencer, drops=2)
        for drop in (stuck, free):
            await endings.revoke(store, drop.new.id)
        await drained(sequencer)
        await told(store)
        first = await leased(store)
        await webhooks.put_off(store, first, 300, "answered_500")
        taken = await drain(store)
        assert [one.event for one in taken] == [Event.CREATED, Event.REVOKED, Event.DESTROYED, Event.RECEIPT]
        held.advance_clock(301)
        after = await drain(store)
        assert after[0].jti == first.jti
        assert [one.event for one in after] == [one.event for one in taken]


async def test_events_of_no_drop_are_in_order_among_themselves(held: Home) -> None:
    """The log's own are not overtaken by each other, and hold up no drop."""
    async with held.open("bot") as store:
        await webhooks.enrol(store, [SIEM])
        sequencer = Sequencer(store, held.signing)
        await published(store, sequencer)
        await told(store)
        opened = await leased(store)
        assert opened.event == Event.LOG_OPENED
        await webhooks.put_off(store, opened, 60, "timeout")
        assert [one.event for one in await drain(store)] == [Event.CREATED]


async def test_a_dead_endpoint_delays_nobody_and_loses_nothing(held: Home) -> None:
    """It is tried for three days from its first try on, then given up and kept; the other one has all at once."""
    async with held.open("bot") as store:
        sequencer = await enrolled(store, held, SIEM, "dead")
        await published(store, sequencer, drops=3)
        for name in ("dead", SIEM):
            await told(store, name)
        held.advance_clock(10 * DAY)  # nobody has tried so far, and so nothing is over
        assert len(await drain(store)) == 3
        hours = 0
        while (one := await webhooks.lease(store, "dead")) is not None or hours < 72:
            if one is None:
                held.advance_clock(3600)
                hours += 1
            else:
                goes_on = await webhooks.put_off(store, one, 7 * 3600, "unreachable")
                assert goes_on == (hours < 72), hours
        assert await webhooks.lease(store, "dead") is None
        [failed] = await webhooks_standing.failed(store, ["dead", SIEM])
        assert (failed.endpoint, failed.count, failed.why) == ("dead", 3, "unreachable")
        held.advance_clock(365 * DAY)
        assert await webhooks.lease(store, "dead") is None
        assert await webhooks.replay(store, "dead") == 3
        assert len(await drain(store, "dead")) == 3
        assert await webhooks_standing.failed(store, ["dead"]) == []


async def test_a_given_up_event_holds_up_no_later_one(held: Home) -> None:
    """An endpoint that says Gone to one event of a drop is told the next; Replay brings it again, for three days."""
    async with held.open("bot") as store:
        sequencer = await enrolled(store, held)
        [drop] = await published(store, sequencer)
        await endings.revoke(store, drop.new.id)
        await drained(sequencer)
        await told(store)
        gone = await leased(store)
        await webhooks.give_up(store, gone, "answered_410")
        assert [one.event for one in await drain(store)] == [Event.REVOKED, Event.DESTROYED, Event.RECEIPT]
        held.advance_clock(30 * DAY)
        assert await webhooks.replay(store, SIEM) == 1
        again = await leased(store)
        assert (again.jti, again.tries) == (gone.jti, 1)
        assert await webhooks.put_off(store, again, 60, "timeout"), "Replay is not one try, but three days of them"


async def test_replay_does_not_wait_for_the_next_try(held: Home) -> None:
    """What is put off for hours is due at once, what is in somebody's hands stays there."""
    async with held.open("bot") as store:
        sequencer = await enrolled(store, held)
        await published(store, sequencer, drops=2)
        await told(store)
        await webhooks.put_off(store, await leased(store), 8 * 3600, "timeout")
        held_back = await leased(store)
        assert await webhooks.replay(store, SIEM) == 1
        assert len(await drain(store)) == 1
        await webhooks.settle(store, held_back)
        assert await rows(store) == 0


async def test_how_it_stands(held: Home) -> None:
    """What is ahead, what waits, what failed and why, of every endpoint that there ever was."""
    async with held.open("bot") as store:
        sequencer = await enrolled(store, held, SIEM, "other")
        await published(store, sequencer, drops=3)
        await told(store)
        await webhooks.give_up(store, await leased(store), "answered_410")
        other, siem = await webhooks_standing.standing(store)
        assert (other.endpoint, other.ahead, other.waiting, other.failed, other.why) == ("other", 3, 0, 0, None)
        assert (siem.endpoint, siem.ahead, siem.waiting, siem.failed, siem.why) == (SIEM, 0, 2, 1, "answered_410")
        assert await webhooks_standing.failed(store, ["other"]) == []
        assert await webhooks_standing.failed(store, []) == []


async def test_an_endpoint_that_was_named_before_goes_on_where_it_was(home: Home) -> None:
    """Naming it again at each start moves nothing."""
    async with home.open("bot") as store:
        sequencer = await enrolled(store, home)
        await published(store, sequencer, drops=2)
        await webhooks.enrol(store, [SIEM])
        await webhooks.enrol(store, [])
        await told(store)
        assert len(await drain(store)) == 2
        async with store.db.read() as tx:
            assert len((await tx.execute(select(webhook_endpoints))).all()) == 1


async def test_what_another_log_has_comes_after_the_log_before(home: Home) -> None:
    """Endpoints go on over a log that was opened after a restored backup."""
    async with home.open("bot") as store:
        sequencer = await enrolled(store, home)
        await published(store, sequencer)
        signer = LogSigner(home.signing / NAME)
        await another.open_another(store, signer, Latest(home.signing, signer), despite_damage=False, force=True)
        await published(store, Sequencer(store, home.signing))
        await told(store)
        assert [one.event for one in await drain(store)] == [Event.CREATED, Event.LOG_OPENED, Event.CREATED]


async def test_what_a_dead_endpoint_is_owed_stays_in_the_log(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a bound nothing more is written down for it; once it is back it is told all of it, in order."""
    monkeypatch.setattr(webhooks, "_MOST_WAITING", 3)
    monkeypatch.setattr(webhooks, "_MOST_LEAVES", 1)
    async with home.open("bot") as store:
        sequencer = await enrolled(store, home)
        await published(store, sequencer, drops=8)
        await told(store)
        assert await rows(store) == 3
        [siem] = await webhooks_standing.standing(store)
        assert (siem.waiting, siem.ahead) == (3, 5)
        await webhooks.give_up(store, await leased(store), "answered_410")
        await told(store)
        assert (await webhooks_standing.standing(store))[0].waiting == 3, "what was given up takes nobody's place"
        positions = []
        while taken := await drain(store):
            positions += [one.position for one in taken]
            await told(store)
        assert positions == sorted(positions)
        assert len(positions) == 7
