"""
Records that people read: made and rotated with a link and a passphrase, and unlocked.

The row of a page is written in the transaction of its record's.  Whoever changes both holds the record's row first:
a view, a rotation and an end then wait for each other, and none can wait for one that waits for it.
"""

import asyncio
import secrets
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row, delete, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import events, personal, record_rotating, records
from store.errors import CannotUnlockError, KeyUnreadableError, NoPageError, PageNamesError, UnknownRecordError
from store.formats import base64url, derivation_v1, header_v1, link_v1, record_page_v1, record_v1, stored_v1
from store.formats.errors import FormatError
from store.formats.event_v1 import Fact
from store.formats.header_v1 import Form, Header
from store.formats.link_v1 import Link
from store.formats.record_page_v1 import PageKeys
from store.formats.record_v1 import Chance
from store.guesses import MOST_UNLOCKS, PER_ROUND
from store.opened import Store
from store.record_doors import RecordDoor, Sealed
from store.records import Named, is_live
from store.schema import refusals
from store.schema_of_records import record_pages
from store.schema_of_records import records as table
from store.words import Actor, Event

MOST_GUESSES: Final = PER_ROUND * (1 + MOST_UNLOCKS)
"""Refusals in all of one link, whoever opens it rightly in between."""


@dataclass(frozen=True)
class Passphrase:
    """What is typed with a link: its form and its canonical bytes, and the hint that the page shows."""

    form: Form
    canonical: bytes = field(repr=False)
    hint: str | None = None


@dataclass(frozen=True)
class Said:
    """What a page says of its record before anything is typed: who made it, and what it is."""

    sender: str
    label: str


@dataclass(frozen=True)
class WithLink:
    """Opened by people, with a link and a passphrase of which `keys` follow."""

    link: Link
    keys: PageKeys
    header: str = field(repr=False)
    hint: str | None

    @property
    def id(self) -> bytes:
        """Which record."""
        return self.link.id

    @property
    def door(self) -> RecordDoor:
        """The door for people."""
        return RecordDoor.PAGE

    def seal(self, ring_key: bytes, version: int, value: str, chance: Chance) -> Sealed:
        """As record_page_v1 does it."""
        proof = record_page_v1.proof(ring_key, self.id, self.keys.auth_token)
        return Sealed(proof, record_page_v1.seal(self.link, self.keys, ring_key, version, self.header, value, chance))

    async def stand(self, tx: AsyncConnection, store: Store, month: str) -> None:
        """As `stand`."""
        proof = derivation_v1.link_proof(self.link)
        await stand(tx, store, month, self.id, link_proof=proof, header=self.header, hint=self.hint)


async def stand(
    tx: AsyncConnection, store: Store, month: str, record_id: bytes, *, link_proof: bytes, header: str, hint: str | None
) -> None:
    """A page with no guess made, and nothing of the one before.  Raises KeyUnreadableError."""
    month_key = store.months.read(month)
    if month_key is None:
        raise KeyUnreadableError(f"the key of {month} was erased")
    await tx.execute(delete(refusals).where(refusals.c.drop_id == record_id))
    await tx.execute(delete(record_pages).where(record_pages.c.record_id == record_id))
    await tx.execute(
        insert(record_pages).values(
            record_id=record_id,
            v1=stored_v1.link_proof_verifier(store.keyring.peppers.current, record_id, link_proof),
            header=personal.seal_record_header(month_key, record_id, header),
            hint=personal.seal_hint(month_key, record_id, hint),
            guesses=0,
            round_guesses=0,
            unlocks=0,
            next_guess_at=0,
        )
    )


async def make(
    store: Store,
    named: Named,
    value: str,
    passphrase: Passphrase,
    *,
    sender: str,
    lives_seconds: int,
    reads: int | None = None,
    escrow: bool = False,
    by: Actor = Actor.ADMIN,
) -> tuple[Link, int]:
    """
    The link of a new record that people read, which nobody can be told again, and until when (milliseconds).

    `sender` is what its page calls whoever made it.  Raises MalformedError for a value that is too long or no text, or
    names too long for a header, and KeyUnreadableError.
    """
    record_v1.encoded(value)
    created = await records.present(store)
    until = created + lives_seconds * 1000
    record_id = secrets.token_bytes(link_v1.ID_BYTES)
    opener = await _opener(record_id, sender, named.label, created, until, passphrase)
    await records.make_for(store, opener, named, value, until=until, reads=reads, escrow=escrow, by=by)
    return opener.link, until


async def rotate(
    store: Store,
    record_id: bytes,
    value: str | None,
    passphrase: Passphrase,
    *,
    instead: Said | None = None,
    version: int | None = None,
    escrow: bool | None = None,
    by: Actor = Actor.ADMIN,
) -> tuple[Link, bool]:
    """
    Another link and passphrase; those of before are dead when this returns, and its guesses begin anew.

    The page goes on saying what it said, or `instead` where that cannot be read: a link that leaked has to die all the
    same.  Raises PageNamesError where nothing can be kept of it, and KeyUnreadableError where there is no `instead`.

    `value`, `version`, `escrow`, what is returned and raised as `record_rotating.rotate` has them.
    """
    if value is not None:
        record_v1.encoded(value)
    held = await record_rotating.live(store, record_id, RecordDoor.PAGE, version)
    before = await _said_by(store, record_id) or instead
    if before is None:
        raise KeyUnreadableError("what is kept of a record's page cannot be read")
    created = await records.present(store)
    opener = await _opener(record_id, before.sender, before.label, created, held.expires_at, passphrase)
    return opener.link, await record_rotating.rotate_for(store, held, opener, value, escrow=escrow, by=by)


@dataclass(frozen=True)
class Unlocked:
    """How many guesses there are until it locks again, and whether it can only be rotated then."""

    tries_left: int
    is_last: bool


async def unlock(store: Store, record_id: bytes, *, by: Actor = Actor.ADMIN) -> Unlocked:
    """
    Up to five more guesses, of fifteen in all, and the schedule anew.

    Raises UnknownRecordError where nobody could open it anyway, NoPageError for one that programs read, and
    CannotUnlockError where it is not locked, was unlocked twice, or has used up all fifteen guesses: it is to be
    rotated then.
    """
    door = select(table.c.door).where(table.c.id == record_id, is_live(store)).with_for_update()
    unlocked = (
        update(record_pages)
        .where(
            record_pages.c.record_id == record_id,
            record_pages.c.round_guesses >= PER_ROUND,
            record_pages.c.guesses < MOST_GUESSES,
            record_pages.c.unlocks < MOST_UNLOCKS,
        )
        .values(round_guesses=0, next_guess_at=0, unlocks=record_pages.c.unlocks + 1)
        .returning(*record_pages.c, store.clock.now().label("present"))
    )
    async with store.db.write() as tx:
        held = (await tx.execute(door)).one_or_none()
        if held is None:
            raise UnknownRecordError
        if held.door != RecordDoor.PAGE:
            raise NoPageError
        row = (await tx.execute(unlocked)).one_or_none()
        if row is None:
            raise CannotUnlockError
        left: int = MOST_UNLOCKS - row.unlocks
        facts: dict[str, Fact] = {"record": base64url.encode(record_id), "by": by, "unlocks_left": left}
        said = Event.RECORD_UNLOCKED
        await events.append_without_drop(tx, store, said, at=row.present, facts=facts, about=record_id)
    tries = tries_left(row)
    return Unlocked(tries, is_last=left == 0 or row.guesses + tries >= MOST_GUESSES)


async def locked(store: Store) -> set[bytes]:
    """The ids of the records whose guesses are used up."""
    is_used_up = or_(record_pages.c.round_guesses >= PER_ROUND, record_pages.c.guesses >= MOST_GUESSES)
    live = select(record_pages.c.record_id).join(table, table.c.id == record_pages.c.record_id)
    async with store.db.read() as tx:
        ids: Sequence[bytes] = (await tx.execute(live.where(is_used_up, is_live(store)))).scalars().all()
    return set(ids)


async def unlocks_left(store: Store, ids: Collection[bytes]) -> dict[bytes, int]:
    """Those of these records whose guesses are used up, and how often each can be unlocked: 0, it is to be rotated."""
    is_used_up = or_(record_pages.c.round_guesses >= PER_ROUND, record_pages.c.guesses >= MOST_GUESSES)
    live = select(record_pages).join(table, table.c.id == record_pages.c.record_id)
    async with store.db.read() as tx:
        rows = (await tx.execute(live.where(table.c.id.in_(ids), is_used_up, is_live(store)))).all()
    return {row.record_id: unlocks_after(row.guesses, row.unlocks) for row in rows}


def unlocks_after(guesses: int, unlocks: int) -> int:
    """How often a link can be unlocked of which so many guesses were refused, and that was unlocked so often."""
    return 0 if guesses >= MOST_GUESSES else MOST_UNLOCKS - unlocks


def tries_left(row: Row[Any]) -> int:
    """How many guesses may be refused before it locks; the row is one of record_pages."""
    left: int = min(PER_ROUND - row.round_guesses, MOST_GUESSES - row.guesses)
    return max(0, left)


async def _opener(
    record_id: bytes, sender: str, label: str, created: int, until: int, passphrase: Passphrase
) -> WithLink:
    link = Link(record_id, secrets.token_bytes(link_v1.KEY_BYTES), "p", link_v1.RECORD)
    form = passphrase.form
    header = header_v1.encode(Header(link.id, "p", form, "text", created // 1000, until // 1000, sender, label))
    keys = await asyncio.to_thread(record_page_v1.derive, link, passphrase.canonical)
    return WithLink(link, keys, header, passphrase.hint)


async def _said_by(store: Store, record_id: bytes) -> Said | None:
    """What its page says; None where that cannot be read.  Raises PageNamesError where nothing else could be kept."""
    of_page = select(table.c.month, record_pages.c.header).outerjoin(
        record_pages, record_pages.c.record_id == table.c.id
    )
    async with store.db.read() as tx:
        row = (await tx.execute(of_page.where(table.c.id == record_id))).one()
    try:
        if store.months.read(row.month) is None:
            raise PageNamesError(f"the key of {row.month} was erased")
    except KeyUnreadableError as error:
        raise PageNamesError(str(error)) from error
    with suppress(KeyUnreadableError, FormatError):
        text = personal.record_header_of(store.months, row.month, record_id, row.header)
        if text is not None:
            header = header_v1.parse(text)
            return Said(header.sender, header.label)
    return None
