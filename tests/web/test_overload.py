"""Too much at once, for the real program: a quick no, what was begun is finished, and no restart afterwards."""

import asyncio
import json
import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from ipaddress import ip_network

import psutil
import pytest
from sqlalchemy import text

from reveal_web.assets import Assets
from reveal_web.reader.connections import MOST_AN_ADDRESS, MOST_CONNECTIONS, Seats
from reveal_web.reader.wrong_links import BURST
from reveal_web.settings import WebSettings
from store.opened import Store
from store.words import Event
from tests.programs import Answer, Call, Running, claim_call, web
from tests.scraped import Scraped, scraped
from tests.store.living import created
from tests.stores import Home, Sealed
from tests.web import wire
from tests.web.conftest import run_world
from tests.web.test_visitors import DOOR, PROOF

CROWD = 2000
ADDRESSES = 10
MOST_MORE_MEMORY = 100 * 1024 * 1024
"""A thousand connections take some 25 MiB, with their buffers; a program that keeps what it refuses takes more."""
PATIENCE = 60


@contextmanager
def few_files() -> Iterator[None]:
    """Programs that are started meanwhile begin with 1,024 open files, as most systems have it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.fixture
def many_files() -> Iterator[None]:
    """Enough for a crowd in this process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@asynccontextmanager
async def serving(home: Home, **settings: str) -> AsyncIterator[Running]:
    """The real program, started where files are few."""
    async with AsyncExitStack() as stack:
        with few_files():
            program = await stack.enter_async_context(web(home, LOG_LEVEL="INFO", LOG_FORMAT="json", **settings))
        yield program


async def told(program: Running) -> Scraped:
    """One scrape of a running program."""
    entries = [json.loads(line) for line in program.written().splitlines()]
    [port] = [entry["port"] for entry in entries if entry["event"] == "telling metrics"]
    return scraped((await wire.exchange(int(port), wire.get("/metrics"))).body)


def memory(program: Running) -> int:
    """What the program has in memory, in bytes."""
    return int(psutil.Process(program.process.pid).memory_info().rss)


async def until_ready(program: Running) -> None:
    """Wait until it says so by itself."""
    async with asyncio.timeout(PATIENCE):
        while (await Call(program.port, "GET", "/readyz").answer()).status != 200:  # noqa: ASYNC110 - another program's
            await asyncio.sleep(0.05)


async def idle(port: int, number: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A connection of one of some addresses that has begun a request and says no more."""
    mine = (f"127.0.1.{number % ADDRESSES + 1}", 0)
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=mine)
    writer.write(b"G")
    return reader, writer


@pytest.mark.usefixtures("many_files")
async def test_a_crowd_that_says_nothing_is_let_go(sqlite_home: Home) -> None:
    """
    2,000 idle connections: as many as there are seats stay for five seconds, the others hear 503 at once.

    Meanwhile the operator's port answers; afterwards a link opens, and what the crowd took of memory was little.
    """
    async with sqlite_home.open("bot") as bot:
        sealed = await created(bot)
    async with serving(sqlite_home) as program:
        before = memory(program)
        crowd = await asyncio.gather(*(idle(program.port, number) for number in range(CROWD)))
        refused = await asyncio.gather(*(_heard(reader) for reader, _ in crowd))
        seen = await told(program)
        assert (seen.value("web_connections_refused_total") or 0) >= CROWD - MOST_CONNECTIONS
        assert memory(program) - before < MOST_MORE_MEMORY
        # Those that had a seat were hung up on without a word; everybody else was told.
        told_no = [raw for raw in refused if raw]
        assert CROWD - MOST_CONNECTIONS <= len(told_no) < CROWD
        assert all(raw.startswith(b"HTTP/1.1 503 ") and b"\r\nRetry-After: 1\r\n" in raw for raw in told_no)
        for _, writer in crowd:
            writer.close()
        await until_ready(program)
        assert (await claim_call(program.port, sealed).answer()).status == 200
        assert (await told(program)).value("web_connections") == 0
        assert "out of system resource" not in program.written()
        assert "Traceback" not in program.written()


async def _heard(reader: asyncio.StreamReader) -> bytes:
    """All that one of the crowd is told, until it is hung up on."""
    got = b""
    async with asyncio.timeout(PATIENCE):
        try:
            while part := await reader.read(4096):
                got += part
        except ConnectionError:
            pass
    return got


@asynccontextmanager
async def held(store: Store) -> AsyncIterator[None]:
    """Nobody else can write while the block runs; looking goes on."""
    async with store.db.write() as tx:
        if not store.db.is_sqlite:
            await tx.execute(text("LOCK TABLE drops IN EXCLUSIVE MODE"))
        yield


async def test_claims_that_a_slow_database_keeps_waiting_are_answered_and_finished(home: Home) -> None:
    """
    300 claims while nobody can write: each is told 503 and when to come back; those who do find one winner a drop.

    Nothing is shown twice, nothing needs a restart, and memory comes to rest.
    """
    async with home.open("bot") as bot:
        drops = [await created(bot) for _ in range(60)]
    # As behind a proxy: one address has fewer seats than 300.
    async with home.open() as store, serving(home, TRUSTED_PROXIES="127.0.0.0/8") as program:
        calls = [claim_call(program.port, sealed) for sealed in drops for _ in range(5)]
        before = memory(program)
        async with held(store):
            answers = await asyncio.gather(*(call.answer() for call in calls))
            assert (await Call(program.port, "GET", "/healthz").answer()).status == 200
        assert {(answer.status, answer.headers.get("retry-after")) for answer in answers} == {(503, "1")}
        await until_ready(program)
        await _until_finished(program)
        again = [await _until_answered(call) for call in calls]
        assert sorted(answer.status for answer in again) == [200] * len(drops) + [410] * (len(calls) - len(drops))
        assert [await _claims(store, sealed) for sealed in drops] == [1] * len(drops)
        seen = await told(program)
        assert seen.value("claims_total", outcome="won") == len(drops)
        assert seen.value("web_acts_underway") == 0
        assert memory(program) - before < MOST_MORE_MEMORY


async def _until_finished(program: Running) -> None:
    """Until nothing that was begun is under way: whoever asks again meanwhile begins something new."""
    async with asyncio.timeout(PATIENCE):
        while (await told(program)).value("web_acts_underway") != 0:  # noqa: ASYNC110 - another program's
            await asyncio.sleep(0.2)


async def _until_answered(call: Call) -> Answer:
    """As a page does: the same request again, until the answer is not "come back"."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await Call(call.port, call.method, call.path, call.body).answer()
            if answer.status != 503:
                return answer
            await asyncio.sleep(0.2)


async def _claims(store: Store, sealed: Sealed) -> int:
    """How often the log says that a drop was claimed."""
    async with store.db.read() as tx:
        said = text("SELECT count(*) FROM events WHERE drop_id = :id AND event = :event")
        return int(await tx.scalar(said, {"id": sealed.new.id, "event": Event.CLAIMED}) or 0)


def test_an_ipv6_visitor_has_the_seats_of_one_address() -> None:
    """Whoever owns a /64 has one share, however many of its addresses they use; the neighbour has another."""
    seats = Seats(())
    taken = [seats.take(f"2001:db8:1:2::{number:x}") for number in range(MOST_AN_ADDRESS)]
    assert None not in taken
    assert seats.take("2001:db8:1:2:ffff:ffff:ffff:ffff") is None
    assert seats.take("2001:db8:1:3::1") is not None
    seats.leave(str(taken[0]))
    assert seats.take("2001:db8:1:2::ffff") is not None


def test_there_are_seats_for_so_many_and_no_more() -> None:
    """However many addresses come; a trusted proxy speaks for many, and counts in all only."""
    proxies = (ip_network("10.0.0.0/8"),)
    seats = Seats(proxies)
    assert None not in [seats.take("10.0.0.1") for _ in range(MOST_AN_ADDRESS + 1)]
    left = MOST_CONNECTIONS - MOST_AN_ADDRESS - 1
    assert None not in [seats.take(f"198.51.{number // 250}.{number % 250}") for number in range(left)]
    assert seats.take("203.0.113.1") is None
    assert seats.take("10.0.0.1") is None


async def test_wrong_links_of_one_ipv6_visitor_are_counted_together(installed: WebSettings, page: Assets) -> None:
    """Another address of the same /64 at each try gains nothing; another /64 is not touched by it."""
    behind = installed.model_copy(update={"trusted_proxies": (ip_network("127.0.0.0/8"),)})
    async for world in run_world(behind, page):
        world.hold_wrong_links()
        for number in range(BURST):
            forwarded = {"X_Forwarded_For": f"2001:db8:1:2::{number:x}"}
            assert (await world.post(DOOR, PROOF, **forwarded)).status == 404
        assert (await world.post(DOOR, PROOF, X_Forwarded_For="2001:db8:1:2:dead::1")).status == 429
        assert (await world.post(DOOR, PROOF, X_Forwarded_For="2001:db8:1:3::1")).status == 404


async def test_what_is_too_large_is_refused_and_not_kept(sqlite_home: Home) -> None:
    """A mebibyte of each: 400 or 413 before it is all there, and the program no larger for a hundred of them."""
    mebibyte = b"a" * (1 << 20)
    chunked = wire.post(DOOR, b"").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    shapes = {
        b"GET /" + mebibyte + b" HTTP/1.1\r\nHost: a\r\n\r\n": 400,
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + mebibyte + b"\r\n\r\n": 400,
        b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X: a\r\n" * 150_000 + b"\r\n": 400,
        wire.post(DOOR, mebibyte): 413,
        chunked + b"100000\r\n" + mebibyte + b"\r\n0\r\n\r\n": 413,
    }
    async with serving(sqlite_home) as program:
        before = memory(program)
        for raw, status in shapes.items():
            answers = await asyncio.gather(*(_first_line(program.port, raw) for _ in range(100)))
            assert set(answers) <= {status, None}, raw[:60]  # None: hung up on before all was sent
            assert status in answers, raw[:60]
        assert memory(program) - before < MOST_MORE_MEMORY
        await until_ready(program)


async def _first_line(port: int, raw: bytes) -> int | None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(raw)
        return int((await reader.readline()).split()[1])
    except (ConnectionError, IndexError):
        return None
    finally:
        writer.transport.abort()
