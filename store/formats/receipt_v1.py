"""
A receipt: what was done to one drop, signed in the transaction that did it, and a leaf of the log.

It is an event like the others (`event_v1`) with a type of its own.  It says in plain sentences what it attests and, as
loudly, what it does not.  Earlier events are named by their leaf hashes, which are known before the log has numbered
them.
"""

import base64
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Final

from store.formats.event_v1 import Fact
from store.formats.merkle_v1 import leaf_hash

TYPE: Final = "deletion-receipt+sd-jwt"
ON_SERVER: Final = "unlogged table on PostgreSQL"
FOUND_EMPTIED: Final = f"{ON_SERVER}, found emptied"
"""Where the key of a drop was whose keyring is on a server: we deleted it, or found the table empty."""
MOST_EVENTS: Final = 100
"""Named one by one; a leaf has room for about 500, and an ending must not fail for want of it."""

DOES_NOT_ATTEST: Final = (
    "what backups and WAL hold as ciphertext",
    "copies of the keyring made outside",
    "who read it",
    "what the reader did with it",
)


@dataclass(frozen=True)
class Earlier:
    """One earlier event of the drop."""

    n: int
    event: str
    leaf: bytes


@dataclass(frozen=True)
class SecondConsumers:
    """
    How often the dead or claimed link was used again before the end.

    `at_door` is loading its page, which is often the reader themselves; `at_claim` is another page that gave a
    passphrase, and `with_right_passphrase` those among them that gave the right one.
    """

    at_door: int = 0
    at_claim: int = 0
    with_right_passphrase: int = 0


@dataclass(frozen=True)
class Ending:
    """
    What is known when a drop is destroyed; times are milliseconds.

    `object` is what `drop.created` committed to: SHA-256 and size of the envelope.  `may_repeat` is whether a claim
    can ask again.  `passphrase` is "verified", "none needed" or "not verified"; `verification` says how the recipient
    was verified, or "none".  `medium` was measured.
    """

    outcome: str
    ended_by: str | None
    sealed_by: str
    created_at: int
    expires_at: int
    claimed_at: int | None
    ended_at: int
    destroyed_at: int
    sends: int
    may_repeat: bool
    passphrase: str
    failed_guesses: int
    verification: str
    second_consumers: SecondConsumers
    object: Fact
    medium: str
    database: str
    version: str
    earlier: Sequence[Earlier]


def facts(ending: Ending) -> dict[str, Fact]:
    """The members of a receipt beside those of every event."""
    at = utc(ending.destroyed_at)
    return {
        "v": 1,
        "outcome": ending.outcome,
        "ended_by": ending.ended_by,
        "sealed_by": ending.sealed_by,
        "created_at": utc(ending.created_at),
        "expires_at": utc(ending.expires_at),
        "claimed_at": None if ending.claimed_at is None else utc(ending.claimed_at),
        "ended_at": utc(ending.ended_at),
        "destroyed_at": at,
        "sends": ending.sends,
        "access": {
            "claims": int(ending.claimed_at is not None),
            "may_repeat": ending.may_repeat,
            "passphrase": ending.passphrase,
            "failed_guesses": ending.failed_guesses,
            "recipient_verification": ending.verification,
            "second_consumers": asdict(ending.second_consumers),
        },
        "object": ending.object,
        "destruction": [
            {
                "what": "drop_key",
                "where": f"keyring, {ending.medium}",
                "how": _how(ending),
                "at": at,
            },
            {
                "what": "envelope and verifier",
                "where": f"{ending.database}, live row",
                "how": "set to NULL in the transaction of this receipt",
                "at": at,
            },
        ],
        "attests": attests(ending),
        "does_not_attest": list(DOES_NOT_ATTEST),
        "software": {"name": "sendsecret", "version": ending.version},
        "events": _named(ending.earlier),
        "events_in_all": len(ending.earlier),
    }


def attests(ending: Ending) -> list[Fact]:
    """The sentences that a receipt signs."""
    times = "1 time" if ending.sends == 1 else f"{ending.sends} times"
    return [
        f"the envelope was released to at most one claim, {times}",
        _erased(ending),
        "the live row no longer holds the envelope",
    ]


def _how(ending: Ending) -> str:
    if ending.medium == FOUND_EMPTIED:
        return "found gone: the table was found empty"
    # VACUUM comes after the signature, so that it cannot be said to be over.
    on_server = "row deleted; VACUUM (FULL) of the table is due within 60 s"
    done = on_server if ending.medium == ON_SERVER else "overwritten in place with zeros, fsynced"
    return "found erased" if ending.outcome == "lost" else done


def _erased(ending: Ending) -> str:
    at = utc(ending.destroyed_at)
    if ending.medium == FOUND_EMPTIED:
        may_repeat = ending.claimed_at is not None and ending.may_repeat
        before = "; until then only that claim could ask again" if may_repeat else ""
        return f"drop_key was found gone at {at}, in a table that was found empty{before}"
    if ending.outcome == "lost":
        # Nobody here erased it, so that nobody here can say when, or that nobody had it before.
        return f"drop_key was found erased at {at}; we do not know who erased it, or when"
    if ending.claimed_at is None:
        return f"drop_key was erased at {at}; from {utc(ending.ended_at)} on nobody could claim"
    if not ending.may_repeat:
        return f"drop_key was erased with the one answer, at {at} at the latest; not even that claim could ask again"
    return f"drop_key was erased at {at}; until then only that claim could ask again"


def utc(ms: int) -> str:
    """A time as receipts write it: UTC, whole seconds."""
    return datetime.fromtimestamp(ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _named(earlier: Sequence[Earlier]) -> list[Fact]:
    if len(earlier) > MOST_EVENTS:
        earlier = [*earlier[: MOST_EVENTS // 2], *earlier[-MOST_EVENTS // 2 :]]
    return [{"n": one.n, "evt": one.event, "leaf": base64.b64encode(leaf_hash(one.leaf)).decode()} for one in earlier]
