"""What `/metrics` says, read by the library that reads it for others too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from prometheus_client.parser import text_string_to_metric_families

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@dataclass(frozen=True)
class Scraped:
    """One answer's samples."""

    samples: Mapping[tuple[str, frozenset[tuple[str, str]]], float]

    def value(self, name: str, **labels: str) -> float | None:
        """One sample's value; None where there is no such sample."""
        return self.samples.get((f"sendsecret_{name}", frozenset(labels.items())))

    def labels(self, label: str) -> set[str]:
        """Every value that a label has anywhere."""
        return {value for _, labels in self.samples for name, value in labels if name == label}

    @property
    def label_names(self) -> set[str]:
        """Every label that there is."""
        return {name for _, labels in self.samples for name, _ in labels}


def scraped(text: bytes) -> Scraped:
    """Read an answer."""

    def samples() -> Iterator[tuple[tuple[str, frozenset[tuple[str, str]]], float]]:
        for family in text_string_to_metric_families(text.decode()):
            for sample in family.samples:
                yield (sample.name, frozenset(sample.labels.items())), sample.value

    return Scraped(dict(samples()))
