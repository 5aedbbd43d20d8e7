"""
Paying for a guess, and winning with a right one.

What a guess comes to is worked out beside the row as it was seen; then one statement pays for it, unless the row has
changed since.  Until that is on the disk nobody is told anything, so that comparing first gives nothing away.
"""

import hashlib
import hmac
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, exists, select, update

from store import envelopes, events, recipient_verification
from store.clock import PRESENT
from store.door import Visitor
from store.drops import HELD
from store.errors import ConflictError, StoreUnavailableError
from store.formats import stored_v1
from store.guesses import PER_ROUND, WAIT_AFTER_MS, tries_left
from store.opened import Store
from store.prepared import Change, Looked, Rows
from store.schema import drops, refusals
from store.words import Actor, Event, Outcome, State

_BYTES_A_MS: Final = 102  # one second more for each 100 KiB


@dataclass(frozen=True)
class Presented:
    """What a page presents with a typed passphrase: 32 bytes each; it is answered by `answered_by`, or never."""

    drop_id: bytes
    link_proof: bytes = field(repr=False)
    auth_token: bytes = field(repr=False)
    claim: bytes = field(repr=False)
    answered_by: float = math.inf  # of time.monotonic

    @property
    def claim_hash(self) -> bytes:
        """What the row keeps of the claim."""
        return hashlib.sha256(b"claim" + self.drop_id + self.claim).digest()

    @property
    def pair(self) -> bytes:
        """What is kept of a refused pair; without the claim, which only the page has, it verifies nothing."""
        return hashlib.sha256(b"pair" + self.drop_id + self.claim + self.auth_token).digest()


SEEN: Final = select(
    *HELD,
    envelopes.SMALL,
    PRESENT.label("present"),
    exists().where(refusals.c.drop_id == drops.c.id, refusals.c.pair == bindparam("pair")).label("was_refused"),
).where(drops.c.id == bindparam("drop_id"))
"""A row for `pay`, by `drop_id`; and whether `pair` was refused before."""

# Whatever happens to a drop is numbered on its row: with the number as it was seen, everything else was as it was seen.
# What depends on the time is asked again, because time has passed.
_PAYMENT: Final = (
    update(drops)
    .where(
        drops.c.id == bindparam("drop_id"),
        drops.c.n == bindparam("seen"),
        drops.c.state == State.SEALED,
        drops.c.paused_at.is_(None),
        drops.c.round_guesses < PER_ROUND,
        drops.c.next_guess_at <= PRESENT,
        drops.c.expires_at > PRESENT,
        recipient_verification.is_verified(PRESENT),
    )
    .values(
        n=bindparam("after"),
        guesses=bindparam("paid"),
        round_guesses=bindparam("paid_in_round"),
        next_guess_at=PRESENT + bindparam("wait_ms", type_=BigInteger),
        state=bindparam("to"),
        outcome=bindparam("so"),
        ended_by=bindparam("by"),
        ended_at=bindparam("over_at"),
        claim_hash=bindparam("winner"),
        claimed_at=bindparam("won_at"),
        claim_until=PRESENT + bindparam("claim_ms", type_=BigInteger),  # NULL where nothing was won
        sends=bindparam("sent"),
    )
    .returning(*HELD, PRESENT.label("present"))
)


async def pay(store: Store, seen: Looked, presented: Presented, drop_key: bytes, visitor: Visitor) -> Looked | None:
    """
    The row after a guess that was paid for; None where `seen`, a row of SEEN, is no more what it was.

    Its state says what the guess came to.
    """
    v2 = stored_v1.auth_token_verifier(drop_key, presented.drop_id, presented.auth_token)
    if seen.v2 is None:
        return None
    is_right, round_guesses = hmac.compare_digest(v2, seen.v2), seen.round_guesses + 1
    is_last = round_guesses >= PER_ROUND
    is_lockout = is_last and not is_right and seen.on_lock == "destroy"
    given = {
        "drop_id": presented.drop_id,
        "seen": seen.n,
        "after": seen.n + (2 if is_last and not is_right else 1),
        "paid": seen.guesses + 1,
        "paid_in_round": round_guesses,
        "wait_ms": WAIT_AFTER_MS.get(round_guesses, 0),
        "to": _becomes(is_right=is_right, is_last=is_last, is_lockout=is_lockout),
        "so": Outcome.LOCKED_OUT if is_lockout else None,
        "by": Actor.HOLDER if is_lockout else None,
        "over_at": seen.present if is_lockout else None,
        "winner": presented.claim_hash if is_right else None,
        "won_at": seen.present if is_right else None,
        "claim_ms": _claim_ms(store, seen) if is_right else None,
        "sent": int(is_right),
    }
    rows = _rows(store, seen, presented, visitor, given)
    if time.monotonic() > presented.answered_by:
        raise StoreUnavailableError("nobody waits for this answer any more")  # right or wrong, it is not paid for
    try:
        return await store.db.change(Change(_PAYMENT, given, rows))
    except ConflictError:
        # The same pair came twice at once, and its twin paid for both; this payment is undone.
        return None


def _becomes(*, is_right: bool, is_last: bool, is_lockout: bool) -> State:
    if is_right:
        return State.CLAIMED
    if is_lockout:
        return State.ENDING
    return State.LOCKED if is_last else State.SEALED


def _rows(store: Store, seen: Looked, presented: Presented, visitor: Visitor, given: Mapping[str, Any]) -> Rows:
    """What goes on record with a guess."""
    record = partial(events.rows, store, drop_id=seen.id, at=seen.present)
    n = seen.n + 1
    if given["to"] == State.CLAIMED:
        facts = {"guesses": given["paid"], "may_repeat": store.redelivery_seconds > 0}
        return record(Event.CLAIMED, n=n, facts=facts, personal=visitor.personal)
    left = tries_left(given["paid_in_round"])
    rows = record(Event.PASSPHRASE_FAILED, n=n, facts={"tries_left": left}, personal=visitor.personal)
    if not left:
        rows += record(Event.LOCKED, n=n + 1, facts={"guesses": given["paid"], "unlocks": seen.unlocks})
    return [(refusals, [{"drop_id": seen.id, "pair": presented.pair}]), *rows]


def _claim_ms(store: Store, seen: Looked) -> int:
    # In the strict mode nothing is sent again, but the page may still say that it decrypted.
    return (store.redelivery_seconds or 60) * 1000 + int(seen.envelope_bytes) // _BYTES_A_MS
