"""
One drop as its signed events tell it: a row of the population.

Nothing here comes from the drop's row in the database, so that whoever holds the signed events can make every row anew
and see that it is the one they were given.
"""

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from store.words import Event, Outcome

_BEGINS: Final = {
    Event.REVOKED: Outcome.REVOKED,
    Event.EXPIRED: Outcome.EXPIRED,
    Event.UNDELIVERED: Outcome.UNDELIVERED,
}
_TOLD: Final = frozenset(
    {
        Event.CREATED,
        Event.DELIVERED,
        Event.DOOR_OPENED,
        Event.RECIPIENT_VERIFIED,
        Event.PASSPHRASE_FAILED,
        Event.LOCKED,
        Event.UNLOCKED,
        Event.NOT_ME,
        Event.CLAIMED,
        Event.REDELIVERED,
        Event.SECOND_CONSUMER,
        Event.DESTROYED,
        Event.RECEIPT,
    }
)
_LAST_SECOND: Final = 253_402_300_799  # of the year 9999
_VERIFIED: Final = "verified"


@dataclass(slots=True)
class DropRow:
    """
    What is known of one drop so far; times are Unix seconds, UTC.

    `state` is the outcome once it is destroyed; before that sealed, paused, locked, claimed or ending.
    """

    drop: str
    created_leaf: int
    created_at: int = 0
    expires_at: int = 0
    recipient_class: str = ""
    template: str = ""
    way: str = ""
    sealed_by: str = ""
    passphrase: str = ""
    delivered_at: int | None = None
    door_opened_at: int | None = None
    claimed_at: int | None = None
    ended_at: int | None = None
    destroyed_at: int | None = None
    outcome: str = ""
    failed_guesses: int = 0
    sends: int = 0
    verification: str = "none"
    not_me: int = 0
    receipt: str = ""
    receipt_leaf: int | None = None
    events: int = 0
    sender: str = ""
    recipient: str = ""
    reference: str = ""
    _is_locked: bool = False
    _is_paused: bool = False
    _is_ending: bool = False
    _again: dict[str, int] = field(default_factory=dict)
    _again_before: tuple[int, int, int] = (0, 0, 0)

    def tell(self, leaf: int, claims: Mapping[str, Any]) -> None:
        """The next event, which is leaf number `leaf`.  Raises KeyError, TypeError or ValueError for a strange one."""
        event, at = Event(claims["evt"]), _seconds(claims["iat"])
        self.events += 1
        if event in _BEGINS:
            self._is_ending = True
            self.ended_at = at
        elif event in _TOLD:
            getattr(self, f"_{event.removeprefix('drop.')}")(at, claims)
        if event is Event.RECEIPT:
            self.receipt, self.receipt_leaf = str(claims["jti"]), leaf

    @property
    def state(self) -> str:
        """The outcome, or where it is."""
        if self.outcome:
            return self.outcome
        if self._is_ending:
            return "ending"
        if self.claimed_at is not None:
            return "claimed"
        if self._is_locked:
            return "locked"
        return "paused" if self._is_paused else "sealed"

    @property
    def seconds_to_open(self) -> int | None:
        """From its creation to its claim."""
        return None if self.claimed_at is None else self.claimed_at - self.created_at

    @property
    def second_consumers(self) -> tuple[int, int, int]:
        """At the door, at the claim, and of these with the right passphrase: after the receipt too, once an hour."""
        door = sum(count for what, count in self._again.items() if what.startswith("door "))
        claim = sum(count for what, count in self._again.items() if what.startswith("claim "))
        right = self._again.get("claim right", 0)
        before = self._again_before
        return max(door, before[0]), max(claim, before[1]), max(right, before[2])

    def _created(self, at: int, claims: Mapping[str, Any]) -> None:
        self.created_at, self.expires_at = at, _seconds(claims["expires_at"])
        self.recipient_class = plain(claims.get("recipient_class", ""))
        self.template = plain(claims.get("template", ""))
        self.way = plain(claims.get("way", ""))
        self.sealed_by = plain(claims.get("sealed_by", ""))
        self.passphrase = "none needed" if claims.get("passphrase") == "none" else "not verified"

    def _delivered(self, at: int, claims: Mapping[str, Any]) -> None:
        self.delivered_at = self.delivered_at or at

    def _door_opened(self, at: int, claims: Mapping[str, Any]) -> None:
        self.door_opened_at = self.door_opened_at or at

    def _recipient_verified(self, at: int, claims: Mapping[str, Any]) -> None:
        self.verification = "slack"

    def _passphrase_failed(self, at: int, claims: Mapping[str, Any]) -> None:
        self.failed_guesses += 1

    def _locked(self, at: int, claims: Mapping[str, Any]) -> None:
        self._is_locked, self.ended_at = True, at

    def _unlocked(self, at: int, claims: Mapping[str, Any]) -> None:
        if claims.get("paused") is False:
            self._is_paused = False
        else:
            self._is_locked, self.ended_at = False, None

    def _not_me(self, at: int, claims: Mapping[str, Any]) -> None:
        self.not_me += 1
        self._is_paused = self._is_paused or claims.get("paused") is True

    def _claimed(self, at: int, claims: Mapping[str, Any]) -> None:
        self.claimed_at, self.sends = at, 1
        if self.passphrase == "not verified":
            self.passphrase = _VERIFIED

    def _redelivered(self, at: int, claims: Mapping[str, Any]) -> None:
        self.sends += 1

    def _second_consumer(self, at: int, claims: Mapping[str, Any]) -> None:
        what = f"{claims.get('stage')} {claims.get('passphrase', '')}"
        self._again[what] = max(self._again.get(what, 0), int(claims["count"]))

    def _destroyed(self, at: int, claims: Mapping[str, Any]) -> None:
        self.outcome = str(Outcome(claims["outcome"]))
        self.destroyed_at, self.sends = at, int(claims.get("sends", self.sends))

    def _receipt(self, at: int, claims: Mapping[str, Any]) -> None:
        """The receipt counted what the events, once an hour, need not tell."""
        again = claims["access"]["second_consumers"]
        self._again_before = again["at_door"], again["at_claim"], again["with_right_passphrase"]


def plain(value: object) -> str:
    """A signed text as it can be written: JSON can hold halves of characters, and UTF-8 cannot."""
    return sys.intern(str(value).encode("utf-8", "backslashreplace").decode())  # one of a few, for many drops


def _seconds(value: Any) -> int:
    if type(value) is not int or not 0 <= value <= _LAST_SECOND:
        raise ValueError("no time")
    return value
