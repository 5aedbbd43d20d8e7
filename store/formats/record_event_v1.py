"""
Whether an event of a record that the web program may sign says what such an event says, in its words.

A signature says who said something, not that it makes sense, and whoever holds that program's key can sign anything: an
event without its count must not stop whoever holds the rows against the events.
"""

from collections.abc import Mapping
from typing import Any, Final

from store.formats import base64url
from store.formats.errors import MalformedError
from store.formats.record_key_v1 import ID_BYTES
from store.words import Actor, Event, RecordEnd

_LEAST: Final[Mapping[str, Mapping[str, int]]] = {
    Event.RECORD_READ: {"version": 1, "reads": 1},
    Event.RECORD_REFUSED: {"count": 1},
    Event.RECORD_LOCKED: {"guesses": 1, "unlocks": 0},
    Event.RECORD_EXPIRED: {},
}
"""Its whole numbers, and the least of each."""

ENDED_BY: Final[Mapping[str, Actor]] = {
    RecordEnd.TIME: Actor.CLOCK,
    RecordEnd.READS: Actor.HOLDER,
    RecordEnd.LOST: Actor.KEYRING,
}


def fault(claims: Mapping[str, Any]) -> str | None:
    """What is wrong with the claims of an event, in words; None for those that are right, and for other events."""
    event = claims.get("evt")
    least = _LEAST.get(event) if isinstance(event, str) else None
    if least is None:
        return None
    # A record without a number of reads has none left to tell.
    optional = {"reads_left": 0} if event == Event.RECORD_READ and "reads_left" in claims else {}
    is_right = _is_id(claims.get("record")) and all(
        type(claims.get(name)) is int and claims[name] >= bound for name, bound in {**least, **optional}.items()
    )
    if event == Event.RECORD_EXPIRED:
        is_right = is_right and _is_end(claims.get("why"), claims.get("by"))
    return None if is_right else f"it says {event} in no words of ours"


def _is_end(why: object, by: object) -> bool:
    return isinstance(why, str) and why in ENDED_BY and by == ENDED_BY[why]


def _is_id(text: object) -> bool:
    try:
        return isinstance(text, str) and len(base64url.decode(text, ID_BYTES)) == ID_BYTES
    except MalformedError:
        return False
