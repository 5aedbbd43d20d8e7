"""A few connections, shared: never more, each in turn, none that is broken, none lost."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import asyncpg
import pytest

from store import few_connections
from store.few_connections import FewConnections


@dataclass(eq=False)
class Line:
    """What is asked of a connection."""

    closed: bool = False

    def is_closed(self) -> bool:
        """Whether it is."""
        return self.closed

    def terminate(self) -> None:
        """Close it."""
        self.closed = True


@dataclass
class Server:
    """Opens them, unless it is away."""

    opened: list[Line] = field(default_factory=list)
    is_away: bool = False

    async def connect(self) -> Line:
        """Another one."""
        await asyncio.sleep(0)
        if self.is_away:
            raise OSError
        self.opened.append(Line())
        return self.opened[-1]


@pytest.fixture
def server() -> Server:
    """With nobody on it."""
    return Server()


@asynccontextmanager
async def both_taken(few: FewConnections) -> AsyncIterator[None]:
    """While somebody has them."""
    async with few.one(), few.one():
        yield


async def used(few: FewConnections, order: list[int], number: int) -> Line:
    """Take one, say so, give it back."""
    async with few.one() as line:
        order.append(number)
        await asyncio.sleep(0)
        found: Line = line
    return found


async def test_there_are_never_more_and_each_is_served_in_turn(server: Server) -> None:
    """Twenty at once share two, in the order in which they came."""
    few, order = FewConnections(server.connect, 2), list[int]()
    lines = await asyncio.gather(*(used(few, order, number) for number in range(20)))
    assert len(server.opened) == len(set(map(id, lines))) == 2
    assert order == sorted(order)


async def test_one_is_enough_for_one_after_the_other(server: Server) -> None:
    """What was given back is taken again."""
    few = FewConnections(server.connect, 2)
    for number in range(5):
        await used(few, [], number)
    assert len(server.opened) == 1


@pytest.mark.parametrize(
    ("error", "is_kept"),
    [(asyncpg.UniqueViolationError("x"), True), (OSError(), False), (asyncio.CancelledError(), False)],
)
async def test_what_the_server_answered_leaves_it_whole(server: Server, error: BaseException, is_kept: bool) -> None:
    """After a refusal the same connection serves on; after anything else nobody knows what it still has to say."""
    few = FewConnections(server.connect, 1)
    with pytest.raises(type(error)):
        async with few.one():
            raise error
    assert server.opened[0].closed is not is_kept
    await used(few, [], 0)
    assert len(server.opened) == (1 if is_kept else 2)


async def test_one_that_was_closed_meanwhile_is_not_used(server: Server) -> None:
    """A server that was started again has closed them all."""
    few = FewConnections(server.connect, 1)
    await used(few, [], 0)
    server.opened[0].terminate()
    assert not (await used(few, [], 1)).closed


async def test_a_server_that_is_away_costs_nobody_their_place(server: Server) -> None:
    """Everybody is told, those that wait for a place too; when it is back it is used."""
    few = FewConnections(server.connect, 2)
    server.is_away = True
    told = await asyncio.gather(*(used(few, [], number) for number in range(9)), return_exceptions=True)
    assert all(isinstance(one, OSError) for one in told)
    server.is_away = False
    await asyncio.gather(*(used(few, [], number) for number in range(9)))
    assert len(server.opened) == 2


async def test_who_gives_up_waiting_takes_nothing_along(server: Server) -> None:
    """Also in the moment in which one has just been handed over."""
    few = FewConnections(server.connect, 1)
    async with few.one():
        waiting = asyncio.create_task(used(few, [], 0))
        await asyncio.sleep(0)
    # It is handed over by now, and not yet taken.
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    async with asyncio.timeout(5):
        await used(few, [], 1)
    assert len(server.opened) == 1


async def test_nobody_waits_for_ever(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where none comes free that is said."""
    monkeypatch.setattr(few_connections, "_PATIENCE_SECONDS", 0.01)
    few = FewConnections(server.connect, 2)
    async with both_taken(few):
        waiting = asyncio.create_task(used(few, [], 0))
        await asyncio.wait([waiting], timeout=5)
        assert waiting.done()
        with pytest.raises(TimeoutError):
            await waiting
    await used(few, [], 1)
    assert len(server.opened) == 2


async def test_closing_closes_those_in_use_too(server: Server) -> None:
    """A program that stops leaves none behind."""
    few = FewConnections(server.connect, 3)
    async with both_taken(few):
        await used(few, [], 0)
        few.close()
    assert [line.closed for line in server.opened] == [True] * 3
