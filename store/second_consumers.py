"""
Whoever comes with a link that somebody has opened, or that has ended: put on record, and told how it ended whatever
becomes of the record.

What is put on record is signed, with a key in the keyring.  While that is away the visit is counted; the next one that
can be signed, or the sweeper, says how many there were: the state of a drop is judged before any key.
"""

import hmac
from contextlib import suppress
from typing import Any

from sqlalchemy import Row

from store import recurrences
from store.errors import KeyUnreadableError
from store.formats import stored_v1
from store.formats.event_v1 import Fact
from store.opened import Store
from store.words import Event, State


async def at_door(store: Store, drop_id: bytes) -> None:
    """Somebody looked."""
    await _note(store, drop_id, stage="door")


async def at_claim(store: Store, row: Row[Any], claim_hash: bytes, auth_token: bytes) -> None:
    """A right passphrase by a second claim is an alarm; while the first claim stands it can still be told."""
    passphrase = "unknown"
    if row.state == State.CLAIMED and row.claim_hash != claim_hash:
        with suppress(KeyUnreadableError):  # finished since the look: it cannot be told any more
            drop_key = await store.key(row.id)
            if drop_key is not None:
                v2 = stored_v1.auth_token_verifier(drop_key, row.id, auth_token)
                passphrase = "right" if hmac.compare_digest(v2, row.v2) else "wrong"
    await _note(store, row.id, stage="claim", passphrase=passphrase)


async def _note(store: Store, drop_id: bytes, **facts: Fact) -> None:
    try:
        await recurrences.note(store, Event.SECOND_CONSUMER, drop_id, **facts)
    except KeyUnreadableError:
        await recurrences.count_unsaid(store, Event.SECOND_CONSUMER, drop_id, **facts)
