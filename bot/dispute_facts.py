"""
What the events of a drop come to, for somebody who doubts what became of it.

Pure.  Counts of what recurs are as of the last time that it was recorded, which is once an hour at most.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from store.history import Step
from store.words import Event


@dataclass(frozen=True)
class Facts:
    """
    `wrong` passphrases were refused; `verified` is the last press of the recipient before it was opened.

    `at_door`, `wrong_after` and `right_after` are others who came after it was opened: without a passphrase, with one
    that was wrong or too late to tell, and with the right one.  `denied` is how often somebody said "not me".
    """

    wrong: int
    looked: Step | None
    verified: Step | None
    refused: int
    opened: Step | None
    at_door: int
    wrong_after: int
    right_after: int
    denied: int


def of(steps: Sequence[Step]) -> Facts:
    """Out of a drop's history."""
    after = [step for step in steps if step.event is Event.SECOND_CONSUMER]
    at_claim = [step for step in after if step.facts.get("stage") != "door"]
    return Facts(
        wrong=_count(steps, Event.PASSPHRASE_FAILED),
        looked=_last(steps, Event.DOOR_OPENED),
        verified=_last(steps, Event.RECIPIENT_VERIFIED),
        refused=_most(step for step in steps if step.event is Event.RECIPIENT_REFUSED),
        opened=_last(steps, Event.CLAIMED),
        at_door=_most(step for step in after if step.facts.get("stage") == "door"),
        wrong_after=_most(step for step in at_claim if step.facts.get("passphrase") != "right"),
        right_after=_most(step for step in at_claim if step.facts.get("passphrase") == "right"),
        denied=_most(step for step in steps if step.event is Event.NOT_ME),
    )


def _count(steps: Sequence[Step], event: Event) -> int:
    return sum(step.event is event for step in steps)


def _last(steps: Sequence[Step], event: Event) -> Step | None:
    return next((step for step in reversed(steps) if step.event is event), None)


def _most(steps: Iterable[Step]) -> int:
    """Of recurrences that differ in a fact, each has its own count."""
    counts: dict[tuple[object, ...], int] = {}
    for step in steps:
        kind = (step.event, step.facts.get("stage"), step.facts.get("passphrase"), step.facts.get("by"))
        counts[kind] = max(counts.get(kind, 0), int(step.facts.get("count", 1)))
    return sum(counts.values())
