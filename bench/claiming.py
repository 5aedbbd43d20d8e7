"""Claims, with a sequencer at work on the same store and without: by turns, because the machine has other work too."""

import asyncio
import secrets
import statistics
from dataclasses import dataclass, field
from time import perf_counter

from bench.figures import Times
from bench.sequencing import Other
from store import claims, creation
from store.door import Visitor
from store.opened import Store
from tests.stores import Sealed, seal

_AT_ONCE = 4
_SOMEBODY = Visitor("198.51.100.0/24", "Firefox")


@dataclass
class Claims:
    """Claims a second of every round, and how long each claim took."""

    rates: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Of the middle round."""
        return statistics.median(self.rates)

    @property
    def times(self) -> Times:
        """Of each claim."""
        return Times(self.seconds)


@dataclass(frozen=True)
class Compared:
    """Both, and for each pair of neighbouring rounds how fast with was, compared with without."""

    without: Claims
    beside: Claims

    @property
    def ratios(self) -> list[float]:
        """1.0: as fast."""
        return [b / a for a, b in zip(self.without.rates, self.beside.rates, strict=True)]


async def compare(web: Store, bot: Store, sequencer: Other, *, rounds: int, drops: int, seconds: float) -> Compared:
    """`rounds` of each, of `drops` claims each: A B, B A, A B, ...; fewer, but two, where `seconds` are over before."""
    compared = Compared(Claims(), Claims())
    until = perf_counter() + seconds
    for number in range(rounds):
        if number > 1 and perf_counter() > until:
            break
        for is_beside in (False, True) if number % 2 == 0 else (True, False):
            made = [await _created(bot) for _ in range(drops)]
            await sequencer.tell("rest")
            if is_beside:
                await sequencer.tell("run")
            await _claim_all(web, made, compared.beside if is_beside else compared.without)
    await sequencer.tell("rest")
    return compared


async def _created(bot: Store) -> Sealed:
    sealed = seal(sender_id=f"U{secrets.token_hex(6)}")  # of one person's there are no more than so many
    await creation.create(bot, sealed.new)
    return sealed


async def _claim_all(web: Store, made: list[Sealed], into: Claims) -> None:
    waiting = list(made)

    async def one_reader() -> None:
        while waiting:
            presented = waiting.pop().present()
            began = perf_counter()
            await claims.claim(web, presented, _SOMEBODY)
            into.seconds.append(perf_counter() - began)

    began = perf_counter()
    await asyncio.gather(*(one_reader() for _ in range(_AT_ONCE)))
    into.rates.append(len(made) / (perf_counter() - began))
