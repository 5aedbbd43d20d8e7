"""What one step of the sequencer takes, and for how much of it nobody else can write on SQLite."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import perf_counter

from sqlalchemy.ext.asyncio import AsyncConnection

from bench.figures import Times
from bench.filling import write_signed
from store.log.sequencer import Sequencer
from store.opened import Store
from tests.stores import Home

EVENTS = 100
"""About what a busy installation brings between two steps."""

_STEPS = 40


@dataclass(frozen=True)
class Steps:
    """Of each step the whole, and what it spent in transactions that write."""

    whole: Times
    writing: Times


async def steps(home: Home, web: Store, bot: Store) -> Steps:
    """Steps of EVENTS events each, one after the other."""
    spent = 0.0
    true_write = bot.db.write

    @asynccontextmanager
    async def timed_write() -> AsyncIterator[AsyncConnection]:
        nonlocal spent
        began = perf_counter()
        async with true_write() as tx:
            yield tx
        spent += perf_counter() - began

    sequencer = Sequencer(bot, home.signing)
    bot.db.write = timed_write  # type: ignore[method-assign]
    whole, writing = [], []
    for _ in range(_STEPS):
        await write_signed(web, EVENTS)
        spent, began = 0.0, perf_counter()
        assert (await sequencer.step()).integrated == EVENTS
        whole.append(perf_counter() - began)
        writing.append(spent)
    bot.db.write = true_write  # type: ignore[method-assign]
    return Steps(Times(whole), Times(writing))
