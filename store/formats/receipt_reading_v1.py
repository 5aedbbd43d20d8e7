"""
Whether what is signed as a receipt is one: every member as `receipt_v1` writes it, and no sentence besides.

A signature says who said something, not that it makes sense; a receipt whose sentences were others than its outcome's
would otherwise pass for proof.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from store.formats import base64url, receipt_sense_v1, receipt_v1
from store.formats.checkpoint_v1 import decode_base64
from store.formats.errors import MalformedError
from store.formats.merkle_v1 import HASH_BYTES
from store.formats.strict_json import is_text
from store.words import Event, Outcome

MEDIUM: Final = re.compile(
    rf"unknown|{receipt_v1.ON_SERVER}|{receipt_v1.FOUND_EMPTIED}|"
    r"[0-9A-Za-z_.-]{1,40} on (memory|network|block device|dm-crypt|device mapper|unknown)",
    re.ASCII,
)
"""What the keyring lies on: a kind of file system, and what is under it; or its table on a server."""

_DATABASES: Final = ("sqlite", "postgresql")
# PEP 440, the public part of it and a short local one.
_VERSION: Final = re.compile(
    r"unknown|[0-9]+(\.[0-9]+)*((a|b|rc)[0-9]+)?(\.post[0-9]+)?(\.dev[0-9]+)?(\+[0-9a-z.]{1,20})?", re.ASCII
)

_TIME: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z", re.ASCII)
_JTI: Final = re.compile(r"rc_[0-9a-f]{32}", re.ASCII)
_OF_EVERY_EVENT: Final = frozenset({"iss", "iat", "jti", "evt", "drop", "n"})
_DIGESTS: Final = frozenset({"_sd_alg", "_sd"})
_HALF: Final = receipt_v1.MOST_EVENTS // 2


def fault(claims: Mapping[str, Any]) -> str | None:
    """
    What is wrong with the content of a receipt, in words; None where it is one.

    Our own programs write none in which this finds anything, whatever was damaged before: the log asks it.
    """
    return _answered(_require, claims)


def doubt(claims: Mapping[str, Any]) -> str | None:
    """What is doubtful about a faultless receipt, in words: a clock that was set back, or an envelope not named."""
    return _answered(lambda claims: receipt_sense_v1.require_beyond_doubt(claims, _ending(claims)), claims)


def _answered(require: Callable[[Mapping[str, Any]], None], claims: Mapping[str, Any]) -> str | None:
    try:
        require(claims)
    except MalformedError as error:
        return str(error)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError, RecursionError):
        return "a member of the receipt is missing or malformed"
    return None


def named(claims: Mapping[str, Any]) -> dict[int, tuple[str, bytes]]:
    """The earlier events that a faultless receipt names: (event, leaf hash) by number."""
    return {one["n"]: (one["evt"], decode_base64(one["leaf"], HASH_BYTES)) for one in claims["events"]}


def _require(claims: Mapping[str, Any]) -> None:
    if claims["evt"] != Event.RECEIPT or type(claims["v"]) is not int or claims["v"] != 1:
        raise MalformedError("it is no receipt of version 1")
    if claims["outcome"] not in set(Outcome):
        raise MalformedError("its outcome is none of the seven")
    if _JTI.fullmatch(claims["jti"]) is None or len(base64url.decode(claims["drop"])) != 16:
        raise MalformedError("its id, or that of its drop, is malformed")
    if not is_text(claims["iss"]) or not claims["iss"]:
        raise MalformedError("it does not say which installation issued it")
    ending = _ending(claims)
    said = receipt_v1.facts(ending)
    for member, expected in said.items():
        if not member.startswith("events") and not _same(claims[member], expected):
            raise MalformedError(f"its member {member} is not what a receipt of this outcome says")
    _require_members(claims, said)
    receipt_sense_v1.require(claims, ending)
    _require_events(claims)
    receipt_sense_v1.require_borne_out(claims, ending)


def _same(said: Any, expected: Any) -> bool:
    # In Python True is 1 and 1.0 is 1; in what was signed they are not.
    return json.dumps(said, sort_keys=True) == json.dumps(expected, sort_keys=True)


def _require_members(claims: Mapping[str, Any], said: Mapping[str, Any]) -> None:
    members = _OF_EVERY_EVENT | said.keys()
    if claims.keys() not in (members, members | _DIGESTS):
        raise MalformedError("it has members that no receipt has")
    if "_sd" in claims:
        digests = claims["_sd"]
        if claims["_sd_alg"] != "sha-256" or not digests or digests != sorted(set(digests)):
            raise MalformedError("its digests are malformed")
        for digest in digests:
            base64url.decode(digest, HASH_BYTES)


def _ending(claims: Mapping[str, Any]) -> receipt_v1.Ending:
    """What must have been known, read back out of the receipt."""
    access, (key, envelope) = claims["access"], claims["destruction"]
    claimed_at = claims["claimed_at"]
    medium, database = key["where"].removeprefix("keyring, "), envelope["where"].removesuffix(", live row")
    if MEDIUM.fullmatch(medium) is None or database not in _DATABASES:
        raise MalformedError("it says of where it was destroyed what no receipt says")
    if _VERSION.fullmatch(claims["software"]["version"]) is None:
        raise MalformedError("it does not say which version wrote it")
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
        medium=medium,
        database=database,
        version=claims["software"]["version"],
        earlier=(),
    )


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
