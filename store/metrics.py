"""
What both programs tell at `/metrics` (Prometheus' text format 0.0.4): how the store stands, and what they are.

Labels are words of ours, or names out of the operator's own files; never an id, a person, an address or a part of a
path.  What a visitor sends can therefore neither be read here nor make it grow.
"""

from collections.abc import Collection, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import prometheus_client
from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from store import readiness
from store.counts import CLAIM_ENDS
from store.figures import Figures, Reading
from store.opened import Store
from store.schema_version import CURRENT

CONTENT_TYPE: Final = prometheus_client.CONTENT_TYPE_PLAIN_0_0_4

# When a counter began says `process_start_time_seconds`, once for all of them.
prometheus_client.disable_created_metrics()  # type: ignore[no-untyped-call]


class Metrics:
    """
    The metrics of one program, "bot" or "web".

    A registry of its own: the library's default one tells of the interpreter, and of whatever else is imported.
    """

    def __init__(self, store: Store, keyring_dir: Path, program: str, endpoints: Collection[str] = ()) -> None:
        self.registry = CollectorRegistry()
        self.reading = Reading(store, endpoints)
        self._store = store
        self._keyring_dir = keyring_dir
        self._standing = _Standing(store)
        # Memory, processor time, open files and the start: numbers only.
        ProcessCollector(registry=self.registry)
        self.registry.register(_Build(program))
        self.registry.register(self._standing)

    async def text(self) -> bytes:
        """Everything as it stands."""
        self._standing.figures = await self.reading.figures()
        missing = await readiness.missing(self._store, self._keyring_dir)
        self._standing.is_keyring_readable = readiness.KEYRING not in missing
        return generate_latest(self.registry)


class _Build(Collector):
    """Which release runs."""

    def __init__(self, program: str) -> None:
        self._labels = [program, _release(), CURRENT]

    def collect(self) -> Iterator[Metric]:
        build = GaugeMetricFamily("sendsecret_build_info", "Which release this is.", labels=_BUILD)
        build.add_metric(self._labels, 1)
        yield build


_BUILD: Final = ("program", "version", "schema")


class _Standing(Collector):
    """The last reading of the store; where the database does not answer nothing of it is told."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.figures: Figures | None = None
        self.is_keyring_readable = False

    def collect(self) -> Iterator[Metric]:
        yield _gauge("store_readable", "1 while the database answers.", self.figures is not None)
        yield _gauge("keyring_readable", "1 while this keyring can be read.", self.is_keyring_readable)
        yield from self._counted()
        if self.figures is not None:
            yield from _of_drops(self.figures)
            yield from _of_outbox(self.figures)
            yield from _of_log(self.figures)
            yield from _of_webhooks(self.figures)

    def _counted(self) -> Iterator[Metric]:
        counts = self._store.counts
        claims = CounterMetricFamily("sendsecret_claims", "Claims by what came of them.", labels=("outcome",))
        for outcome in CLAIM_ENDS:
            claims.add_metric([outcome], counts.claims[outcome])
        yield claims
        yield CounterMetricFamily("sendsecret_keys_erased", "Keys without a living drop erased.", counts.keys_erased)
        if counts.keys_absent is not None:
            yield _gauge("keys_absent", "Live drops and records whose key is absent.", counts.keys_absent)


def _of_drops(figures: Figures) -> Iterator[Metric]:
    drops = GaugeMetricFamily("sendsecret_drops", "Drops that are not destroyed.", labels=("state",))
    for state, count in figures.drops.items():
        drops.add_metric([state], count)
    yield drops


def _of_outbox(figures: Figures) -> Iterator[Metric]:
    waiting = GaugeMetricFamily("sendsecret_outbox_waiting", "Notices not yet told in Slack.", labels=("audience",))
    parked = GaugeMetricFamily("sendsecret_outbox_parked", "Those that Slack refuses for now.", labels=("audience",))
    oldest = GaugeMetricFamily("sendsecret_outbox_oldest_seconds", "The oldest one's age.", labels=("audience",))
    for audience, outbox in figures.outbox.items():
        waiting.add_metric([audience], outbox.waiting)
        parked.add_metric([audience], outbox.parked)
        oldest.add_metric([audience], outbox.oldest_seconds)
    yield from (waiting, parked, oldest)


def _of_log(figures: Figures) -> Iterator[Metric]:
    yield _gauge("log_waiting", "Events that are not in the log yet.", figures.log_waiting)
    yield _gauge("log_oldest_seconds", "The oldest one's age.", figures.log_oldest_seconds)
    yield _gauge("log_refused", "Events that no log takes.", figures.log_refused)
    if figures.checkpoint_age is not None:
        yield _gauge("log_checkpoint_age_seconds", "Since the last checkpoint was signed.", figures.checkpoint_age)
    if figures.anchor_age is not None:
        yield _gauge("anchor_age_seconds", "Since a checkpoint was last anchored.", figures.anchor_age)


def _of_webhooks(figures: Figures) -> Iterator[Metric]:
    waiting = GaugeMetricFamily("sendsecret_webhooks_waiting", "Events an endpoint is owed.", labels=("endpoint",))
    failed = GaugeMetricFamily("sendsecret_webhooks_given_up", "Events tried no more.", labels=("endpoint",))
    for endpoint, (waits, given_up) in figures.webhooks.items():
        waiting.add_metric([endpoint], waits)
        failed.add_metric([endpoint], given_up)
    yield from (waiting, failed)


def _gauge(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(f"sendsecret_{name}", says, value)


def _release() -> str:
    try:
        return version("sendsecret")
    except PackageNotFoundError:  # run out of a folder that was never installed
        return "unknown"
