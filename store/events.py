"""
The only maker of events and disclosures.

What an event adds to the tables is made whole before anything is written: a signed leaf, what it discloses, and the
notices that it owes.  `append` writes it inside the transaction of the state change that it records, and
`Database.change` in the very statement: no state change without its event, no event without its notices, whatever
crashes.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Final

from sqlalchemy import Table, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import personal as personal_form
from store.formats import base64url, event_v1, receipt_v1
from store.months import month_of
from store.opened import Store
from store.prepared import Row, Rows
from store.schema import disclosures, drops, events, notices
from store.words import Audience, Event

_EVERYBODY: Final = (Audience.AUDIT, Audience.SENDER, Audience.RECIPIENT)
_BOTH: Final = (Audience.AUDIT, Audience.SENDER)

TOLD: Final[Mapping[Event, tuple[Audience, ...]]] = {
    Event.CREATED: _BOTH,
    Event.DELIVERED: _BOTH,
    Event.UNDELIVERED: _BOTH,
    Event.REVOKED: _BOTH,
    Event.EXPIRED: _BOTH,
    Event.LOCKED: _BOTH,
    Event.UNLOCKED: _EVERYBODY,
    Event.CLAIMED: _BOTH,
    Event.DESTROYED: _EVERYBODY,
    Event.SECOND_CONSUMER: _BOTH,
    Event.NOT_ME: _BOTH,
    Event.ASKED: _BOTH,
    Event.RECIPIENT_REFUSED: _BOTH,
    Event.REMINDED: (Audience.AUDIT, Audience.RECIPIENT),
    Event.UNVIEWED: _BOTH,
    Event.ROTATE_DUE: _BOTH,
    Event.ROTATED: _BOTH,
    Event.RECORD_READ: _BOTH,
    Event.RECORD_REFUSED: _BOTH,
    Event.RECORD_LOCKED: _BOTH,
    Event.RECORD_EXPIRED: _BOTH,
}
"""Who is told of an event; the security team of each, whether it is named here or not."""


def rows(
    store: Store,
    event: Event,
    *,
    drop_id: bytes,
    n: int,
    at: int,
    facts: Mapping[str, event_v1.Fact] | None = None,
    personal: Mapping[str, str | None] | None = None,
) -> Rows:
    """
    What one event of a drop adds to the tables.

    `n` is counted on the drop's row by the statement that changes it, `at` is milliseconds.  `facts` stand in the leaf
    in clear; `personal` only as salted digests, their disclosures apart.
    """
    facts = facts or {}
    signed = _signed(store, event, drop_id=drop_id, n=n, at=at, facts=facts, personal=personal or {})
    return [*signed, _owed(event, drop_id=drop_id, at=at, about={"n": n, **facts})]


def receipt_rows(
    store: Store,
    *,
    rid: str,
    drop_id: bytes,
    n: int,
    at: int,
    facts: Mapping[str, event_v1.Fact],
    personal: Mapping[str, str | None],
) -> Rows:
    """The same for the receipt of a drop; `rid` is its public id, 32 hexadecimal characters."""
    signed = _signed(
        store,
        Event.RECEIPT,
        drop_id=drop_id,
        n=n,
        at=at,
        facts=facts,
        personal=personal,
        jti=f"rc_{rid}",
        kind=receipt_v1.TYPE,
    )
    return [*signed, _owed(Event.RECEIPT, drop_id=drop_id, at=at, about={"n": n, "rid": rid})]


async def append(
    tx: AsyncConnection,
    store: Store,
    event: Event,
    *,
    drop_id: bytes,
    n: int,
    at: int,
    facts: Mapping[str, event_v1.Fact] | None = None,
    personal: Mapping[str, str | None] | None = None,
) -> None:
    """Record one event of a drop; as in `rows`."""
    await written(tx, rows(store, event, drop_id=drop_id, n=n, at=at, facts=facts, personal=personal))


async def written(tx: AsyncConnection, made: Rows) -> None:
    """Write what `rows` made, in the transaction of the change that it records."""
    for table, these in made:
        await tx.execute(insert(table), these)


def _owed(event: Event, *, drop_id: bytes, at: int, about: Mapping[str, event_v1.Fact]) -> tuple[Table, list[Row]]:
    text = json.dumps({"event": event, "at": at, **about})
    owed = {"drop_id": drop_id, "about": text, "created_at": at, "not_before": at, "lease_until": 0, "tries": 0}
    return notices, [{**owed, "audience": audience} for audience in TOLD.get(event, (Audience.AUDIT,))]


async def append_without_drop(
    tx: AsyncConnection,
    store: Store,
    event: Event,
    *,
    at: int,
    facts: Mapping[str, event_v1.Fact],
    personal: Mapping[str, str | None] | None = None,
    about: bytes | None = None,
) -> int:
    """
    Record an event of no drop; its position among all events.  `personal` as in `append`.

    `about` is the id of what it is about: whom TOLD names is told, in order for each.  Nobody is without one.
    """
    (_, (leaf,)), *disclosed = _signed(store, event, drop_id=None, n=None, at=at, facts=facts, personal=personal or {})
    position: int = (await tx.execute(insert(events).values(leaf).returning(events.c.position))).scalar_one()
    owed = [] if about is None else [_owed(event, drop_id=about, at=at, about=facts)]
    await written(tx, [*disclosed, *owed])
    return position


def _signed(
    store: Store,
    event: Event,
    *,
    drop_id: bytes | None,
    n: int | None,
    at: int,
    facts: Mapping[str, event_v1.Fact],
    personal: Mapping[str, str | None],
    jti: str | None = None,
    kind: str = event_v1.TYPE,
) -> Rows:
    """The row of the event, and after it those of what it discloses."""
    jti = jti or f"ev_{secrets.token_hex(16)}"
    # The month of the event itself, which its leaf tells too: which keys are gone says what may be gone.
    month = month_of(at)
    key = store.months.key_for(month) if any(personal.values()) else None
    # In a month that was erased too early, by a clock that was wrong, drops must still end: without a word of anybody.
    disclosed = (
        []
        if key is None
        else [
            event_v1.disclose(name, value, secrets.token_bytes(event_v1.SALT_BYTES))
            for name, value in personal.items()
            if value is not None
        ]
    )
    signed = store.signer.sign(
        event_v1.payload(
            issuer=store.issuer,
            at_ms=at,
            jti=jti,
            event=event,
            drop=None if drop_id is None else base64url.encode(drop_id),
            n=n,
            facts=facts,
            digests=[one.digest for one in disclosed],
        ),
        kind,
    )
    leaf: Row = {
        "drop_id": drop_id,
        "n": n,
        "event": event,
        "at": at,
        "jti": jti,
        "kid": signed.kid,
        "leaf": signed.leaf,
    }
    if key is None or not disclosed:
        return [(events, [leaf])]
    of_event = {"jti": jti, "drop_id": drop_id, "month": month}
    sealed: list[Row] = [
        {
            **of_event,
            "digest": one.digest,
            "name": one.name,
            "disclosure": personal_form.seal_disclosure(key, one.digest, one.text),
        }
        for one in disclosed
    ]
    return [(events, [leaf]), (disclosures, sealed)]


async def next_number(tx: AsyncConnection, store: Store, drop_id: bytes) -> tuple[int, int]:
    """Count an event that changes nothing else on its drop: its number and its time in milliseconds."""
    row = (
        await tx.execute(
            update(drops).where(drops.c.id == drop_id).values(n=drops.c.n + 1).returning(drops.c.n, store.clock.now())
        )
    ).one()
    return row[0], row[1]
