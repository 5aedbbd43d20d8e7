"""
A drop's life as its signed events tell it, and the columns that follow from it.

What no event says is not here: the envelope, its verifiers and the claim themselves, whom a form was sent by.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row

from store.formats import base64url, stored_v1
from store.guesses import WAIT_AFTER_MS
from store.recipient_verification import VERIFIED_MS
from store.words import Actor, Delivery, Event, Outcome, SealedBy, State, Verify, Way

_SAME_MS: Final = 2000
"""PostgreSQL's clock is read anew for each column of a statement."""

_TAG: Final = 16
_TIMES: Final = frozenset(
    {
        "created_at",
        "door_opened_at",
        "next_guess_at",
        "claimed_at",
        "ended_at",
        "destroyed_at",
        "paused_at",
        "verified_until",
        "rotated_at",
    }
)
_BEGINS: Final = {
    Event.REVOKED: Outcome.REVOKED,
    Event.EXPIRED: Outcome.EXPIRED,
    Event.UNDELIVERED: Outcome.UNDELIVERED,
}
_NOT_AFTER_THE_END: Final = frozenset(
    {
        *_BEGINS,
        Event.CREATED,
        Event.DOOR_OPENED,
        Event.PASSPHRASE_FAILED,
        Event.LOCKED,
        Event.UNLOCKED,
        Event.CLAIMED,
        Event.REDELIVERED,
        Event.ACKNOWLEDGED,
        Event.DESTROYED,
    }
)


@dataclass(frozen=True)
class Told:
    """One event whose signature holds: its row, and what its leaf says."""

    row: Row[Any]
    claims: Mapping[str, Any]


@dataclass
class Life:
    """What follows from the events so far: `columns` of the drop's row, and `faults` of the story itself."""

    columns: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    _before: str = ""

    def tell(self, event: str, at: int, claims: Mapping[str, Any]) -> None:
        """The next event."""
        columns = self.columns
        if not columns:
            if event != Event.CREATED:
                self.faults.append("its first event is not drop.created")
            columns.update(_BORN)
        elif event == Event.CREATED:
            self.faults.append("it was created twice")
        elif event == Event.LEAK_REPLACED and self._before != self._tells_of_a_leak:
            self.faults.append("that it replaced a leak was not said when it was created, or when its link arrived")
        if columns["state"] == State.DESTROYED and event in _NOT_AFTER_THE_END:
            self.faults.append(f"{event} came after its destruction")
        columns["n"] += 1
        if event in _BEGINS:
            self._begin(_BEGINS[Event(event)], at, claims.get("by"))
        elif event in _TOLD:
            getattr(self, f"_{event.removeprefix('drop.')}")(at, claims)
        self._before = event

    @property
    def _tells_of_a_leak(self) -> Event:
        """After which event it is said: the web program, which takes in what others seal, may not say it."""
        return Event.CREATED if self.columns.get("sealed_by") == SealedBy.BOT else Event.DELIVERED

    def _created(self, at: int, claims: Mapping[str, Any]) -> None:
        self.columns |= {
            "created_at": at,
            "expires_at": claims["expires_at"] * 1000,
            "envelope_bytes": claims["object"]["bytes"],
            "on_lock": claims.get("on_lock", "lock"),
            "verify": claims.get("verify", Verify.NONE),
            "variable": claims.get("variable"),
            **{name: claims[name] for name in ("sealed_by", "recipient_class", "template", "way") if name in claims},
        }

    def _begin(self, outcome: Outcome, at: int, by: Any) -> None:
        if outcome is Outcome.UNDELIVERED:
            # Only mail comes back after it was handed over; a message of Slack's that stands was delivered for good.
            if self.columns["delivery"] == Delivery.DELIVERED and self.columns.get("way") != Way.MAIL:
                self.faults.append("it was delivered, and undelivered afterwards, which only an e-mail can be")
            self.columns["delivery"] = Delivery.UNDELIVERED
        self.columns |= {"state": State.ENDING, "outcome": outcome, "ended_by": by, "ended_at": at}

    def _delivered(self, at: int, claims: Mapping[str, Any]) -> None:
        if self.columns["delivery"] != Delivery.PENDING:
            self.faults.append("it was delivered when that was decided before")
        self.columns["delivery"] = Delivery.DELIVERED

    def _door_opened(self, at: int, claims: Mapping[str, Any]) -> None:
        self.columns["door_opened_at"] = at

    def _passphrase_failed(self, at: int, claims: Mapping[str, Any]) -> None:
        self._pay(at)

    def _pay(self, at: int) -> None:
        self.columns["guesses"] += 1
        self.columns["round_guesses"] += 1
        self.columns["next_guess_at"] = at + WAIT_AFTER_MS.get(self.columns["round_guesses"], 0)

    def _locked(self, at: int, claims: Mapping[str, Any]) -> None:
        self.columns |= {"state": State.LOCKED, "locked_at": at}

    def _unlocked(self, at: int, claims: Mapping[str, Any]) -> None:
        if claims.get("paused") is False:
            self.columns["paused_at"] = None
            return
        self.columns["unlocks"] += 1
        self.columns |= {"state": State.SEALED, "round_guesses": 0, "next_guess_at": 0}

    def _not_me(self, at: int, claims: Mapping[str, Any]) -> None:
        if claims.get("paused") is True:
            self.columns |= {"paused_at": at, "verified_until": None}

    def _recipient_verified(self, at: int, claims: Mapping[str, Any]) -> None:
        self.columns["verified_until"] = at + VERIFIED_MS

    def _rotated(self, at: int, claims: Mapping[str, Any]) -> None:
        if self.columns["claimed_at"] is None:
            self.faults.append("its key was rotated because of it, and nobody had seen it")
        self.columns["rotated_at"] = at

    def _claimed(self, at: int, claims: Mapping[str, Any]) -> None:
        if self.columns["state"] != State.SEALED:
            self.faults.append("it was claimed when nobody could claim it")
        self._pay(at)
        self.columns |= {"state": State.CLAIMED, "claimed_at": at, "sends": 1}

    def _redelivered(self, at: int, claims: Mapping[str, Any]) -> None:
        self.columns["sends"] += 1

    def _destroyed(self, at: int, claims: Mapping[str, Any]) -> None:
        outcome, begun = claims.get("outcome"), self.columns["outcome"]
        if begun is not None and begun != outcome:
            self.faults.append(f"it began to end as {begun} and was destroyed as {outcome}")
        if begun is None:
            ended_at = self.columns["locked_at"] if outcome == Outcome.LOCKED_OUT else at
            self.columns |= {"outcome": outcome, "ended_by": claims["by"], "ended_at": ended_at}
        if claims.get("sends") != self.columns["sends"]:
            self.faults.append("drop.destroyed says another number of sends than its events")
        self.columns |= {"state": State.DESTROYED, "destroyed_at": at}


_BORN: Final[Mapping[str, Any]] = {
    "state": State.SEALED,
    "outcome": None,
    "ended_by": None,
    "delivery": Delivery.PENDING,
    "door_opened_at": None,
    "guesses": 0,
    "round_guesses": 0,
    "unlocks": 0,
    "next_guess_at": 0,
    "claimed_at": None,
    "sends": 0,
    "ended_at": None,
    "destroyed_at": None,
    "paused_at": None,
    "verified_until": None,
    "rotated_at": None,
    "n": 0,
    "locked_at": None,
}
_TOLD: Final = frozenset(
    {
        Event.CREATED,
        Event.DELIVERED,
        Event.DOOR_OPENED,
        Event.PASSPHRASE_FAILED,
        Event.LOCKED,
        Event.UNLOCKED,
        Event.NOT_ME,
        Event.RECIPIENT_VERIFIED,
        Event.CLAIMED,
        Event.REDELIVERED,
        Event.DESTROYED,
        Event.ROTATED,
    }
)


def lived(told: Sequence[Told]) -> Life:
    """The life that these events tell, in the order of their numbers."""
    life = Life()
    for one in told:
        life.tell(one.row.event, one.row.at, one.claims)
    return life


def differences(row: Row[Any], life: Life) -> Iterator[str]:
    """Where a drop's row says something else than its events, in words."""
    expected = dict(life.columns)
    locked_at = expected.pop("locked_at")
    if expected["state"] == State.LOCKED and row.on_lock == "destroy":
        expected |= {"state": State.ENDING, "outcome": Outcome.LOCKED_OUT, "ended_by": Actor.HOLDER}
        expected["ended_at"] = locked_at
    if row.on_lock not in ("lock", "destroy"):
        yield "its column on_lock is neither lock nor destroy"
    if expected["outcome"] == Outcome.LOCKED_OUT and row.on_lock != "destroy":
        yield "its column on_lock says that guesses lock it, and it ended by them"
    held = row._mapping  # noqa: SLF001 - the documented way to a row as a mapping
    for name, said in expected.items():
        if not _same(name, held[name], said):
            yield f"its column {name} is {held[name]!r} and its events say {_plain(said)!r}"
    was_claimed = expected["claimed_at"] is not None
    for name in ("claim_hash", "claim_until"):
        if (held[name] is not None) != was_claimed:
            yield f"its column {name} does not fit: its events say that it was {'' if was_claimed else 'not '}claimed"
    yield from _kept(row, is_destroyed=expected["state"] == State.DESTROYED)


def _kept(row: Row[Any], *, is_destroyed: bool) -> Iterator[str]:
    """What a receipt attests, looked at: nothing is left of what was destroyed."""
    held = row._mapping  # noqa: SLF001 - the documented way to a row as a mapping
    for name in ("envelope", "v2", "hint"):
        if is_destroyed and held[name] is not None:
            yield f"its {name} is there although it was destroyed"
    if not is_destroyed and (row.v2 is None or len(row.envelope) != row.envelope_bytes + stored_v1.NONCE_BYTES + _TAG):
        yield "its envelope or v2 is gone or of another size, and no event says that it was destroyed"


def id_text(drop_id: bytes) -> str:
    """A drop's id, as leaves write it."""
    return base64url.encode(drop_id)


def _same(name: str, held: Any, said: Any) -> bool:
    if name in _TIMES and type(held) is int and type(said) is int:
        return abs(held - said) <= _SAME_MS and (held == 0) == (said == 0)
    return bool(held == said) and (held is None) == (said is None)


def _plain(said: Any) -> Any:
    return str(said) if isinstance(said, str) else said
