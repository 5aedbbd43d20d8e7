"""What `bench.loaded` makes of what it sees, without measuring anything."""

import asyncio

from bench import exporting, loaded, open_loop
from bench.loaded import LOADS, QUIET, Report, Round
from bench.open_loop import offered
from store.formats import tiles_v1


async def test_every_request_is_answered_once() -> None:
    """Each on a connection that stays open, whatever its status."""
    seen, ended = 0, asyncio.Queue[None]()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal seen
        while await reader.read(100):
            seen += 1
            status = b"503 Service Unavailable" if seen == 1 else b"200 OK"
            writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 2\r\n\r\nok")
        writer.close()
        await writer.wait_closed()
        ended.put_nowait(None)

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        answered = await offered(port, [b"GET / HTTP/1.1\r\n\r\n"] * 9, 1000)
        for _ in range(open_loop.LANES):
            await ended.get()
    assert (len(answered.seconds), answered.statuses[200], answered.other_than(200)) == (9, 8, 1)


def test_an_auditor_fetches_every_tile() -> None:
    """Of a tree of 100,000 leaves, each by an address that the log knows, and the pack at last."""
    first, *tiles, last = exporting.paths(100_000, "ab")
    assert (first, last) == ("/log/checkpoint", "/evidence/ab.zip")
    parsed = [tiles_v1.parse_path(one.removeprefix("/log/")) for one in tiles]
    assert sum(one.width for one in parsed if one.level == 0) == 100_000
    assert [one.width for one in parsed if one.level > 0] == [256, 134, 1]


def test_a_round_is_held_against_the_quiet_ones_around_it() -> None:
    """And not against those that were long before or after."""
    rounds = [_round(QUIET, 9.0)]
    for seconds, what in enumerate(LOADS, 1):
        rounds += [_round(what, 0.002 * seconds), _round(QUIET, 0.001 * seconds)]
    report = Report("sqlite", 0.5, rounds)
    second, quiet = report.times([*LOADS][1])
    assert (second.p99_ms, quiet.p99_ms) == (4.0, 2.0)
    assert "2.00" in loaded.shown([report])


def _round(what: str, seconds: float) -> Round:
    return Round(what, [seconds] * 10, 0, 0, 40, 2.0)
