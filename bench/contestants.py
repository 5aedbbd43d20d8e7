"""What a server is that is measured, and what one round of it comes to."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from bench.load import Loaded, Turn, load
from bench.spent import cpu_seconds

Fill = Callable[[int], Awaitable[Sequence[Turn]]]
"""So many turns of a measure, with everything in place that they need."""

_MORE = 1.4
_FIRST_RATE = 800
_LEAST = 20


@dataclass(frozen=True)
class Sample:
    """
    One round: whole turns a second, p50 and p99 in ms of each request of them; CPU in ms a turn, refused ones among
    them, because a server that answers "try again" may have done the work.
    """

    rate: float
    p50: list[float]
    p99: list[float]
    web_cpu: float
    database_cpu: float
    load_cpu: float
    turns: int
    refused: int
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
        count = int(max(_LEAST, self.rates.get(measure, _FIRST_RATE)) * seconds * _MORE)
        turns = await self.fills[measure](count)
        web, database = cpu_seconds(self.web), cpu_seconds(self.database)
        loaded = await load(self.port, turns, seconds)
        web, database = cpu_seconds(self.web) - web, cpu_seconds(self.database) - database
        if self.clear is not None:
            await self.clear()
        self.rates[measure] = (loaded.turns + loaded.refused) / loaded.seconds
        return _sample(loaded, web, database)


def _sample(loaded: Loaded, web: float, database: float) -> Sample:
    each = 1000 / max(1, loaded.turns + loaded.refused)
    steps = [loaded.of_step(step) for step in range(len(loaded.times))]
    return Sample(
        rate=loaded.rate,
        p50=[one.median_ms for one in steps],
        p99=[one.p99_ms for one in steps],
        web_cpu=web * each,
        database_cpu=database * each,
        load_cpu=loaded.cpu * each,
        turns=loaded.turns,
        refused=loaded.refused,
        seconds=loaded.seconds,
        statuses=dict(loaded.statuses),
    )
