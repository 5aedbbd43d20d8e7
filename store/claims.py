"""
The one right to receive the envelope.

A guess is paid for and compared by one statement, so that a thousand parallel guesses cost a thousand guesses and
only one of any number of right ones wins.  Nothing, right or wrong, is returned before the commit.

The claim that won may ask again for a short while: a lost answer loses nothing, and one page's memory alone has it.
"""

import hashlib
import hmac
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

from sqlalchemy import Row, and_, case, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from store import endings, envelopes, events, receipts, recipient_verification, recurrences
from store.door import Visitor, require_open
from store.drops import HELD, find, held
from store.errors import (
    DropEndedError,
    DropLockedError,
    DropPausedError,
    KeyUnreadableError,
    StoreUnavailableError,
    TooSoonError,
    UnknownDropError,
    WrongPassphraseError,
)
from store.formats import stored_v1
from store.guesses import PER_ROUND, WAIT_AFTER_MS, paid_at, seconds_until, tries_left
from store.opened import Store
from store.schema import drops, refusals
from store.words import Actor, Event, Outcome, State

MOST_SENDS: Final = 3
_LOOKS: Final = 4
_BYTES_A_MS: Final = 102  # one second more for each 100 KiB


@dataclass(frozen=True)
class Release:
    """An envelope on its way to the page that claimed it."""

    envelope: bytes = field(repr=False)
    sends_left: int
    seconds_left: int


@dataclass(frozen=True)
class Presented:
    """What a page presents with a typed passphrase: 32 bytes each."""

    drop_id: bytes
    link_proof: bytes = field(repr=False)
    auth_token: bytes = field(repr=False)
    claim: bytes = field(repr=False)

    @property
    def claim_hash(self) -> bytes:
        """What the row keeps of the claim."""
        return hashlib.sha256(b"claim" + self.drop_id + self.claim).digest()

    @property
    def pair(self) -> bytes:
        """What is kept of a refused pair; without the claim, which only the page has, it verifies nothing."""
        return hashlib.sha256(b"pair" + self.drop_id + self.claim + self.auth_token).digest()


async def claim(store: Store, presented: Presented, visitor: Visitor) -> Release:
    """
    Pay for one guess; if it is right, claim the drop and release its envelope.

    Raises, in this order and before anything is paid: UnknownDropError, DropEndedError, DropPausedError,
    DropLockedError, NotVerifiedError, WrongPassphraseError for a pair refused before, TooSoonError, KeyUnreadableError
    or TooManyLargeError.  After payment: WrongPassphraseError, or DropLockedError after the last guess of the round.
    """
    # Between the look and the payment somebody else may pay, claim or end it; the next look says which.
    for _ in range(_LOOKS):
        row = await _admit(store, presented)
        try:
            drop_key = await store.keyring_act(store.keyring.read, row.id)
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
    async with store.db.read() as tx:
        row = await held(tx, store, drop_id, link_proof)
    if row.claim_hash is None or not hmac.compare_digest(row.claim_hash, claim_hash):
        raise UnknownDropError
    if row.state == State.CLAIMED:
        await endings.view(store, drop_id, claim_hash)
    return await receipts.of_drop(store, drop_id)


async def _admit(store: Store, presented: Presented) -> Row[Any]:
    async with store.db.read() as tx:
        row = await held(tx, store, presented.drop_id, presented.link_proof)
        was_refused = await tx.scalar(
            select(refusals.c.pair).where(refusals.c.drop_id == presented.drop_id, refusals.c.pair == presented.pair)
        )
    try:
        await require_open(store, row, claim_hash=presented.claim_hash)
    except DropEndedError:
        await _note_second_consumer(store, row, presented)
        raise
    if row.paused_at is not None:
        raise DropPausedError
    if row.state == State.LOCKED:
        raise DropLockedError
    recipient_verification.require(row)
    if was_refused is not None:
        raise _refusal(row)
    # The wait after a third or fourth guess is paid for by a right one too, and must not hold up its redelivery.
    if row.state != State.CLAIMED and row.next_guess_at > row.present:
        raise TooSoonError(seconds_until(row.next_guess_at, row.present))
    return row


async def _attempt(
    store: Store, row: Row[Any], presented: Presented, drop_key: bytes, visitor: Visitor
) -> Release | Row[Any] | None:
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
        paid = await _pay(store, presented, drop_key, visitor)
        if paid is None or paid.state != State.CLAIMED:
            return paid
        if store.redelivery_seconds == 0:
            # Strict: after this nobody, not even the claim that won, can ask again.
            await store.keyring_act(store.keyring.erase, row.id)
        return _release(store, paid, room.kept(envelope))


async def _has_moved_on(store: Store, row: Row[Any]) -> bool:
    """A key that is absent because its drop was destroyed since the look is no alarm."""
    drop = await find(store, row.id)
    return drop is None or drop.state != row.state


async def _pay(store: Store, presented: Presented, drop_key: bytes, visitor: Visitor) -> Row[Any] | None:
    v2 = stored_v1.auth_token_verifier(drop_key, presented.drop_id, presented.auth_token)
    now = store.clock.now()
    # `v2` is an HMAC under a key that no guesser has, so that the time of comparing it teaches nothing.
    is_right = drops.c.v2 == v2
    is_last = drops.c.round_guesses + 1 >= PER_ROUND
    is_lockout = and_(~is_right, is_last, drops.c.on_lock == "destroy")
    wait = case({k - 1: ms for k, ms in WAIT_AFTER_MS.items()}, value=drops.c.round_guesses, else_=0)
    payment = (
        update(drops)
        .where(
            drops.c.id == presented.drop_id,
            drops.c.state == State.SEALED,
            drops.c.paused_at.is_(None),
            drops.c.round_guesses < PER_ROUND,
            drops.c.next_guess_at <= now,
            drops.c.expires_at > now,
            recipient_verification.is_verified(now),
        )
        .values(
            guesses=drops.c.guesses + 1,
            round_guesses=drops.c.round_guesses + 1,
            next_guess_at=now + wait,
            state=case(
                (is_right, State.CLAIMED),
                (is_lockout, State.ENDING),
                (is_last, State.LOCKED),
                else_=State.SEALED,
            ),
            outcome=case((is_lockout, Outcome.LOCKED_OUT)),
            ended_by=case((is_lockout, Actor.HOLDER)),
            ended_at=case((is_lockout, now)),
            claim_hash=case((is_right, presented.claim_hash)),
            claimed_at=case((is_right, now)),
            claim_until=case((is_right, now + _claim_ms(store) + drops.c.envelope_bytes // _BYTES_A_MS)),
            sends=case((is_right, 1), else_=0),
            n=drops.c.n + case((and_(~is_right, is_last), 2), else_=1),
        )
        .returning(*HELD, now.label("present"))
    )
    try:
        async with store.db.write() as tx:
            paid: Row[Any] | None = (await tx.execute(payment)).one_or_none()
            if paid is not None:
                await _record(tx, store, paid, presented, visitor)
    except IntegrityError:
        # The same pair came twice at once, and its twin paid for both; this payment is undone.
        return None
    return paid


async def _record(tx: AsyncConnection, store: Store, paid: Row[Any], presented: Presented, visitor: Visitor) -> None:
    record = partial(events.append, tx, store, drop_id=paid.id, at=paid_at(paid.next_guess_at, paid.round_guesses))
    if paid.state == State.CLAIMED:
        facts = {"guesses": paid.guesses, "may_repeat": store.redelivery_seconds > 0}
        await record(Event.CLAIMED, n=paid.n, facts=facts, personal=visitor.personal)
        return
    await tx.execute(insert(refusals).values(drop_id=paid.id, pair=presented.pair))
    left = tries_left(paid.round_guesses)
    n = paid.n if left else paid.n - 1
    await record(Event.PASSPHRASE_FAILED, n=n, facts={"tries_left": left}, personal=visitor.personal)
    if not left:
        await record(Event.LOCKED, n=paid.n, facts={"guesses": paid.guesses, "unlocks": paid.unlocks})


async def _repeat(store: Store, presented: Presented, drop_key: bytes) -> Row[Any] | None:
    v2 = stored_v1.auth_token_verifier(drop_key, presented.drop_id, presented.auth_token)
    async with store.db.write() as tx:
        again: Row[Any] | None = (
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
    return again


def _claim_ms(store: Store) -> int:
    # In the strict mode nothing is sent again, but the page may still say that it decrypted.
    return (store.redelivery_seconds or 60) * 1000


def _release(store: Store, row: Row[Any], envelope: bytes) -> Release:
    if store.redelivery_seconds == 0:
        return Release(envelope, sends_left=0, seconds_left=0)
    seconds_left = max(0, (row.claim_until - row.present) // 1000)
    return Release(envelope, sends_left=MOST_SENDS - row.sends, seconds_left=seconds_left)


def _refusal(row: Row[Any]) -> WrongPassphraseError:
    return WrongPassphraseError(tries_left(row.round_guesses), seconds_until(row.next_guess_at, row.present))


async def _note_second_consumer(store: Store, row: Row[Any], presented: Presented) -> None:
    """A right passphrase by a second claim is an alarm; while the first claim stands it can still be told."""
    passphrase = "unknown"
    if row.state == State.CLAIMED and row.claim_hash != presented.claim_hash:
        with suppress(KeyUnreadableError):  # finished since the look: it cannot be told any more
            drop_key = await store.keyring_act(store.keyring.read, row.id)
            if drop_key is not None:
                v2 = stored_v1.auth_token_verifier(drop_key, row.id, presented.auth_token)
                passphrase = "right" if hmac.compare_digest(v2, row.v2) else "wrong"
    await recurrences.note(store, Event.SECOND_CONSUMER, row.id, stage="claim", passphrase=passphrase)
