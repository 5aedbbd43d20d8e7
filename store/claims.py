"""
The one right to receive the envelope.

What a guess comes to is worked out beside the row as it was seen, and is paid for and written by one statement, which
does nothing where the row has changed since: a thousand parallel guesses cost a thousand guesses, and only one of any
number of right ones wins.  Nothing, right or wrong, is returned before the commit.

The claim that won may ask again for a short while: a lost answer loses nothing, and one page's memory alone has it.
"""

import hmac
import time
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import update

from store import endings, envelopes, events, payments, receipts, recipient_verification, second_consumers
from store.door import Visitor, require_open
from store.drops import HELD, find, held
from store.errors import (
    DropEndedError,
    DropLockedError,
    DropPausedError,
    KeyUnreadableError,
    NothingClaimedError,
    StoreUnavailableError,
    TooSoonError,
    WrongPassphraseError,
)
from store.formats import stored_v1
from store.guesses import seconds_until, tries_left
from store.opened import Store
from store.payments import Presented
from store.prepared import MOST_LOOKS, Looked
from store.schema import drops
from store.words import Event, Outcome, State

__all__ = ["MOST_SENDS", "Presented", "Release", "acknowledge", "claim"]

MOST_SENDS: Final = 3


@dataclass(frozen=True)
class Release:
    """An envelope on its way to the page that claimed it."""

    envelope: bytes = field(repr=False)
    sends_left: int
    seconds_left: int


async def claim(store: Store, presented: Presented, visitor: Visitor) -> Release:
    """
    Pay for one guess; if it is right, claim the drop and release its envelope.

    Raises, in this order and before anything is paid: UnknownDropError, DropEndedError, DropPausedError,
    DropLockedError, NotVerifiedError, WrongPassphraseError for a pair refused before, TooSoonError, KeyUnreadableError
    or TooManyLargeError.  After payment: WrongPassphraseError, or DropLockedError after the last guess of the round.
    """
    # Between the look and the payment somebody else may pay, claim or end it; the next look says which.
    for _ in range(MOST_LOOKS):
        row = await _admit(store, presented)
        try:
            drop_key = await store.key(row.id)
        except KeyUnreadableError:
            if await _has_moved_on(store, row):
                continue
            raise
        if drop_key is None:
            if row.state == State.CLAIMED:
                raise DropEndedError(Outcome.RELEASED, row.claimed_at)  # strict: the key went with the one answer
            await endings.lose(store, row.id)
            continue
        paid = await _attempt(store, row, presented, drop_key, visitor)
        if isinstance(paid, Release):
            return paid
        if paid is None:
            continue
        if paid.state == State.CLAIMED:
            raise DropEndedError(Outcome.RELEASED, paid.claimed_at)
        if paid.state == State.ENDING:
            await endings.finish(store, presented.drop_id)
        if paid.state != State.SEALED:
            raise DropLockedError
        raise _refusal(paid)
    raise StoreUnavailableError("the drop changes too fast")


async def acknowledge(store: Store, drop_id: bytes, link_proof: bytes, claim: bytes) -> str | None:
    """
    The page says that it decrypted: destroy, outcome viewed.  Again: nothing more happens.

    Returns the receipt's id; None where that drop ended before there were receipts.
    Raises UnknownDropError for a wrong claim and where nothing was claimed.
    """
    claim_hash = Presented(drop_id, link_proof, b"", claim).claim_hash
    row = await held(store, drop_id, link_proof)
    if row.claim_hash is None or not hmac.compare_digest(row.claim_hash, claim_hash):
        raise NothingClaimedError
    if row.state == State.CLAIMED and (rid := await endings.view(store, drop_id, claim_hash)):
        return rid
    return await receipts.of_drop(store, drop_id)


async def _admit(store: Store, presented: Presented) -> Looked:
    row = await held(store, presented.drop_id, presented.link_proof, payments.SEEN, pair=presented.pair)
    try:
        await require_open(store, row, claim_hash=presented.claim_hash)
    except DropEndedError:
        await second_consumers.at_claim(store, row, presented.claim_hash, presented.auth_token)
        raise
    if row.paused_at is not None:
        raise DropPausedError
    if row.state == State.LOCKED:
        raise DropLockedError
    recipient_verification.require(row)
    if row.was_refused:
        raise _refusal(row)
    # The wait after a third or fourth guess is paid for by a right one too, and must not hold up its redelivery.
    if row.state != State.CLAIMED and row.next_guess_at > row.present:
        raise TooSoonError(seconds_until(row.next_guess_at, row.present))
    return row


async def _attempt(
    store: Store, row: Looked, presented: Presented, drop_key: bytes, visitor: Visitor
) -> Release | Looked | None:
    """
    What the claim gets; the row as it stands where it gets nothing, None where somebody was faster.

    The envelope comes first: a claim must not be won by a page that could then not be given anything.
    """
    is_won = row.state == State.CLAIMED
    if is_won and row.sends >= MOST_SENDS:
        return row  # before it takes a place, which another winner may need
    with store.large.room_for(row.envelope_bytes, is_won=is_won) as room:
        envelope = await envelopes.unwrapped(store, row, drop_key)
        if envelope is None:
            return None
        if is_won:
            again = await _repeat(store, presented, drop_key)
            return row if again is None else _release(store, again, room.kept(envelope))
        paid = await payments.pay(store, row, presented, drop_key, visitor)
        if paid is None or paid.state != State.CLAIMED:
            return paid
        if store.redelivery_seconds == 0:
            await _erase_at_once(store, row.id)
        return _release(store, paid, room.kept(envelope))


async def _erase_at_once(store: Store, drop_id: bytes) -> None:
    """Strict: after this nobody, not even the claim that won, can ask again."""
    try:
        await store.keyring_act(store.keyring.erase, drop_id)
    except KeyUnreadableError:
        # With the key there, a database that lost this commit would send it again.  No time: no other page got it.
        raise DropEndedError(Outcome.RELEASED, 0) from None


async def _has_moved_on(store: Store, row: Looked) -> bool:
    """A key that is absent because its drop was destroyed since the look is no alarm."""
    drop = await find(store, row.id)
    return drop is None or drop.state != row.state


async def _repeat(store: Store, presented: Presented, drop_key: bytes) -> Looked | None:
    v2 = stored_v1.auth_token_verifier(drop_key, presented.drop_id, presented.auth_token)
    async with store.db.write() as tx:
        again: Looked | None = (
            await tx.execute(
                update(drops)
                .where(
                    drops.c.id == presented.drop_id,
                    drops.c.state == State.CLAIMED,
                    drops.c.claim_hash == presented.claim_hash,
                    drops.c.v2 == v2,
                    drops.c.claim_until > store.clock.now(),
                    drops.c.sends < (MOST_SENDS if store.redelivery_seconds else 1),
                )
                .values(sends=drops.c.sends + 1, n=drops.c.n + 1)
                .returning(*HELD, store.clock.now().label("present"))
            )
        ).one_or_none()
        if again is not None:
            at, facts = again.present, {"sends": again.sends}
            await events.append(tx, store, Event.REDELIVERED, drop_id=again.id, n=again.n, at=at, facts=facts)
        if time.monotonic() > presented.answered_by:
            # Undone: a database that answers too late would use up all sends without one having been sent.
            raise StoreUnavailableError("nobody waits for this answer any more")
    return again


def _release(store: Store, row: Looked, envelope: bytes) -> Release:
    if store.redelivery_seconds == 0:
        return Release(envelope, sends_left=0, seconds_left=0)
    seconds_left = max(0, (row.claim_until - row.present) // 1000)
    return Release(envelope, sends_left=MOST_SENDS - row.sends, seconds_left=seconds_left)


def _refusal(row: Looked) -> WrongPassphraseError:
    return WrongPassphraseError(tries_left(row.round_guesses), seconds_until(row.next_guess_at, row.present))
