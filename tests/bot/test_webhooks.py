"""The loops: what happens reaches every endpoint, in order, whatever dies between, and nobody waits for a dead one."""

import asyncio
import io
import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from bot.webhook_body import headers, of_event, of_test
from bot.webhook_call import Answer, Caller
from bot.webhook_endpoint import Endpoint
from bot.webhook_patience import pause
from bot.webhooks import Webhooks
from store import endings, webhooks, webhooks_standing
from store.formats import base64url, event_v1
from store.log.sequencer import Sequencer
from store.opened import Store
from store.words import Event
from tests.bot.consumer import Consumer, consuming, new_secret
from tests.store.living import created, viewed
from tests.store.test_log import drained
from tests.store.webhooks import SIEM, drain, enrolled, leased, published, told
from tests.stores import Home, Sealed

LIFE = [Event.CREATED, Event.CLAIMED, Event.ACKNOWLEDGED, Event.DESTROYED, Event.RECEIPT]


@asynccontextmanager
async def telling(
    store: Store, *endpoints: Endpoint, calling: Callable[[Endpoint], Caller] = Caller
) -> AsyncIterator[None]:
    """The loops of one bot, until the block ends."""
    stop = asyncio.Event()
    running = asyncio.create_task(Webhooks(store, endpoints, calling).run(stop))
    try:
        yield
    finally:
        stop.set()
        await running


def endpoint_of(consumer: Consumer, name: str = SIEM, events: tuple[str, ...] = ()) -> Endpoint:
    return Endpoint(name, consumer.url, (consumer.secret,), events, is_private=True)


def id_of(drop: Sealed) -> str:
    return base64url.encode(drop.new.id)


async def lived(store: Store, home: Home, sequencer: Sequencer, drops: int) -> list[Sealed]:
    """Drops that were opened and are over, all of it published."""
    made = [await created(store) for _ in range(drops)]
    async with home.open("web") as web:  # whose key alone may say that a drop was claimed
        for drop in made:
            await viewed(web, home, drop)
    await drained(sequencer)
    return made


async def test_whole_lives_arrive_in_order_from_two_bots(home: Home) -> None:
    """Each event once, those of a drop one after the other, to each endpoint what it asked for."""
    async with home.open("bot") as one, home.open("bot") as other, consuming() as all_, consuming() as some:
        sequencer = await enrolled(one, home, SIEM, "some")
        endpoints = (endpoint_of(all_), endpoint_of(some, "some", (Event.CLAIMED, "token.")))
        async with telling(one, *endpoints), telling(other, *endpoints):
            drops = await lived(one, home, sequencer, 4)
            await all_.until(lambda consumer: len(consumer.told) >= 20)
            await some.until(lambda consumer: len(consumer.told) >= 4)
        for drop in drops:
            assert all_.of_drop(id_of(drop)) == LIFE
            assert some.of_drop(id_of(drop)) == [Event.CLAIMED]
        assert len(set(all_.ids)) == len(all_.ids) == 20
        assert all_.refused == some.refused == []


async def test_a_dead_endpoint_delays_nobody(home: Home) -> None:
    """Of the other one everything is taken; what the dead one is owed is kept, and comes when it is back."""
    async with home.open("bot") as store, consuming() as alive, consuming() as dead:
        sequencer = await enrolled(store, home, SIEM, "dead")
        is_back: list[bool] = []
        dead.verdict = lambda _told: None if is_back else web.Response(status=503)
        async with telling(store, endpoint_of(alive), endpoint_of(dead, "dead")):
            drops = await lived(store, home, sequencer, 3)
            await alive.until(lambda consumer: len(consumer.told) == 15)
            await dead.until(lambda consumer: len(consumer.seen) >= 3)
            is_back.append(True)
            home.advance_clock(3600)
            await dead.until(lambda consumer: len(consumer.told) == 15)
        for drop in drops:
            assert dead.of_drop(id_of(drop)) == LIFE
        [_, standing] = await webhooks_standing.standing(store)
        assert (standing.endpoint, standing.waiting, standing.failed) == (SIEM, 0, 0)


async def test_what_a_crash_cut_short_comes_again(home: Home) -> None:
    """It was sent and not settled: after a minute it comes once more, with the same id, and the next after it."""
    async with home.open("bot") as store, consuming() as consumer:
        sequencer = await enrolled(store, home)
        [drop] = await published(store, sequencer)
        await endings.revoke(store, drop.new.id)
        await drained(sequencer)
        await told(store)
        owed = await leased(store)
        calling = Caller(endpoint_of(consumer))
        assert await calling.post(owed.jti, of_event(owed)) == Answer()
        await calling.close()
        home.advance_clock(61)
        async with telling(store, endpoint_of(consumer)):
            await consumer.until(lambda it: len(it.told) == 5)
        assert [one["type"] for one in consumer.told[:3]] == [Event.CREATED, Event.CREATED, Event.REVOKED]
        assert Counter(consumer.ids)[owed.jti] == 2


async def test_gone_is_final_and_holds_up_nothing(home: Home) -> None:
    """410 is given up at once; the drop's next events come, and Replay brings what was given up."""

    def gone(told: Mapping[str, object]) -> web.Response | None:
        return web.Response(status=410) if told["type"] == Event.CREATED and not is_back else None

    is_back: list[bool] = []
    async with home.open("bot") as store, consuming(verdict=gone) as consumer:
        sequencer = await enrolled(store, home)
        async with telling(store, endpoint_of(consumer)):
            [drop] = await lived(store, home, sequencer, 1)
            await consumer.until(lambda it: len(it.told) == 4)
            [failed] = await webhooks_standing.failed(store, [SIEM])
            assert (failed.count, failed.why) == (1, "answered_410")
            is_back.append(True)
            assert await webhooks.replay(store, SIEM) == 1
            await consumer.until(lambda it: len(it.told) == 5)
        assert consumer.of_drop(id_of(drop)) == [*LIFE[1:], LIFE[0]]


async def test_an_endpoint_is_left_alone_for_as_long_as_it_asks(home: Home) -> None:
    """And no longer than eight hours."""
    for asked, seconds in (("7200", 7200), ("999999", 8 * 3600)):
        home.reset_clock()
        async with home.open("bot") as store, consuming() as consumer:
            sequencer = await enrolled(store, home, asked)
            home.hold_clock()

            def refuse(told: object, asked: str = asked) -> web.Response:
                return web.Response(status=429, headers={"Retry-After": asked})

            consumer.verdict = refuse
            await published(store, sequencer)
            async with telling(store, endpoint_of(consumer, asked)):
                await consumer.until(lambda it: len(it.seen) == 1)
            home.advance_clock(seconds - 1)
            assert await webhooks.lease(store, asked) is None
            home.advance_clock(2)
            assert [one.tries for one in await drain(store, asked)] == [2]


async def test_an_error_of_ours_ends_no_loop(home: Home, everything_logged: io.StringIO) -> None:
    """It is logged without what it was about, and the delivery comes after its lease."""

    met = asyncio.Event()

    class Broken(Caller):
        async def post(self, message_id: str, text: str) -> Answer:
            met.set()
            raise RuntimeError("canary")

    async with home.open("bot") as store, consuming() as consumer:
        sequencer = await enrolled(store, home)
        await published(store, sequencer)
        async with telling(store, endpoint_of(consumer), calling=Broken):
            async with asyncio.timeout(30):
                await met.wait()
        assert "canary" not in everything_logged.getvalue()
        assert "a webhook failed" in everything_logged.getvalue()
        home.advance_clock(61)
        async with telling(store, endpoint_of(consumer)):
            await consumer.until(lambda it: len(it.told) == 1)


async def test_what_is_said_of_an_event(home: Home) -> None:
    """Its drop, its number, what stands in clear in its leaf, and the leaf; nothing else, and nobody's name."""
    async with home.open("bot") as store:
        sequencer = await enrolled(store, home)
        [drop] = await published(store, sequencer)
        await told(store)
        owed = await leased(store)
        said = json.loads(of_event(owed))
        assert set(said) == {"type", "timestamp", "data"}
        assert said["type"] == Event.CREATED
        assert said["timestamp"].endswith("Z")
        assert said["data"]["drop"] == id_of(drop)
        assert said["data"]["n"] == 1
        assert said["data"]["recipient_class"] == "guest"
        assert "template" in said["data"]
        leaf = said["data"].pop("leaf").encode()
        claims = event_v1.unverified(leaf)
        assert claims["jti"] == owed.jti
        assert said["data"].items() <= claims.items()
        assert not {"_sd", "_sd_alg", "iss", "iat", "jti", "evt"} & said["data"].keys()
        for name in ("Dana Petrov", "UDANA", "UMAYA", "Maya Okafor", "Stripe restricted key"):
            assert name not in of_event(owed)


def test_a_test_says_that_it_is_one() -> None:
    """With the endpoint's name, so that somebody with several sees which one it was."""
    said = json.loads(of_test(1_700_000_000_123, SIEM))
    assert said == {"type": "webhook.test", "timestamp": "2023-11-14T22:13:20.123Z", "data": {"endpoint": SIEM}}
    first, second = headers("x", "{}", [new_secret(), new_secret()], 1_700_000_000)["webhook-signature"].split(" ")
    assert first != second


@pytest.mark.parametrize("chance", [0.0, 0.5, 1.0])
def test_the_pauses(chance: float) -> None:
    """Seconds, then minutes, then hours; never the same for two that failed together, and bounded."""
    pauses = [pause(tries, 0, chance) for tries in range(1, 8)]
    for usual, found in zip((5, 60, 300, 1800, 7200), pauses[:5], strict=True):
        assert 0.8 * usual <= found <= 1.2 * usual
    assert all(6 * 3600 <= found <= 8 * 3600 for found in pauses[5:])
    assert pause(1, 100, chance) == 100
    assert pause(1, 1e9, chance) == 8 * 3600
    assert pause(6, 1, chance) >= 6 * 3600
