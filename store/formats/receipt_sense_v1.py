"""
Whether what a receipt says fits together: its members with each other, and with the events that it names.

No word of it is the key's alone to say: each follows from another, or is one of a few.
"""

import re
from collections.abc import Mapping
from dataclasses import astuple
from itertools import pairwise
from typing import Any, Final

from store.formats.errors import MalformedError
from store.formats.receipt_v1 import Ending
from store.guesses import MOST_UNLOCKS, PER_ROUND
from store.words import OPENED, Actor, Event, Outcome, SealedBy

MOST_SENDS: Final = 3
_MOST_GUESSES: Final = PER_ROUND * (1 + MOST_UNLOCKS)
_SAME_MS: Final = 2000
"""PostgreSQL's clock is read anew for each column of a statement, and receipts cut seconds off."""

_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MAY_END: Final[Mapping[str, frozenset[Actor]]] = {
    Outcome.VIEWED: frozenset({Actor.HOLDER}),
    Outcome.RELEASED: frozenset({Actor.CLOCK, Actor.SENDER, Actor.ADMIN}),
    Outcome.REVOKED: frozenset({Actor.SENDER, Actor.ADMIN}),
    Outcome.EXPIRED: frozenset({Actor.CLOCK}),
    Outcome.UNDELIVERED: frozenset({Actor.DELIVERY}),
    Outcome.LOCKED_OUT: frozenset({Actor.HOLDER}),
    Outcome.LOST: frozenset({Actor.KEYRING}),
}
_FOLLOWS: Final[Mapping[Event, Outcome]] = {
    Event.ACKNOWLEDGED: Outcome.VIEWED,
    Event.REVOKED: Outcome.REVOKED,
    Event.EXPIRED: Outcome.EXPIRED,
    Event.UNDELIVERED: Outcome.UNDELIVERED,
}


def require(claims: Mapping[str, Any], ending: Ending) -> None:
    """That the members agree with each other.  Raises MalformedError."""
    if ending.ended_by not in set(Actor) or ending.sealed_by not in set(SealedBy):
        raise MalformedError("it names somebody who ends or seals nothing")
    was_claimed = ending.claimed_at is not None
    if ending.outcome in OPENED and not was_claimed:
        raise MalformedError("it says that somebody had the envelope, and that nobody claimed it")
    if was_claimed and ending.outcome not in OPENED:
        raise MalformedError("it says that it was claimed, and that it ended before anybody could have the envelope")
    if ending.ended_by not in _MAY_END[ending.outcome]:
        raise MalformedError("it says that somebody ended it who does not end anything in this way")
    if ending.verification not in ("none", "slack"):
        raise MalformedError("it says of the recipient what no receipt says")
    if ending.passphrase not in ("verified", "none needed", "not verified"):
        raise MalformedError("it says of the passphrase what no receipt says")
    if ending.passphrase == "verified" and not was_claimed:
        raise MalformedError("it says that a passphrase was verified, and that nobody claimed it")
    if type(ending.may_repeat) is not bool:
        raise MalformedError("it does not say whether the claim could ask again")
    if not ending.may_repeat and not was_claimed:
        raise MalformedError("it says that the claim could not ask again, and that nobody claimed it")
    _require_numbers(claims, ending, was_claimed=was_claimed)
    _require_object(ending.object)


def _require_numbers(claims: Mapping[str, Any], ending: Ending, *, was_claimed: bool) -> None:
    others = ending.second_consumers
    numbers = (ending.sends, ending.failed_guesses, *astuple(others), claims["iat"], claims["n"])
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise MalformedError("a number of it is none")
    if ending.sends > MOST_SENDS or (ending.sends > 0) != was_claimed:
        raise MalformedError("the number of sends does not fit the claim")
    least = PER_ROUND if ending.outcome == Outcome.LOCKED_OUT else 0
    if not least <= ending.failed_guesses <= _MOST_GUESSES - was_claimed:
        raise MalformedError("it counts more failed guesses than there can be, or fewer")
    if others.with_right_passphrase > others.at_claim:
        raise MalformedError("it counts more right passphrases of others than were given")
    if claims["iat"] * 1000 != ending.destroyed_at:
        raise MalformedError("it was signed at another time than that of the destruction")


def _require_object(committed: Any) -> None:
    if committed is None:  # drop.created could not be read any more, and the drop had to end all the same
        return
    if committed.keys() != {"sha256", "bytes"} or _SHA256.fullmatch(committed["sha256"]) is None:
        raise MalformedError("it does not say which envelope")
    if type(committed["bytes"]) is not int or committed["bytes"] < 0:
        raise MalformedError("it does not say how large the envelope was")


def require_borne_out(claims: Mapping[str, Any], ending: Ending) -> None:
    """That the events that it names, which are well-formed, tell the same.  Raises MalformedError."""
    named = {one["evt"] for one in claims["events"]}
    names_all = len(claims["events"]) == claims["events_in_all"]
    told = {
        Event.CLAIMED: ending.claimed_at is not None,
        Event.RECIPIENT_VERIFIED: ending.verification == "slack",
        **{event: ending.outcome == outcome for event, outcome in _FOLLOWS.items()},
    }
    for event, said in told.items():
        if said != (event in named) and (names_all or not said):
            raise MalformedError(f"it {'names no' if said else 'names an event'} {event}, and says otherwise")
    if names_all and ending.outcome == Outcome.LOCKED_OUT and Event.LOCKED not in named:
        raise MalformedError("it names no drop.locked, and says that guesses ended it")


def require_beyond_doubt(claims: Mapping[str, Any], ending: Ending) -> None:
    """
    That its times are in order, and that it says which envelope.  Raises MalformedError.

    Apart from `require`, because our own programs may write such a receipt where a clock was set back or drop.created
    was damaged: the log must take it, and whoever checks it is told.
    """
    if ending.object is None:
        raise MalformedError("it does not say which envelope: the drop's first event could not be read any more")
    claimed_at = ending.claimed_at
    passed = [ending.created_at, claimed_at or ending.created_at, ending.ended_at, ending.destroyed_at]
    in_order = all(one <= other + _SAME_MS for one, other in pairwise(passed))
    in_time = claimed_at is None or claimed_at <= ending.expires_at + _SAME_MS
    if ending.outcome == Outcome.EXPIRED:
        in_time = ending.ended_at + _SAME_MS >= ending.expires_at
    if not in_order or not in_time or ending.expires_at <= ending.created_at:
        raise MalformedError("its times are not in order: the host's clock was set back, or they are made up")
