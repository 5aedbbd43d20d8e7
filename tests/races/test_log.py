"""Sequencers killed at their durable acts, two at once, while events keep coming."""

import asyncio
import random
import secrets
from contextlib import AsyncExitStack

from store.log import published
from store.log.sequencer import Sequencer
from store.words import Event
from tests.programs import running
from tests.store.living import created
from tests.store.test_log import drained
from tests.store.whole_log import waiting, whole_log
from tests.stores import Home

ROUNDS = 4


def size_of(note: str | None) -> int:
    return 0 if note is None else int(note.split("\n")[1])


async def test_killed_sequencers_leave_one_log(home: Home) -> None:
    """Several rounds: what was seen is kept and contained in what comes later; no event is missing or doubled."""
    seed = secrets.randbits(32)
    print("seed", seed)  # shown where it fails
    chosen = random.Random(seed)  # noqa: S311 - other deaths in each run, and the same for a seed
    made, seen = 0, 0
    async with home.open("bot") as bot:
        for _ in range(ROUNDS):
            async with AsyncExitStack() as stack:
                doomed = []
                for number in range(2):
                    environment = home.environment() | {
                        "DOOMED_AT": str(chosen.randint(1, 9)),
                        "DOOMED_AFTER": chosen.choice(["", "1"]),
                    }
                    log = home.path / f"sequencer-{number}.log"
                    doomed.append(
                        await stack.enter_async_context(running(["tests.races.sequencing"], environment, log))
                    )
                dead = asyncio.gather(*(one.process.wait() for one in doomed))
                async with asyncio.timeout(60):
                    while not dead.done():
                        await created(bot, sender_id=f"U{made}")
                        made += 1
                    assert await dead == [-9, -9], [one.written() for one in doomed]
            note = await published.checkpoint(bot)
            latest = home.signing / "checkpoint.latest"
            assert seen <= size_of(note) <= (size_of(latest.read_text()) if latest.exists() else 0)
            seen = size_of(note)
        await drained(Sequencer(bot, home.signing))
        log_now = await whole_log(bot)
        assert log_now.events == [Event.LOG_OPENED, *[Event.CREATED] * made]
        assert log_now.published == (home.signing / "checkpoint.latest").read_text()
        assert await waiting(bot) == 0
