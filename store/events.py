"""
The only writer of events and disclosures.

`append` runs inside the transaction of the state change that it records, and writes the notices that the change
owes in the same one: no state change without its event, no event without its notices, whatever crashes.
"""

import json
import secrets
from collections.abc import Mapping
from typing import Final

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import personal as personal_form
from store.formats import base64url, event_v1, receipt_v1
from store.months import month_of
from store.opened import Store
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
    """
    Record one event of a drop.

    `n` was counted on the drop's row by the statement that changed it, `at` is milliseconds.  `facts` stand in
    the leaf in clear; `personal` only as salted digests, their disclosures apart.
    """
    facts = facts or {}
    await _write(tx, store, event, drop_id=drop_id, n=n, at=at, facts=facts, personal=personal or {})
    await _owe(tx, event, drop_id=drop_id, at=at, about={"n": n, **facts})


async def append_receipt(
    tx: AsyncConnection,
    store: Store,
    *,
    rid: str,
    drop_id: bytes,
    n: int,
    at: int,
    facts: Mapping[str, event_v1.Fact],
    personal: Mapping[str, str | None],
) -> None:
    """Record the receipt of a drop; `rid` is its public id, 32 hexadecimal characters."""
    await _write(
        tx,
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
    await _owe(tx, Event.RECEIPT, drop_id=drop_id, at=at, about={"n": n, "rid": rid})


async def _owe(
    tx: AsyncConnection, event: Event, *, drop_id: bytes, at: int, about: Mapping[str, event_v1.Fact]
) -> None:
    text = json.dumps({"event": event, "at": at, **about})
    await tx.execute(
        insert(notices),
        [
            {
                "drop_id": drop_id,
                "audience": audience,
                "about": text,
                "created_at": at,
                "not_before": at,
                "lease_until": 0,
                "tries": 0,
            }
            for audience in TOLD.get(event, (Audience.AUDIT,))
        ],
    )


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
    position = await _write(tx, store, event, drop_id=None, n=None, at=at, facts=facts, personal=personal or {})
    if about is not None:
        await _owe(tx, event, drop_id=about, at=at, about=facts)
    return position


async def _write(
    tx: AsyncConnection,
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
) -> int:
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
    position: int = (
        await tx.execute(
            insert(events)
            .values(drop_id=drop_id, n=n, event=event, at=at, jti=jti, kid=signed.kid, leaf=signed.leaf)
            .returning(events.c.position)
        )
    ).scalar_one()
    if key is not None and disclosed:
        await tx.execute(
            insert(disclosures),
            [
                {
                    "digest": one.digest,
                    "jti": jti,
                    "drop_id": drop_id,
                    "name": one.name,
                    "month": month,
                    "disclosure": personal_form.seal_disclosure(key, one.digest, one.text),
                }
                for one in disclosed
            ],
        )
    return position


async def next_number(tx: AsyncConnection, store: Store, drop_id: bytes) -> tuple[int, int]:
    """Count an event that changes nothing else on its drop: its number and its time in milliseconds."""
    row = (
        await tx.execute(
            update(drops).where(drops.c.id == drop_id).values(n=drops.c.n + 1).returning(drops.c.n, store.clock.now())
        )
    ).one()
    return row[0], row[1]
