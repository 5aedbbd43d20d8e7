"""
Requests that come when they are due, however long the ones before them take.

An answer's time counts from the moment when its request was due: what a stall kept waiting is late, and says so.  The
gaps are random, as people are, and the same in each round: a metronome would meet another one always, or never.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bench.figures import Times

LANES: Final = 48
_MOST_BYTES: Final = 1 << 20


@dataclass
class Answered:
    """Seconds from due to answered, and how many there were of each status."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def times(self) -> Times:
        """Of all of them, refused ones too."""
        return Times(self.seconds)

    def other_than(self, status: int) -> int:
        """How many were answered otherwise."""
        return self.statuses.total() - self.statuses[status]


async def offered(port: int, requests: Sequence[bytes], rate: float) -> Answered:
    """
    Send each request when it is due, `rate` a second, on connections that stay open; returns when all are answered.

    Raises ConnectionError where the server hangs up.
    """
    answered = Answered()
    due: asyncio.Queue[tuple[float, bytes] | None] = asyncio.Queue()
    lines = [await asyncio.open_connection("127.0.0.1", port) for _ in range(LANES)]
    try:
        async with asyncio.TaskGroup() as group:
            for reader, writer in lines:
                group.create_task(_lane(reader, writer, due, answered))
            await _clock(due, requests, rate)
            for _ in lines:
                due.put_nowait(None)
    finally:
        for _, writer in lines:
            writer.close()
        await asyncio.gather(*(writer.wait_closed() for _, writer in lines), return_exceptions=True)
    return answered


async def _clock(due: "asyncio.Queue[tuple[float, bytes] | None]", requests: Sequence[bytes], rate: float) -> None:
    gaps = random.Random(len(requests))  # noqa: S311 - the same gaps in every round
    at = time.perf_counter()
    for request in requests:
        at += gaps.expovariate(rate)
        await asyncio.sleep(at - time.perf_counter())
        due.put_nowait((at, request))


async def _lane(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    due: "asyncio.Queue[tuple[float, bytes] | None]",
    answered: Answered,
) -> None:
    while (one := await due.get()) is not None:
        at, request = one
        writer.write(request)
        status = await read_answer(reader)
        answered.seconds.append(time.perf_counter() - at)
        answered.statuses[status] += 1


async def read_answer(reader: asyncio.StreamReader) -> int:
    """The status of one answer, which is read to its end.  Raises ConnectionError."""
    try:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
    except asyncio.IncompleteReadError as error:
        raise ConnectionError("the server hung up") from error
    _, _, after = head.partition(b"content-length:")
    left = int(after.split(b"\r\n", 1)[0]) if after else 0
    while left:
        got = len(await reader.read(min(left, _MOST_BYTES)))
        if not got:
            raise ConnectionError("the server hung up in the middle")
        left -= got
    return int(head[9:12])
