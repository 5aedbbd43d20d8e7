"""
Whether what is signed as a receipt is one: every member as `receipt_v1` writes it, and no sentence besides.

A signature says who said something, not that it makes sense; a receipt whose sentences were others than its outcome's
would otherwise pass for proof.
"""

import re
from collections.abc import Mapping
from dataclasses import astuple
from datetime import UTC, datetime
from typing import Any, Final

from store.formats import base64url, receipt_v1
from store.formats.checkpoint_v1 import decode_base64
from store.formats.errors import MalformedError
from store.formats.merkle_v1 import HASH_BYTES
from store.words import Actor, Event, Outcome, SealedBy

_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)
_JTI: Final = re.compile(r"rc_[0-9a-f]{32}", re.ASCII)
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_SEEN: Final = (Outcome.VIEWED, Outcome.RELEASED)
_HALF: Final = receipt_v1.MOST_EVENTS // 2


def fault(claims: Mapping[str, Any]) -> str | None:
    """What is wrong with the content of a receipt, in words; None where it is one."""
    try:
        _require(claims)
    except MalformedError as error:
        return str(error)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError):
        return "a member of the receipt is missing or malformed"
    return None


def named(claims: Mapping[str, Any]) -> dict[int, tuple[str, bytes]]:
    """The earlier events that a faultless receipt names: (event, leaf hash) by number."""
    return {one["n"]: (one["evt"], decode_base64(one["leaf"], HASH_BYTES)) for one in claims["events"]}


def _require(claims: Mapping[str, Any]) -> None:
    if claims["evt"] != Event.RECEIPT or claims["v"] != 1:
        raise MalformedError("it is no receipt of version 1")
    if claims["outcome"] not in set(Outcome):
        raise MalformedError("its outcome is none of the seven")
    if _JTI.fullmatch(claims["jti"]) is None or len(base64url.decode(claims["drop"])) != 16:
        raise MalformedError("its id, or that of its drop, is malformed")
    ending = _ending(claims)
    for member, said in receipt_v1.facts(ending).items():
        if not member.startswith("events") and claims[member] != said:
            raise MalformedError(f"its member {member} is not what a receipt of this outcome says")
    _require_sense(claims, ending)
    _require_events(claims)


def _ending(claims: Mapping[str, Any]) -> receipt_v1.Ending:
    """What must have been known, read back out of the receipt."""
    access, (key, envelope) = claims["access"], claims["destruction"]
    claimed_at = claims["claimed_at"]
    return receipt_v1.Ending(
        outcome=claims["outcome"],
        ended_by=claims["ended_by"],
        sealed_by=claims["sealed_by"],
        created_at=_ms(claims["created_at"]),
        expires_at=_ms(claims["expires_at"]),
        claimed_at=None if claimed_at is None else _ms(claimed_at),
        ended_at=_ms(claims["ended_at"]),
        destroyed_at=_ms(claims["destroyed_at"]),
        sends=claims["sends"],
        may_repeat=access["may_repeat"],
        passphrase=access["passphrase"],
        failed_guesses=access["failed_guesses"],
        verification=access["recipient_verification"],
        second_consumers=receipt_v1.SecondConsumers(**access["second_consumers"]),
        object=claims["object"],
        medium=key["where"].removeprefix("keyring, "),
        database=envelope["where"].removesuffix(", live row"),
        version=claims["software"]["version"],
        earlier=(),
    )


def _require_sense(claims: Mapping[str, Any], ending: receipt_v1.Ending) -> None:
    if ending.ended_by not in {None, *Actor} or ending.sealed_by not in set(SealedBy):
        raise MalformedError("it names somebody who ends or seals nothing")
    was_claimed = ending.claimed_at is not None
    if ending.outcome in _SEEN and not was_claimed:
        raise MalformedError("it says that somebody had the envelope, and that nobody claimed it")
    if not 0 <= ending.sends <= 3 or (ending.sends > 0) != was_claimed:
        raise MalformedError("the number of sends does not fit the claim")
    if ending.passphrase not in ("verified", "none needed", "not verified"):
        raise MalformedError("it says of the passphrase what no receipt says")
    if (ending.passphrase == "verified") and not was_claimed:
        raise MalformedError("it says that a passphrase was verified, and that nobody claimed it")
    if type(ending.may_repeat) is not bool:
        raise MalformedError("it does not say whether the claim could ask again")
    numbers = (ending.failed_guesses, *astuple(ending.second_consumers), claims["iat"], claims["n"])
    if not all(type(number) is int and number >= 0 for number in numbers):
        raise MalformedError("a number of it is none")
    if claims["iat"] * 1000 != ending.destroyed_at:
        raise MalformedError("it was signed at another time than that of the destruction")
    committed: Any = ending.object
    if committed.keys() != {"sha256", "bytes"} or _SHA256.fullmatch(committed["sha256"]) is None:
        raise MalformedError("it does not say which envelope")
    if type(committed["bytes"]) is not int:
        raise MalformedError("it does not say how large the envelope was")


def _require_events(claims: Mapping[str, Any]) -> None:
    listed, in_all = claims["events"], claims["events_in_all"]
    if type(in_all) is not int or in_all != claims["n"] - 1:
        raise MalformedError("its number does not follow from the number of earlier events")
    if in_all > receipt_v1.MOST_EVENTS:
        numbers = [*range(1, _HALF + 1), *range(in_all - _HALF + 1, in_all + 1)]
    else:
        numbers = [*range(1, in_all + 1)]
    if [one["n"] for one in listed] != numbers:
        raise MalformedError("the events that it names are not all, or not in order")
    for one in listed:
        decode_base64(one["leaf"], HASH_BYTES)
        if one.keys() != {"n", "evt", "leaf"} or one["evt"] not in set(Event):
            raise MalformedError("an event that it names is malformed")
    if listed[0]["evt"] != Event.CREATED or listed[-1]["evt"] != Event.DESTROYED:
        raise MalformedError("the events that it names do not lead from the creation to the destruction")


def _ms(time: str) -> int:
    if _TIME.fullmatch(time) is None:
        raise MalformedError("a time of it is malformed")
    return int(datetime.strptime(time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()) * 1000
