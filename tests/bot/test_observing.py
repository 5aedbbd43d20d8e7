"""What the bot tells of itself: whether it is ready and what it lacks, and numbers under words of ours."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from bot import health, webhook_call
from bot.health import Health
from bot.line import ProgramError
from bot.metrics import TRIES, Observing
from bot.sealing import WAITS, SealingPool, TooBusyError
from bot.slack_calls import OUTCOMES, Slack
from bot.webhook_call import Answer
from bot.webhook_endpoint import Endpoint
from sandbox.fixtures import DANA
from sandbox.running import Sandbox
from store import figures
from store.counts import CLAIM_ENDS
from store.figures import Reading
from store.words import Audience
from tests.bot.desk import PASSPHRASE, SECRET, Desk, settings_of, shown_passphrase, working
from tests.bot.orders import order
from tests.bot.posting import posting
from tests.canaries import is_in
from tests.programs import free_port
from tests.scraped import CONTENT_TYPE, Scraped, scraped
from tests.store.living import created
from tests.stores import Home
from tests.web import wire

METHODS = {
    "auth.test",
    "users.info",
    "users.list",
    "conversations.open",
    "chat.postMessage",
    "chat.update",
    "chat.getPermalink",
    "views.open",
    "views.update",
    "views.publish",
    "response_url",
}


@dataclass
class Watched:
    """A desk whose bot tells."""

    desk: Desk
    port: int

    async def get(self, path: str) -> wire.Reply:
        """One question."""
        return await wire.exchange(self.port, wire.get(path))

    async def told(self) -> Scraped:
        """One scrape."""
        return scraped((await self.get("/metrics")).body)


@pytest.fixture
async def watched(sandbox: Sandbox, sqlite_home: Home, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watched]:
    """A bot at work; every question is looked at anew."""
    monkeypatch.setattr(figures, "FRESH_SECONDS", 0)
    monkeypatch.setattr(health, "FRESH_SECONDS", 0)
    port = free_port()
    async with working(sandbox, sqlite_home, bot_metrics_port=port) as desk:
        yield Watched(desk, port)


async def test_a_bot_at_work_is_alive_and_ready(watched: Watched) -> None:
    """Both answer 200, as the reveal server's do; nothing else is on that port."""
    alive, ready = await watched.get("/healthz"), await watched.get("/readyz")
    assert (alive.status, alive.json()) == (200, {"alive": True})
    assert (ready.status, ready.json()) == (200, {"ready": True})
    for reply in (alive, ready):
        assert "server" not in reply.headers
        assert reply.headers["cache-control"] == "no-store"
    for path in ("/", "/slack/events", "/metrics/x"):
        assert (await watched.get(path)).status == 404, path


async def test_what_it_lacks_is_said_in_a_word(watched: Watched) -> None:
    """Without its keyring it is alive and not ready; with it, ready again, without a restart."""
    home = watched.desk.home
    home.keyring.rename(home.path / "away")
    reply = await watched.get("/readyz")
    assert (reply.status, reply.headers["retry-after"]) == (503, "1")
    assert reply.json() == {"ready": False, "missing": ["keyring"]}
    assert (await watched.get("/healthz")).status == 200
    assert (await watched.told()).value("keyring_readable") == 0
    (home.path / "away").rename(home.keyring)
    assert (await watched.get("/readyz")).status == 200


async def test_in_http_mode_it_is_ready_once_it_listens(
    sandbox: Sandbox, sqlite_home: Home, everything_logged: io.StringIO
) -> None:
    """There is no connection that could be down; what Slack posts is taken."""
    port = free_port()
    async with posting(sandbox, sqlite_home, everything_logged, bot_metrics_port=port) as http:
        assert (await Watched(http.desk, port).get("/readyz")).status == 200
    assert http.logged("telling metrics")
    assert not http.logged("readyz")


async def test_calls_of_slack_are_counted_by_method_and_outcome(watched: Watched) -> None:
    """What went well, and what Slack had no time for; the type is the format's own."""
    before = await watched.told()
    assert before.value("slack_calls_total", method="auth.test", outcome="ok") == 1
    watched.desk.sandbox.fault("chat.postMessage", "ratelimited", times=1, retry_after=1)
    await watched.desk.send()
    assert await watched.desk.sandbox.wait_message(DANA, contains="open_drop")
    reply = await watched.get("/metrics")
    told = scraped(reply.body)
    assert reply.headers["content-type"] == CONTENT_TYPE
    assert told.value("slack_calls_total", method="chat.postMessage", outcome="busy") == 1
    assert (told.value("slack_calls_total", method="chat.postMessage", outcome="ok") or 0) >= 1
    assert told.value("slack_away_seconds") == 0
    assert told.value("drops", state="sealed") == 1
    assert (told.value("sealing_waiting"), told.value("sealing_underway")) == (0, 0)


async def test_labels_are_of_sets_that_are_known_before(watched: Watched) -> None:
    """After a whole life of a drop: methods, outcomes, states and audiences, and nothing secret or personal."""
    view = await watched.desk.send()
    link = await watched.desk.link(DANA)
    await watched.desk.read(link, shown_passphrase(view))
    raw = (await watched.get("/metrics")).body
    told = scraped(raw)
    assert told.labels("method") <= METHODS
    assert told.labels("outcome") <= {*OUTCOMES, *TRIES, *CLAIM_ENDS}
    assert told.labels("audience") == set(Audience)
    assert told.label_names == {"method", "outcome", "state", "audience", "program", "version", "schema", "le"}
    assert told.labels("le") == {*(str(bound) for bound in WAITS), "+Inf"}
    hidden = [SECRET, PASSPHRASE, link.fragment(), link.id_text, DANA, "Dana", "Stripe"]
    assert [word for word in hidden if is_in(word.encode(), raw)] == []


async def test_a_port_that_is_taken_is_one_sentence(watched: Watched, sandbox: Sandbox) -> None:
    """A second bot on the same host says which settings to change, and does nothing."""
    with pytest.raises(ProgramError, match=r"another program has it.*METRICS_HOST and BOT_METRICS_PORT"):
        async with working(sandbox, watched.desk.home, bot_metrics_port=watched.port):
            pass


@dataclass
class Line:
    """A line to Slack that is up when it is told to be."""

    is_there: bool = True

    async def connect(self, stop: asyncio.Event) -> bool:
        """Not asked here."""
        raise AssertionError

    async def is_up(self) -> bool:
        """As it was told."""
        return self.is_there

    async def close(self) -> None:
        """Not asked here."""
        raise AssertionError


async def test_slack_may_be_away_for_as_long_as_it_takes_to_replace_a_connection(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not ready before the first connection; then half a minute without one is no reason, and more is."""
    monkeypatch.setattr(health, "FRESH_SECONDS", 0)
    now = [100.0]
    async with home.open("bot") as store:
        one = Health(store, home.keyring, Reading(store), lambda: now[0])
        assert await one.missing() == ["slack"]
        one.line = line = Line()
        assert await one.missing() == []
        line.is_there = False
        now[0] += health.AWAY_SECONDS
        assert await one.missing() == []
        now[0] += 1
        assert (await one.missing(), await one.seconds_away()) == (["slack"], health.AWAY_SECONDS + 1)
        line.is_there = True
        assert (await one.missing(), await one.seconds_away()) == ([], 0)


async def test_a_log_that_nobody_writes_is_a_reason(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """An event that waits for over a minute says that no sequencer is at work, here or elsewhere."""
    monkeypatch.setattr(health, "FRESH_SECONDS", 0)
    monkeypatch.setattr(figures, "FRESH_SECONDS", 0)
    home.hold_clock()
    async with home.open("bot") as store:
        one = Health(store, home.keyring, Reading(store))
        one.line = Line()
        await created(store)
        home.advance_clock(health.LOG_SECONDS)
        assert await one.missing() == []
        home.advance_clock(1)
        assert await one.missing() == ["log"]


async def test_asking_often_looks_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred questions in one moment are one look."""
    async with home.open("bot") as store:
        one, looks = Health(store, home.keyring, Reading(store), lambda: 100.0), []

        async def look() -> list[str]:
            looks.append(1)
            return []

        monkeypatch.setattr(one, "_look", look)
        await asyncio.gather(*(one.missing() for _ in range(100)))
        assert len(looks) == 1


async def test_deliveries_are_counted_by_the_operators_name(
    sandbox: Sandbox, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the endpoint's name and what became of them; its address, which may hold a password, is not told."""
    answers = iter([Answer(), Answer("answered_500"), Answer("answered_410", is_final=True), Answer()])

    async def post(*_: Any) -> Answer:
        return next(answers)

    monkeypatch.setattr(webhook_call.Caller, "post", post)
    async with home.open("bot") as store, Slack("xoxb-canary", sandbox.api_url) as slack:
        observing = Observing(settings_of(sandbox, home), store, slack)
        caller = observing.calling(Endpoint("siem", "https://x.example/canary", ("whsec_canary",)))
        for _ in range(4):
            await caller.post("id", "text")
        await caller.close()
        raw = await observing.text()
        told = scraped(raw)
        counted = {outcome: told.value("webhook_tries_total", endpoint="siem", outcome=outcome) for outcome in TRIES}
        assert counted == {"delivered": 2, "not_taken": 1, "gone": 1}
        assert b"canary" not in raw


async def test_forms_that_wait_for_a_core_are_counted() -> None:
    """Waiting, underway, and refused because none was free in time; nothing is left counted afterwards."""
    pool, loop = SealingPool(1), asyncio.get_running_loop()
    await pool._turns.begin("another's")
    waiting = asyncio.create_task(pool.seal(order("U0A"), start_by=loop.time() + 60))
    await asyncio.sleep(0)
    assert (pool.waiting, pool.underway, pool.refused) == (1, 0, 0)
    with pytest.raises(TooBusyError):
        await pool.seal(order("U0B"), start_by=loop.time() - 1)
    assert (pool.waiting, pool.refused) == (1, 1)
    pool._turns.end()
    await waiting
    assert (pool.waiting, pool.underway, pool.refused) == (0, 0, 1)
    pool.close()


async def test_how_long_forms_waited_for_a_core_is_told(sandbox: Sandbox, sqlite_home: Home) -> None:
    """Those that began, in seconds, and nobody is named."""
    pool, loop = SealingPool(1), asyncio.get_running_loop()
    async with sqlite_home.open("bot") as store, Slack("xoxb-canary", sandbox.api_url) as slack:
        observing = Observing(settings_of(sandbox, sqlite_home), store, slack)
        observing.pool = pool
        await pool._turns.begin("another's")
        waiting = asyncio.create_task(pool.seal(order("U0A"), start_by=loop.time() + 60))
        with pytest.raises(TooBusyError):
            await pool.seal(order("U0B"), start_by=loop.time() + 0.1)
        pool._turns.end()
        await waiting
        told = scraped(raw := await observing.text())
        assert told.value("sealing_wait_seconds_count") == 1
        assert (told.value("sealing_wait_seconds_sum") or 0) > 0.05
        assert told.value("sealing_wait_seconds_bucket", le="0.05") == 0
        assert b"U0MAYA" not in raw
    pool.close()
