"""What the reveal server tells of itself: numbers that are right, under words that nobody but us chooses."""

import logging
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import partial

import psutil
import pytest

from reveal_web.assets import Assets
from reveal_web.machines import problems
from reveal_web.machines import routes as machines_routes
from reveal_web.measured import STATUSES, Measured, Requests, told_apart
from reveal_web.metrics_port import metrics_served
from reveal_web.proofs import routes
from reveal_web.reader import answers, connections
from reveal_web.reader.app import build_app
from reveal_web.reader.parts import PARTS
from reveal_web.reader.serving import serving
from reveal_web.settings import WebSettings
from store import figures
from store.counts import CLAIM_ENDS
from store.formats import base64url
from store.metrics import Metrics
from store.opened import opened
from store.words import Audience, State
from tests.canaries import is_in
from tests.scraped import CONTENT_TYPE, Scraped, scraped
from tests.web import wire
from tests.web.conftest import World
from tests.web.test_headers import check_guard
from tests.web.test_program import refusal, running

CANARY = "kanarienvogel"


@dataclass
class Watched:
    """A server that is measured, and the port that tells."""

    world: World
    port: int

    async def told(self) -> Scraped:
        """One scrape."""
        return scraped((await wire.exchange(self.port, wire.get("/metrics"))).body)


@pytest.fixture
async def watched(installed: WebSettings, page: Assets, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Watched]:
    """The server as the program serves it; every scrape reads the store anew."""
    monkeypatch.setattr(figures, "FRESH_SECONDS", 0)
    settings = installed.model_copy(update={"web_metrics_port": 0})
    async with opened(settings, program="web", event_key=settings.event_key) as store:
        app = build_app(store, settings, page)
        app.add_routes(routes.routes())
        machines_routes.add_to(app)
        app.middlewares.append(told_apart)
        metrics = Metrics(store, settings.keyring_dir, "web")
        kind = partial(Measured, Requests(metrics.registry, app[PARTS]))
        async with (
            serving(app, settings.web_host, 0, kind) as port,
            metrics_served(app[PARTS], metrics) as metrics_port,
        ):
            assert settings.test_clock_file is not None
            yield Watched(World(store, settings, app[PARTS], port, settings.test_clock_file, app=app), metrics_port)


async def test_it_tells_what_happened(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    """Requests by route and class, refusals by slug, claims by what came of them, drops by state, at any LOG_LEVEL."""
    caplog.set_level(logging.WARNING, logger="web")
    assert not logging.getLogger("web").isEnabledFor(logging.INFO)
    world = watched.world
    holder, _ = await world.make(), await world.make()
    assert (await world.claim(holder, holder.wrong())).status == 403
    assert (await world.claim(holder)).status == 200
    assert (await world.claim(holder)).status == 410
    assert (await world.ask(b"nonsense\r\n\r\n")).status == 400
    told = await watched.told()
    assert told.value("claims_total", outcome="wrong") == 1
    assert told.value("claims_total", outcome="won") == 1
    assert told.value("claims_total", outcome="ended") == 1
    assert told.value("web_requests_total", route="claim", status="4xx") == 2
    assert told.value("web_requests_total", route="claim", status="2xx") == 1
    assert told.value("web_requests_total", route="none", status="4xx") == 1
    assert told.value("web_problems_total", problem="wrong-passphrase") == 1
    assert told.value("web_request_seconds_count", route="claim") == 3
    assert 0 < (told.value("web_request_seconds_sum", route="claim") or 0) < wire.SECONDS
    assert told.value("drops", state="sealed") == 1
    assert told.value("drops", state="claimed") == 1
    assert told.value("keyring_readable") == told.value("store_readable") == 1


async def test_open_connections_and_refused_ones_are_counted(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is open, back to nothing when it is closed; and who was turned away at the door."""
    monkeypatch.setattr(connections, "MOST_AN_ADDRESS", 2)
    world = watched.world
    async with wire.connected(world.port) as (reader, holding), wire.connected(world.port) as (other, second):
        holding.write(wire.get("/healthz"))
        assert (await wire.read_reply(reader)).status == 200
        assert (await world.ask(b"")).status == 503
        told = await watched.told()
        assert (told.value("web_connections"), told.value("web_connections_refused_total")) == (2, 1)
        for one in (holding, second):
            one.write(wire.get("/healthz", Connection="close"))
        assert (await reader.read(), await other.read()) != (b"", b"")
    assert (await watched.told()).value("web_connections") == 0


async def test_nothing_that_is_sent_becomes_a_label(watched: Watched) -> None:
    """Whatever paths, methods, hosts, headers and ids come: the labels are of sets that are known before."""
    world = watched.world
    for number in range(40):
        word = f"{CANARY}{number}"
        drop_id = base64url.encode(number.to_bytes(16, "big"))
        await world.ask(f"GET /{word}?{word}={word} HTTP/1.1\r\nHost: {word}\r\nReferer: {word}\r\n\r\n".encode())
        await world.ask(wire.get(f"/s/{drop_id}", X_Forwarded_For=f"198.51.100.{number}"))
        await world.ask(wire.get("/", word.upper()))
        await world.ask(wire.get(f"/r/{drop_id}", X_API_Key=word))
        await world.ask(wire.get(f"/receipts/{word}"))
        await world.post(f"/api/v1/drops/{drop_id}/door", {"link_proof": base64url.encode(bytes(32))})
        await world.post(f"/api/v1/drops/{word}/claim", {word: word})
    told = await watched.told()
    names = {route.name for route in world.app.router.routes()} | {"none"}
    assert told.label_names == {"route", "status", "problem", "outcome", "state", "audience", "program"} | {
        "version",
        "schema",
        "le",
    }
    assert told.labels("route") <= names
    assert told.labels("status") <= set(STATUSES)
    assert told.labels("problem") <= answers.PROBLEMS.keys() | problems.TITLES.keys()
    assert told.labels("outcome") == set(CLAIM_ENDS)
    assert told.labels("state") == set(State) - {State.DESTROYED}
    assert told.labels("audience") == set(Audience)
    assert told.labels("program") == {"web"}


async def test_nothing_secret_and_nobody_is_told(watched: Watched) -> None:
    """After a whole life of a drop no id, key, proof, name, label or address stands there, in any spelling."""
    world = watched.world
    holder = await world.make(label=f"{CANARY} label", recipient_name=f"{CANARY} Dana", sender_id=f"U{CANARY}")
    body, wrong = holder.claim(), holder.wrong()
    await world.ask(wire.get(f"/s/{holder.link.id_text}%23{holder.link.fragment()}", Referer=CANARY))
    await world.door(holder)
    await world.claim(holder, wrong)
    await world.claim(holder, body)
    rid = (await world.post(f"{holder.path}/acknowledge", {**holder.proof, "claim": body["claim"]})).json()["receipt"]
    told = (await wire.exchange(watched.port, wire.get("/metrics"))).body
    pepper = next(path for path in world.settings.keyring_dir.glob("pepper*") if path.is_file()).read_bytes()
    hidden = [
        CANARY,
        holder.link.fragment(),
        holder.link.id_text,
        holder.link.id.hex(),
        rid.rpartition("/")[2],
        *body.values(),
        *wrong.values(),
        str(world.settings.keyring_dir),
        "127.0.0.",
    ]
    assert [word for word in hidden if is_in(word.encode(), told)] == []
    assert not is_in(holder.link.id, told)
    assert not is_in(pepper, told)


async def test_the_port_tells_metrics_and_nothing_else(watched: Watched) -> None:
    """The format's own type, our headers; no other path, method or parameter."""
    reply = await wire.exchange(watched.port, wire.get("/metrics"))
    assert (reply.status, reply.headers["content-type"]) == (200, CONTENT_TYPE)
    check_guard(reply)
    for path in ("/", "/healthz", "/s/x", "/metrics/x", "/api/v1/drops/x/door", "/debug"):
        assert (await wire.exchange(watched.port, wire.get(path))).status == 404, path
    assert (await wire.exchange(watched.port, wire.post("/metrics", {}))).status == 405
    assert (await wire.exchange(watched.port, wire.get("/metrics?name[]=up"))).status == 400


async def test_the_public_port_has_no_metrics(installed: WebSettings, page: Assets) -> None:
    """The real program tells on loopback alone, on another port; the one that readers reach does not know the path."""
    async with running(installed, page) as one:
        port = int(str((await one.heard("telling metrics"))["port"]))
        listening = psutil.Process(one.process.pid).net_connections(kind="tcp")
        addresses = {found.laddr.ip for found in listening if found.status == psutil.CONN_LISTEN}
        assert (addresses, port != one.world.port) == ({"127.0.0.1"}, True)
        told = scraped((await wire.exchange(port, wire.get("/metrics"))).body)
        assert told.value("store_readable") == 1
        assert told.samples["process_resident_memory_bytes", frozenset()] > 10**7
        for path in ("/metrics", "/metrics/", "//metrics", "/%6detrics", "/api/../metrics"):
            assert (await one.world.ask(wire.get(path))).status == 404, path
            aimed = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode()
            assert (await one.world.ask(aimed)).status == 404, path
        log = await one.stop()
    assert not [entry for entry in log if entry.get("route") == "metrics"]


async def test_a_metrics_port_that_is_taken_is_one_sentence(installed: WebSettings) -> None:
    """It names host, port, reason and the settings to change; nothing is served without it."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = await refusal(installed, WEB_METRICS_PORT=str(port))
    assert f"127.0.0.1 port {port}: another program has it" in said
    assert "METRICS_HOST and WEB_METRICS_PORT" in said
    assert '"event"' not in said
