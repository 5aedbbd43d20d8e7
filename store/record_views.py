"""
Looking at a record with its link, and reading it with link and passphrase, over and over until it ends.

A guess is paid for and compared by one statement: any number of guesses at once costs as many as there were left, and
no more are answered.  A wrong one counts for good, whoever opens the record rightly in between, so that fifteen are the
bound for each link; a right one begins the schedule anew.  Nothing, right or wrong, is returned before the commit.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row, Select, and_, case, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from store import events, personal, record_reads, record_refusals
from store.door import Visitor
from store.errors import (
    DropLockedError,
    KeyUnreadableError,
    RecordEndedError,
    StoreUnavailableError,
    TooSoonError,
    UnknownRecordError,
    WrongPassphraseError,
)
from store.formats import base64url, record_page_v1, stored_v1
from store.formats.errors import MalformedError
from store.formats.event_v1 import Fact
from store.guesses import PER_ROUND, WAIT_AFTER_MS, seconds_until
from store.opened import Store
from store.record_doors import RecordDoor
from store.record_keys import KeyName
from store.record_pages import MOST_GUESSES, tries_left
from store.records import HELD, is_live
from store.schema import refusals
from store.schema_of_records import record_pages, records
from store.words import Event, RecordState

_LOOKS: Final = 4
_NO_V1: Final = bytes(32)


@dataclass(frozen=True)
class Presented:
    """What a page presents with a typed passphrase: 32 bytes each; `attempt` is new for each that is typed."""

    record_id: bytes
    link_proof: bytes = field(repr=False)
    auth_token: bytes = field(repr=False)
    attempt: bytes = field(repr=False)

    @property
    def pair(self) -> bytes:
        """What is kept of a refused pair; without the attempt, which only the page has, it verifies nothing."""
        return hashlib.sha256(b"pair" + self.record_id + self.attempt + self.auth_token).digest()


@dataclass(frozen=True)
class Seen:
    """A live record from outside; `header` is verbatim.  `reads_left` is None where there is no end of them."""

    is_locked: bool
    header: str
    hint: str | None
    tries_left: int
    retry_after_seconds: int
    reads_left: int | None


@dataclass(frozen=True)
class Given:
    """
    What a page receives.

    `over` is the key of the keyring to erase where this was the last read, beside the answer.
    """

    sealed: bytes = field(repr=False)
    version: int
    reads_left: int | None
    over: KeyName | None


def _always() -> bool:
    return True


async def look(store: Store, record_id: bytes, link_proof: bytes) -> Seen:
    """Show the door; consumes nothing.  Raises UnknownRecordError, RecordEndedError and KeyUnreadableError."""
    row = await _held(store, record_id, link_proof)
    header = personal.record_header_of(store.months, row.month, row.id, row.header)
    if header is None:
        raise KeyUnreadableError("what is kept of a record's page cannot be read")
    return Seen(
        is_locked=tries_left(row) == 0,
        header=header,
        hint=personal.hint_of(store.months, row),
        tries_left=tries_left(row),
        retry_after_seconds=seconds_until(row.next_guess_at, row.present),
        reads_left=row.reads_left,
    )


async def view(
    store: Store, presented: Presented, visitor: Visitor, *, is_waited_for: Callable[[], bool] = _always
) -> Given:
    """
    Pay for one guess; if it is right, count one read and hand out what the page opens.

    `is_waited_for` is asked last before the commit of a read: one that was given up by then is not counted.

    Raises, in this order and before anything is paid: UnknownRecordError, RecordEndedError, DropLockedError,
    WrongPassphraseError for a pair refused before, TooSoonError and KeyUnreadableError.  After payment:
    WrongPassphraseError, or DropLockedError after the last guess.
    """
    # Between the look and the payment somebody else may guess, rotate or end it; the next look says which.
    for _ in range(_LOOKS):
        row = await _admit(store, presented)
        ring_key = await _ring_key(store, row)
        sealed = await _sealed(store, row)
        if ring_key is None or sealed is None:
            continue
        try:
            given = record_page_v1.given(row.id, ring_key, row.version, sealed)
        except MalformedError as error:
            raise KeyUnreadableError("what is kept of a record does not open with its key") from error
        paid = await _pay(store, row, presented, ring_key, visitor, is_waited_for)
        if paid is None:
            continue
        if isinstance(paid, _Granted):
            return Given(given, row.version, paid.reads_left, KeyName(row.id, row.version) if paid.is_over else None)
        if tries_left(paid) == 0:
            raise DropLockedError
        raise _refusal(paid)
    raise StoreUnavailableError("the record changes too fast")


@dataclass(frozen=True)
class _Granted:
    reads_left: int | None

    @property
    def is_over(self) -> bool:
        return self.reads_left == 0


async def _held(store: Store, record_id: bytes, link_proof: bytes) -> Row[Any]:
    """The rows of record and page as one, for whoever holds the link of a live one; all others after the same work."""
    of_page: Select[Any] = (
        select(*HELD, *record_pages.c, store.clock.now().label("present"))
        .join(record_pages, record_pages.c.record_id == records.c.id)
        .where(records.c.id == record_id, records.c.door == RecordDoor.PAGE)
    )
    async with store.db.read() as tx:
        row: Row[Any] | None = (await tx.execute(of_page)).one_or_none()
    known = _NO_V1 if row is None else row.v1
    # After the row, and as a list, for the reasons that drops have: store.drops.held.
    is_proven = [
        hmac.compare_digest(stored_v1.link_proof_verifier(pepper, record_id, link_proof), known)
        for pepper in store.keyring.peppers.live
    ]
    if not any(is_proven) or row is None:
        raise UnknownRecordError
    if row.state == RecordState.REVOKED:
        raise RecordEndedError(RecordState.REVOKED, row.ended_at)
    if row.state == RecordState.EXPIRED or row.expires_at <= row.present:
        # A sweep that came late must not change what a holder is told.
        raise RecordEndedError(RecordState.EXPIRED, min(row.ended_at or row.expires_at, row.expires_at))
    return row


async def _admit(store: Store, presented: Presented) -> Row[Any]:
    row = await _held(store, presented.record_id, presented.link_proof)
    if tries_left(row) == 0:
        raise DropLockedError
    known = select(refusals.c.pair).where(refusals.c.drop_id == row.id, refusals.c.pair == presented.pair)
    async with store.db.read() as tx:
        was_refused = (await tx.execute(known)).first() is not None
    if was_refused:
        raise _refusal(row)
    if row.next_guess_at > row.present:
        raise TooSoonError(seconds_until(row.next_guess_at, row.present))
    return row


async def _ring_key(store: Store, row: Row[Any]) -> bytes | None:
    """The keyring's key; None where the record has moved on, and its key with it.  Raises KeyUnreadableError."""
    try:
        key: bytes | None = await store.keyring_act(store.keyring.records.read, KeyName(row.id, row.version).encoded)
    except KeyUnreadableError:
        if await _sealed(store, row) is None:
            return None
        raise
    if key is None and await _sealed(store, row) is not None:
        raise KeyUnreadableError("the key was erased")
    return key


async def _sealed(store: Store, row: Row[Any]) -> bytes | None:
    of_version = select(records.c.sealed).where(_is_still(store, row))
    async with store.db.read() as tx:
        sealed: bytes | None = (await tx.execute(of_version)).scalar_one_or_none()
    return sealed


def _is_still(store: Store, row: Row[Any]) -> Any:
    has_reads = or_(records.c.reads_left.is_(None), records.c.reads_left > 0)
    return and_(records.c.id == row.id, records.c.version == row.version, is_live(store), has_reads)


async def _pay(
    store: Store,
    row: Row[Any],
    presented: Presented,
    ring_key: bytes,
    visitor: Visitor,
    is_waited_for: Callable[[], bool],
) -> _Granted | Row[Any] | None:
    """What a right guess gets; the page's row after a wrong one; None where somebody was faster."""
    known = select(records.c.proof).where(records.c.id == row.id).scalar_subquery()
    # An HMAC under a key that no guesser has, so that the time of comparing it teaches nothing.
    is_right = known == record_page_v1.proof(ring_key, row.id, presented.auth_token)
    now = store.clock.now()
    wait = case({k - 1: ms for k, ms in WAIT_AFTER_MS.items()}, value=record_pages.c.round_guesses, else_=0)
    payment = (
        update(record_pages)
        .where(
            record_pages.c.record_id == row.id,
            record_pages.c.round_guesses < PER_ROUND,
            record_pages.c.guesses < MOST_GUESSES,
            record_pages.c.next_guess_at <= now,
        )
        .values(
            guesses=record_pages.c.guesses + case((is_right, 0), else_=1),
            round_guesses=case((is_right, 0), else_=record_pages.c.round_guesses + 1),
            next_guess_at=case((is_right, 0), else_=now + wait),
        )
        .returning(*record_pages.c, now.label("present"))
    )
    try:
        async with store.db.write() as tx:
            still = select(records.c.id).where(_is_still(store, row)).with_for_update()
            if (await tx.execute(still)).first() is None:
                return None
            paid: Row[Any] | None = (await tx.execute(payment)).one_or_none()
            if paid is None:
                return None
            if paid.round_guesses:
                await _record_refusal(tx, store, paid, presented, visitor)
                return paid
            left = await record_reads.grant(tx, store, row.id, row.version, visitor, RecordDoor.PAGE)
            if not is_waited_for():
                raise StoreUnavailableError("the database is slow")
    except IntegrityError:
        # The same pair came twice at once, and its twin paid for both; this payment is undone.
        return None
    return _Granted(left)


async def _record_refusal(
    tx: AsyncConnection, store: Store, paid: Row[Any], presented: Presented, visitor: Visitor
) -> None:
    record_id, left = paid.record_id, tries_left(paid)
    await tx.execute(insert(refusals).values(drop_id=record_id, pair=presented.pair))
    await record_refusals.note_passphrase(tx, store, record_id, visitor, left)
    if left == 0:
        record = base64url.encode(record_id)
        facts: dict[str, Fact] = {"record": record, "guesses": paid.guesses, "unlocks": paid.unlocks}
        said = Event.RECORD_LOCKED
        await events.append_without_drop(tx, store, said, at=paid.present, facts=facts, about=record_id)


def _refusal(row: Row[Any]) -> WrongPassphraseError:
    return WrongPassphraseError(tries_left(row), seconds_until(row.next_guess_at, row.present))
