"""
The receipt of a destroyed drop, written in the transaction that destroys it: neither is there without the other.

Its id is random and opens nothing, so that it can be shown to people who must not have the link.
"""

import secrets
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from sqlalchemy import bindparam, select

from store import events, personal
from store.errors import KeyUnreadableError
from store.formats import event_v1, receipt_v1
from store.formats.errors import FormatError
from store.opened import Store
from store.prepared import Looked, Rows
from store.schema import events as written
from store.schema import recurrences
from store.words import Event

JTI: Final = "rc_"


def events_of(whole: Sequence[Looked]) -> list[receipt_v1.Earlier]:
    """The events in rows of `drops.WHOLE`."""
    return [receipt_v1.Earlier(row.event_n, row.event, row.leaf) for row in whole if row.event_n is not None]


async def rows(
    store: Store, row: Looked, earlier: Sequence[receipt_v1.Earlier], recorded: Rows, *, medium: str
) -> tuple[str, Rows]:
    """
    The id of a drop's receipt, and what it adds to the tables as the last of its events, number `row.n`.

    `row` is of `drops.WHOLE` as it is about to be, `earlier` its events and `recorded` those that are written with it;
    `medium` is what the keyring was found to lie on.
    """
    rid = secrets.token_hex(16)
    earlier = [*earlier, *_written_with_it(recorded)]
    created, claimed = _said(earlier, Event.CREATED), _said(earlier, Event.CLAIMED)
    was_claimed = row.claimed_at is not None
    ending = receipt_v1.Ending(
        outcome=row.outcome,
        ended_by=row.ended_by,
        sealed_by=row.sealed_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        claimed_at=row.claimed_at,
        ended_at=row.ended_at,
        destroyed_at=row.destroyed_at,
        sends=row.sends,
        may_repeat=bool(claimed.get("may_repeat", True)),
        passphrase=_passphrase(created, was_claimed=was_claimed),
        failed_guesses=row.guesses - was_claimed,
        verification=_verification(earlier),
        second_consumers=await _second_consumers(store, row.id) if row.recurred else receipt_v1.SecondConsumers(),
        object=created.get("object"),
        medium=medium,
        database="sqlite" if store.db.is_sqlite else "postgresql",
        version=_version(),
        earlier=earlier,
    )
    facts, people = receipt_v1.facts(ending), _people(store, row)
    return rid, events.receipt_rows(
        store, rid=rid, drop_id=row.id, n=row.n, at=row.destroyed_at, facts=facts, personal=people
    )


_OF_DROP: Final = select(written.c.jti).where(
    written.c.drop_id == bindparam("drop_id"), written.c.event == Event.RECEIPT
)


async def of_drop(store: Store, drop_id: bytes) -> str | None:
    """The id of a drop's receipt, or None before its end."""
    row = await store.db.look(_OF_DROP, {"drop_id": drop_id})
    return None if row is None else str(row.jti).removeprefix(JTI)


async def jws(store: Store, rid: str) -> str | None:
    """The receipt of this id, as it was signed; None where there is none."""
    async with store.db.read() as tx:
        leaf = await tx.scalar(
            select(written.c.leaf).where(written.c.jti == JTI + rid, written.c.event == Event.RECEIPT)
        )
    return None if leaf is None else bytes(leaf).decode()


def _written_with_it(recorded: Rows) -> list[receipt_v1.Earlier]:
    of_events: list[dict[str, Any]] = [row for table, rows in recorded if table is written for row in rows]
    return [receipt_v1.Earlier(row["n"], row["event"], row["leaf"]) for row in of_events]


_SECOND_CONSUMERS: Final = select(recurrences.c.what, recurrences.c.count).where(
    recurrences.c.drop_id == bindparam("drop_id"), recurrences.c.what.startswith(Event.SECOND_CONSUMER)
)


async def _second_consumers(store: Store, drop_id: bytes) -> receipt_v1.SecondConsumers:
    counted = await store.db.look_at_all(_SECOND_CONSUMERS, {"drop_id": drop_id})
    at_door = at_claim = right = 0
    for what, count in counted:
        facts = what.split(" ")
        at_door += count if "stage=door" in facts else 0
        at_claim += count if "stage=claim" in facts else 0
        right += count if "passphrase=right" in facts else 0
    return receipt_v1.SecondConsumers(at_door, at_claim, right)


def _said(earlier: Sequence[receipt_v1.Earlier], event: Event) -> dict[str, Any]:
    """What the first event of this kind said, when there was nothing to gain by saying something else."""
    for one in earlier:
        if one.event == event:
            try:
                return event_v1.unverified(one.leaf)
            except (FormatError, ValueError):  # an ending must not fail because something in a row was damaged
                return {}
    return {}


def _people(store: Store, row: Looked) -> dict[str, str | None]:
    try:
        return personal.of_row(store.months, row).disclosed()
    except KeyUnreadableError:  # an ending must not fail because something in the row was damaged
        return {}


def _passphrase(created: dict[str, Any], *, was_claimed: bool) -> str:
    if created.get("passphrase") == "none":
        return "none needed"
    return "verified" if was_claimed and "passphrase" in created else "not verified"


def _verification(earlier: Sequence[receipt_v1.Earlier]) -> str:
    return "slack" if any(one.event == Event.RECIPIENT_VERIFIED for one in earlier) else "none"


@cache
def _version() -> str:
    try:
        return version("sendsecret")
    except PackageNotFoundError:
        return "unknown"
