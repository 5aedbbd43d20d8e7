"""
The receipt of a destroyed drop, written in the transaction that destroys it: neither is there without the other.

Its id is random and opens nothing, so that it can be shown to people who must not have the link.
"""

import secrets
from importlib.metadata import PackageNotFoundError, version
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store import events, personal
from store.errors import KeyUnreadableError
from store.formats import event_v1, receipt_v1
from store.formats.errors import FormatError
from store.opened import Store
from store.schema import events as rows
from store.schema import recurrences
from store.words import Event

JTI: Final = "rc_"


async def issue(tx: AsyncConnection, store: Store, row: Row[Any], *, n: int, medium: str) -> str:
    """
    Write the receipt of a drop, whose row was just destroyed, as its event number `n`; returns the receipt's id.

    `row` has every column of `drops` as it is by now; `medium` is what the keyring was found to lie on.
    """
    rid = secrets.token_hex(16)
    earlier = await _earlier(tx, row.id)
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
        second_consumers=await _second_consumers(tx, row.id),
        object=created.get("object"),
        medium=medium,
        database="sqlite" if store.db.is_sqlite else "postgresql",
        version=_version(),
        earlier=earlier,
    )
    await events.append_receipt(
        tx,
        store,
        rid=rid,
        drop_id=row.id,
        n=n,
        at=row.destroyed_at,
        facts=receipt_v1.facts(ending),
        personal=_people(store, row),
    )
    return rid


async def of_drop(store: Store, drop_id: bytes) -> str | None:
    """The id of a drop's receipt, or None before its end."""
    async with store.db.read() as tx:
        jti = await tx.scalar(select(rows.c.jti).where(rows.c.drop_id == drop_id, rows.c.event == Event.RECEIPT))
    return None if jti is None else str(jti).removeprefix(JTI)


async def jws(store: Store, rid: str) -> str | None:
    """The receipt of this id, as it was signed; None where there is none."""
    async with store.db.read() as tx:
        leaf = await tx.scalar(select(rows.c.leaf).where(rows.c.jti == JTI + rid, rows.c.event == Event.RECEIPT))
    return None if leaf is None else bytes(leaf).decode()


async def _earlier(tx: AsyncConnection, drop_id: bytes) -> list[receipt_v1.Earlier]:
    found = await tx.execute(
        select(rows.c.n, rows.c.event, rows.c.leaf).where(rows.c.drop_id == drop_id).order_by(rows.c.n)
    )
    return [receipt_v1.Earlier(one.n, one.event, one.leaf) for one in found]


async def _second_consumers(tx: AsyncConnection, drop_id: bytes) -> receipt_v1.SecondConsumers:
    counted = await tx.execute(
        select(recurrences.c.what, recurrences.c.count).where(
            recurrences.c.drop_id == drop_id, recurrences.c.what.startswith(Event.SECOND_CONSUMER)
        )
    )
    at_door = at_claim = right = 0
    for what, count in counted:
        facts = what.split(" ")
        at_door += count if "stage=door" in facts else 0
        at_claim += count if "stage=claim" in facts else 0
        right += count if "passphrase=right" in facts else 0
    return receipt_v1.SecondConsumers(at_door, at_claim, right)


def _said(earlier: list[receipt_v1.Earlier], event: Event) -> dict[str, Any]:
    """What the first event of this kind said, when there was nothing to gain by saying something else."""
    for one in earlier:
        if one.event == event:
            try:
                return event_v1.unverified(one.leaf)
            except (FormatError, ValueError):  # an ending must not fail because something in a row was damaged
                return {}
    return {}


def _people(store: Store, row: Row[Any]) -> dict[str, str | None]:
    try:
        return personal.of_row(store.months, row).disclosed()
    except KeyUnreadableError:  # an ending must not fail because something in the row was damaged
        return {}


def _passphrase(created: dict[str, Any], *, was_claimed: bool) -> str:
    if created.get("passphrase") == "none":
        return "none needed"
    return "verified" if was_claimed and "passphrase" in created else "not verified"


def _verification(earlier: list[receipt_v1.Earlier]) -> str:
    return "slack" if any(one.event == Event.RECIPIENT_VERIFIED for one in earlier) else "none"


def _version() -> str:
    try:
        return version("sendsecret")
    except PackageNotFoundError:
        return "unknown"
