"""Counting the rows of a population while they go by: outcomes, times to open, and what somebody should look at."""

import statistics
from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import Final

from store.evidence.drop_row import DropRow
from store.formats.receipt_v1 import utc
from store.words import Outcome

MOST_LISTED: Final = 100


@dataclass(frozen=True)
class Exceptional:
    """One drop that somebody should look at."""

    drop: str
    receipt: str
    template: str
    recipient_class: str
    at: str


@dataclass
class Exceptions:
    """All drops of one kind of exception; the first hundred are listed."""

    title: str
    meaning: str
    count: int = 0
    listed: list[Exceptional] = field(default_factory=list)


@dataclass
class Group:
    """The drops of one template created in one month."""

    template: str
    month: str
    outcomes: Counter[str] = field(default_factory=Counter)
    _seconds: "array[int]" = field(default_factory=lambda: array("q"))

    def add(self, row: DropRow) -> None:
        """One drop more."""
        self.outcomes[row.outcome or "open"] += 1
        if row.seconds_to_open is not None:
            self._seconds.append(row.seconds_to_open)

    @property
    def count(self) -> int:
        """How many drops."""
        return self.outcomes.total()

    @property
    def claimed(self) -> int:
        """How many of them were claimed."""
        return len(self._seconds)

    @property
    def median(self) -> float | None:
        """Seconds from creation to claim: half of those that were claimed took no longer."""
        return statistics.median(self._seconds) if self._seconds else None

    @property
    def p90(self) -> float | None:
        """Nine of ten took no longer."""
        return sorted(self._seconds)[(len(self._seconds) * 9 + 9) // 10 - 1] if self._seconds else None


_KINDS: Final = {
    "second": (
        "Second consumers with the right passphrase",
        "Somebody else than the page that claimed it knew link and passphrase. Treat the credential as known to two.",
    ),
    "not_me": (
        "Called unexpected by the recipient",
        "The recipient said that they did not expect it, or that it was not they who opened it.",
    ),
    "released": (
        "Released, never confirmed",
        "The envelope went to one claim, and the page never said that it had decrypted it.",
    ),
    "lost": (
        "Lost",
        "The drop's key was found erased or gone; nobody was shown the secret after that.",
    ),
    "locked_out": (
        "Locked out",
        "Every guess at the passphrase was used up, and the drop was destroyed.",
    ),
    "expired": (
        "Expired unviewed",
        "Nobody opened it in time. A credential that nobody picked up should be revoked at its provider.",
    ),
    "undelivered": (
        "Undelivered",
        "The link could not be handed over, or its e-mail came back; the drop was destroyed.",
    ),
}


class Tallies:
    """Everything that the summary shows."""

    def __init__(self) -> None:
        self.drops = 0
        self.events = 0
        self.receipts = 0
        self.outcomes: Counter[str] = Counter()
        self.states: Counter[str] = Counter()
        self.classes: Counter[str] = Counter()
        self.failed_guesses = 0
        self.passphrases: Counter[str] = Counter()
        self.exceptions = {kind: Exceptions(*words) for kind, words in _KINDS.items()}
        self._groups: defaultdict[tuple[str, str], list[Group]] = defaultdict(list)

    def add(self, row: DropRow) -> None:
        """One drop more."""
        self.drops += 1
        self.events += row.events
        self.receipts += row.receipt_leaf is not None
        self.outcomes[row.outcome or "open"] += 1
        if not row.outcome:
            self.states[row.state] += 1
        self.classes[row.recipient_class or "unknown"] += 1
        self.failed_guesses += row.failed_guesses
        self.passphrases[row.passphrase] += 1
        month = utc(row.created_at * 1000)[:7]
        found = self._groups[month, row.template]
        if not found:
            found.append(Group(row.template, month))
        found[0].add(row)
        for kind in _kinds(row):
            self._except(kind, row)

    @property
    def groups(self) -> list[Group]:
        """By month, then by template."""
        return [self._groups[key][0] for key in sorted(self._groups)]

    def _except(self, kind: str, row: DropRow) -> None:
        exceptions = self.exceptions[kind]
        exceptions.count += 1
        if exceptions.count <= MOST_LISTED:
            at = utc((row.destroyed_at or row.created_at) * 1000)
            exceptions.listed.append(Exceptional(row.drop, row.receipt, row.template, row.recipient_class, at))


def _kinds(row: DropRow) -> list[str]:
    kinds = []
    if row.second_consumers[2]:
        kinds.append("second")
    if row.not_me:
        kinds.append("not_me")
    if row.outcome in (Outcome.RELEASED, Outcome.LOST, Outcome.LOCKED_OUT, Outcome.EXPIRED, Outcome.UNDELIVERED):
        kinds.append(str(row.outcome))
    return kinds
