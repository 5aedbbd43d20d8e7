"""What a server is that is measured, and what one round of it comes to."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bench.load import Loaded, Turn, load
from bench.spent import cpu_seconds

Fill = Callable[[int], Awaitable[Sequence[Turn]]]
"""So many turns of a measure, with everything in place that they need."""

_MORE = 1.4
_FIRST_RATE = 800


@dataclass(frozen=True)
class Sample:
    """One round: turns a second, p50 and p99 in ms of each request of a turn, CPU in ms a turn."""

    rate: float
    p50: list[float]
    p99: list[float]
    web_cpu: float
    database_cpu: float
    load_cpu: float
    turns: int
    seconds: float
    statuses: dict[int, int]


@dataclass
class Contestant:
    """A server that listens, the processes that it consists of, and how it is filled for each measure."""

    name: str
    port: int
    web: Sequence[int]
    database: Sequence[int]
    fills: dict[str, Fill]
    clear: Callable[[], Awaitable[None]] | None = None
    rates: dict[str, float] = field(default_factory=dict)

    def can(self, measure: str) -> bool:
        """Whether there is such a measure of it."""
        return measure in self.fills

    async def round(self, measure: str, seconds: float) -> Sample:
        """Fill, load for so long, clear away."""
        count = int(self.rates.get(measure, _FIRST_RATE) * seconds * _MORE)
        turns = await self.fills[measure](count)
        web, database = cpu_seconds(self.web), cpu_seconds(self.database)
        loaded = await load(self.port, turns, seconds)
        web, database = cpu_seconds(self.web) - web, cpu_seconds(self.database) - database
        if self.clear is not None:
            await self.clear()
        self.rates[measure] = loaded.rate
        return _sample(loaded, web, database)


def _sample(loaded: Loaded, web: float, database: float) -> Sample:
    steps = [loaded.of_step(step) for step in range(len(loaded.times))]
    return Sample(
        rate=loaded.rate,
        p50=[one.median_ms for one in steps],
        p99=[one.p99_ms for one in steps],
        web_cpu=web * 1000 / loaded.turns,
        database_cpu=database * 1000 / loaded.turns,
        load_cpu=loaded.cpu * 1000 / loaded.turns,
        turns=loaded.turns,
        seconds=loaded.seconds,
        statuses=dict(loaded.statuses),
    )
