"""
What is said of a drop, and of what happened to it, to whoever reads with a token.  Pure; never a link.

Times are Unix seconds, null where it did not happen.
"""

from collections.abc import Sequence
from typing import Final

from store.drops import Drop
from store.formats import base64url
from store.formats.errors import MalformedError
from store.formats.link_v1 import ID_BYTES
from store.history import Step
from store.listing import After

_TIME_BYTES: Final = 8
_OF_EVERY_LEAF: Final = {"iss", "iat", "jti", "evt", "drop", "n", "_sd", "_sd_alg"}

Members = dict[str, object]


def drop(one: Drop) -> Members:
    """One drop."""
    return {
        "id": base64url.encode(one.id),
        "state": one.state,
        "outcome": one.outcome,
        "label": one.header.label,
        "recipient": {"name": one.recipient_name, "class": one.recipient_class},
        "template": one.template,
        "delivery": one.delivery,
        "created_at": one.created_at // 1000,
        "expires_at": one.expires_at // 1000,
        "paused_at": _seconds(one.paused_at),
        "claimed_at": _seconds(one.claimed_at),
        "ended_at": _seconds(one.ended_at),
        "rotate_by": _seconds(one.rotate_by),
        "receipt": one.receipt,
    }


def steps(some: Sequence[Step]) -> list[Members]:
    """What happened, oldest first; of the facts those that are one value, since a receipt has a route of its own."""
    return [
        {
            "event": step.event,
            "n": step.n,
            "at": step.at // 1000,
            "facts": {name: value for name, value in step.facts.items() if _is_fact(name, value)},
            "network": step.network,
            "browser": step.browser,
        }
        for step in some
    ]


def encode_after(after: After | None) -> str | None:
    """Where the next page begins, as one text without a meaning of its own; None where this is the last."""
    if after is None:
        return None
    return base64url.encode(after.created_at.to_bytes(_TIME_BYTES, signed=True) + after.id)


def after_in(text: str) -> After:
    """What `encode_after` wrote.  Raises MalformedError."""
    raw = base64url.decode(text, _TIME_BYTES + ID_BYTES)
    created_at = int.from_bytes(raw[:_TIME_BYTES], signed=True)
    if created_at < 0:
        raise MalformedError("no drop is that old")
    return After(created_at, raw[_TIME_BYTES:])


def _is_fact(name: str, value: object) -> bool:
    return name not in _OF_EVERY_LEAF and (value is None or isinstance(value, str | int | bool))


def _seconds(at_ms: int | None) -> int | None:
    return None if at_ms is None else at_ms // 1000
