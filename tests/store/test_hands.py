"""Threads for what blocks: everything that was asked for is done and answered, whoever asks, and how many at once."""

import asyncio
import threading
import time

import pytest

from store.errors import StoreUnavailableError
from store.hands import Hands


async def test_each_is_answered_with_its_own() -> None:
    """A thousand at once, by one thread and by four; and an error is its asker's alone."""
    for count in (1, 4):
        hands = Hands("test", count)

        def act(number: int) -> int:
            if number % 7 == 0:
                raise ValueError(number)
            return number

        asked = [hands.do(lambda number=number: act(number)) for number in range(1000)]  # type: ignore[misc]
        async with asyncio.timeout(20):
            answers = await asyncio.gather(*asked, return_exceptions=True)
        for number, answer in enumerate(answers):
            assert answer == number if number % 7 else isinstance(answer, ValueError) and answer.args == (number,)
        await asyncio.to_thread(hands.close)


async def test_one_that_blocks_keeps_only_its_thread() -> None:
    """The others go on beside it."""
    hands, gate = Hands("test", 2), threading.Event()
    waiting = asyncio.create_task(hands.do(gate.wait))
    assert [await hands.do(lambda: 1) for _ in range(20)] == [1] * 20
    gate.set()
    assert await waiting
    await asyncio.to_thread(hands.close)


async def test_who_gives_up_stops_nothing() -> None:
    """What was begun is done, and its answer is nobody's; the next one is served."""
    hands, gate, done = Hands("test"), threading.Event(), list[int]()

    def act() -> None:
        gate.wait()
        done.append(1)

    waiting = asyncio.create_task(hands.do(act))
    await asyncio.sleep(0.01)
    next_one = asyncio.create_task(hands.do(lambda: len(done)))
    await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    gate.set()
    time.sleep(0.1)  # noqa: ASYNC251 - both answers are brought together
    async with asyncio.timeout(5):
        assert await next_one == 1
    await asyncio.to_thread(hands.close)


async def test_closing_waits_for_what_was_asked_for() -> None:
    """Nothing is half done when it returns, and no thread is left."""
    hands, done = Hands("test-closing", 3), list[int]()
    asked = [asyncio.create_task(hands.do(lambda: done.append(1))) for _ in range(100)]
    await asyncio.sleep(0)
    await asyncio.to_thread(hands.close)
    await asyncio.gather(*asked)
    assert len(done) == 100
    with pytest.raises(StoreUnavailableError):
        await asyncio.wait_for(hands.do(lambda: done.append(1)), 10)
    assert not [thread for thread in threading.enumerate() if thread.name == "test-closing"]
