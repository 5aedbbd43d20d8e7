"""What the bot tells at `/metrics` beside what both programs tell: Slack, the seals, and webhooks' tries."""

from collections import Counter
from collections.abc import Iterator
from typing import Final

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from bot.health import Health
from bot.sealing import SealingPool
from bot.settings import BotSettings
from bot.slack_calls import Slack
from bot.webhook_call import Answer, Caller
from bot.webhook_endpoint import Endpoint
from store.metrics import Metrics
from store.opened import Store

TRIES: Final = ("delivered", "not_taken", "gone")
"""What becomes of a delivery: `gone` is an endpoint's word that it wants no more."""


class Observing(Collector):
    """What is observed of one bot.  `pool` is set once there is one, and the health's line."""

    def __init__(self, settings: BotSettings, store: Store, slack: Slack) -> None:
        self.metrics = Metrics(store, settings.keyring_dir, "bot", [one.name for one in settings.endpoints])
        self.health = Health(store, settings.keyring_dir, self.metrics.reading)
        self.pool: SealingPool | None = None
        self._slack = slack
        self._tries: Counter[tuple[str, str]] = Counter()
        self._seconds_away = 0.0
        self.metrics.registry.register(self)

    async def text(self) -> bytes:
        """Everything as it stands."""
        self._seconds_away = await self.health.seconds_away()
        return await self.metrics.text()

    def calling(self, endpoint: Endpoint) -> Caller:
        """What calls an endpoint, and is counted by its name, which the operator gave it."""
        return _Counted(endpoint, self._tries)

    def collect(self) -> Iterator[Metric]:
        """For the library."""
        yield _gauge("slack_away_seconds", "How long Slack cannot reach the bot; 0 while it can.", self._seconds_away)
        calls = CounterMetricFamily("sendsecret_slack_calls", "Calls by method and outcome.", labels=_CALLS)
        for (method, outcome), count in sorted(self._slack.calls.items()):
            calls.add_metric([method, outcome], count)
        yield calls
        tries = CounterMetricFamily("sendsecret_webhook_tries", "Deliveries by outcome.", labels=_TRIES)
        for (endpoint, outcome), count in sorted(self._tries.items()):
            tries.add_metric([endpoint, outcome], count)
        yield tries
        if self.pool is not None:
            yield _gauge("sealing_waiting", "Forms that wait for a core.", self.pool.waiting)
            yield _gauge("sealing_underway", "Forms that are being sealed.", self.pool.underway)
            yield CounterMetricFamily("sendsecret_sealing_refused", "Forms answered 'busy'.", self.pool.refused)
            yield from self.pool.waited.collect()


_CALLS: Final = ("method", "outcome")
_TRIES: Final = ("endpoint", "outcome")


class _Counted(Caller):
    """A caller whose deliveries are counted."""

    def __init__(self, endpoint: Endpoint, tries: Counter[tuple[str, str]]) -> None:
        super().__init__(endpoint)
        self._name = endpoint.name
        self._tries = tries

    async def post(self, message_id: str, text: str) -> Answer:
        """As any caller does."""
        answer = await super().post(message_id, text)
        self._tries[self._name, TRIES[0 if answer.why is None else 2 if answer.is_final else 1]] += 1
        return answer


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"sendsecret_{name}", says, value)
