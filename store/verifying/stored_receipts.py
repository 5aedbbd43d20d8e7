"""A receipt in the database, held against the drop's row and the events that it names."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from store.formats import merkle_v1, receipt_reading_v1
from store.formats.receipt_v1 import utc
from store.verifying.life import Told
from store.words import Event


def faults(row: Row[Any], told: Sequence[Told], *, may_be_absent: bool) -> Iterator[str]:
    """
    What is wrong with the receipt of the drop of this row and these events, in words.

    `may_be_absent`: it was destroyed before there were receipts.
    """
    receipts = [one for one in told if one.row.event == Event.RECEIPT]
    destroyed = [one for one in told if one.row.event == Event.DESTROYED]
    if not receipts:
        if destroyed and not may_be_absent:
            yield "it was destroyed, and has no receipt"
        return
    if len(receipts) > 1:
        yield "it has two receipts"
    receipt = receipts[0]
    if not destroyed or destroyed[0].row.n != receipt.row.n - 1:
        yield "its receipt does not follow its destruction"
    if why := receipt_reading_v1.fault(receipt.claims) or receipt_reading_v1.doubt(receipt.claims):
        yield f"its receipt: {why}"
        return
    yield from _named(receipt, told)
    created, claimed = _said(told, Event.CREATED), _said(told, Event.CLAIMED)
    said = {
        "outcome": row.outcome,
        "ended_by": row.ended_by,
        "sealed_by": row.sealed_by,
        "created_at": utc(row.created_at),
        "expires_at": utc(row.expires_at),
        "claimed_at": None if row.claimed_at is None else utc(row.claimed_at),
        "ended_at": None if row.ended_at is None else utc(row.ended_at),
        "destroyed_at": None if row.destroyed_at is None else utc(row.destroyed_at),
        "sends": row.sends,
        "object": created.get("object"),
    }
    for name, value in said.items():
        if receipt.claims[name] != value:
            yield f"its receipt says another {name} than its row and its events"
    was_verified = any(one.row.event == Event.RECIPIENT_VERIFIED for one in told)
    access = {
        "may_repeat": bool(claimed.get("may_repeat", True)),
        "passphrase": _passphrase(created, was_claimed=bool(claimed)),
        "recipient_verification": "slack" if was_verified else "none",
    }
    for name, value in access.items():
        if receipt.claims["access"][name] != value:
            yield f"its receipt says another {name} than its events"
    if receipt.claims["access"]["failed_guesses"] != row.guesses - (row.claimed_at is not None):
        yield "its receipt says another number of failed guesses than its row and its events"


def _said(told: Sequence[Told], event: Event) -> Mapping[str, Any]:
    """What the first event of this kind says."""
    return next((one.claims for one in told if one.row.event == event), {})


def _passphrase(created: Mapping[str, Any], *, was_claimed: bool) -> str:
    if created.get("passphrase") == "none":
        return "none needed"
    return "verified" if was_claimed and "passphrase" in created else "not verified"


def _named(receipt: Told, told: Sequence[Told]) -> Iterator[str]:
    named = receipt_reading_v1.named(receipt.claims)
    there = {one.row.n: (one.row.event, merkle_v1.leaf_hash(one.row.leaf)) for one in told}
    for n, event in named.items():
        if there.get(n) != event:
            yield f"the event that its receipt names as number {n} ({event[0]}) is not there, or is another one"
