"""
Records that clients ask for: taken in sealed by the web program, which may not say so, and made by the bot.

The bot believes nothing that it finds in the row.  Who asks, and for which record, is what the token says that came
sealed to its own delivery key; see `formats.asked_record_v1` and `asked_page_v1`.  The client has drawn the id: the
same again is the same record, so that a lost answer costs nothing.
"""

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from store import asked_doors, delivery_keys, sending_bounds, tokens, tokens_granted
from store.asked_doors import Asked
from store.asked_words import AskedRecord as State
from store.asked_words import NotMade
from store.clock import PRESENT
from store.errors import DuplicateDropError, KeyUnreadableError, NoBotError, StoreUnavailableError, UnknownTokenError
from store.formats import base64url, delivery_v1, sealed_question_v1
from store.formats.api_token_v1 import ApiToken
from store.formats.errors import FormatError
from store.formats.token_grant_v1 import Owner
from store.log.who_may_say import Speaker
from store.months import month_of
from store.opened import Store
from store.record_keys import KeyName, erase
from store.records import Named, chance, insert_in, present
from store.schema_of_records import asked_records as table
from store.schema_of_records import records
from store.words import Actor, RecordState, Scope

_WAITS_MS: Final = sealed_question_v1.WAITS_SECONDS * 1000
_AT_ONCE: Final = 20
_SOME_ASKED: Final = select(table.c.id).where(table.c.state == State.ASKED, table.c.until > PRESENT).limit(1)
_SOME_OVER: Final = select(table.c.id).where(table.c.until <= PRESENT).limit(1)


@dataclass(frozen=True)
class Waiting:
    """What a client asks, for the bot: nothing in it is believed before `owner_of`."""

    token_id: bytes
    asked: Asked
    question: bytes = field(repr=False)

    @property
    def id(self) -> bytes:
        """The record's."""
        return self.asked.id


@dataclass(frozen=True)
class Stands:
    """How it stands; `until` (milliseconds) where it was made, `why` where it was refused."""

    state: State
    why: NotMade | None = None
    until: int | None = None


async def ask(store: Store, token: ApiToken, asked: Asked) -> None:
    """
    Ask for it, once: whoever asks for the same with the same token asks for nothing more.

    Raises NoBotError, DuplicateDropError where the id is somebody else's, or was for something else, and
    UnacceptableRecordError.
    """
    key = await delivery_keys.newest(store.db)
    if key is None:
        raise NoBotError
    try:
        async with store.db.write() as tx:
            if not await _is_known(tx, store, token, asked):
                await _insert(tx, store, token, asked, key.public)
    except IntegrityError:  # the same came twice at once, and its twin was faster
        async with store.db.read() as tx:
            if not await _is_known(tx, store, token, asked):
                raise DuplicateDropError from None


async def _is_known(tx: AsyncConnection, store: Store, token: ApiToken, asked: Asked) -> bool:
    """Whether just this was asked before, and is being answered or was made.  Raises DuplicateDropError."""
    # One that a rotation has changed since is not what was asked for any more, nor is one that has ended.
    made = select(records.c.asked, records.c.version, records.c.state).where(records.c.id == asked.id)
    before = (await tx.execute(made)).one_or_none()
    if before is not None:
        is_it = before.state == RecordState.LIVE and before.version == 1 and before.asked is not None
        if not is_it or not hmac.compare_digest(before.asked, _digest(asked)):
            raise DuplicateDropError
        return True
    known = select(table, store.clock.now().label("present")).where(table.c.id == asked.id)
    row = (await tx.execute(known)).one_or_none()
    if row is None:
        return False
    if row.token_id != token.id or not hmac.compare_digest(row.asked, _digest(asked)):
        raise DuplicateDropError
    if row.state == State.ASKED and row.until > row.present:
        return True
    # Refused, or over: asked anew, and judged anew.
    await tx.execute(delete(table).where(table.c.id == asked.id))
    return False


def _digest(asked: Asked) -> bytes:
    """What is kept of all that was asked, so that the same id with anything else is told apart."""
    return base64url.decode(asked.digest)


async def _insert(tx: AsyncConnection, store: Store, token: ApiToken, asked: Asked, key: bytes) -> None:
    present: int = (await tx.execute(select(store.clock.now()))).scalar_one()
    # Here, and not before: what was taken in once is the same record, however late its client asks again.
    asked_doors.require_fitting(asked, present)
    month, until = month_of(present), present + _WAITS_MS
    question = delivery_v1.seal(key, asked.id, asked_doors.to_seal(token, asked, until // 1000))
    await tx.execute(
        insert(table).values(
            id=asked.id,
            state=State.ASKED,
            token_id=token.id,
            asked=_digest(asked),
            question=question,
            month=month,
            until=until,
            **asked_doors.columns(store.months.to_write(month), asked),
        )
    )


async def look(store: Store, asked: Asked) -> Stands:
    """How it stands; what is over by now reads as if nobody had answered."""
    async with store.db.read() as tx:
        made = select(records.c.expires_at).where(records.c.id == asked.id, records.c.asked == _digest(asked))
        until = (await tx.execute(made)).scalar_one_or_none()
        row = (await tx.execute(select(table.c.state, table.c.why).where(table.c.id == asked.id))).one_or_none()
    if until is not None:
        return Stands(State.DONE, until=until)
    if row is not None and row.state == State.REFUSED:
        return Stands(State.REFUSED, why=NotMade(row.why))
    return Stands(State.ASKED)


async def waiting(store: Store, besides: Collection[bytes] = ()) -> list[Waiting]:
    """Some that no bot has answered, oldest first, besides those of these ids."""
    if await store.db.look(_SOME_ASKED, {}) is None:
        return []
    some = (
        select(table)
        .where(table.c.state == State.ASKED, table.c.until > store.clock.now(), table.c.id.not_in(besides))
        .order_by(table.c.until)
        .limit(_AT_ONCE)
    )
    async with store.db.read() as tx:
        rows = (await tx.execute(some)).all()
    found = [_waiting(store, row) for row in rows]
    return [one for one in found if one is not None]


def _waiting(store: Store, row: Row[Any]) -> Waiting | None:
    """None for a row that somebody damaged: it must not keep the others waiting, and is swept away in two minutes."""
    try:
        asked = asked_doors.of_row(store.months, row)
        return None if asked is None else Waiting(row.token_id, asked, row.question)
    except (FormatError, KeyUnreadableError):
        return None


async def owner_of(store: Store, one: Waiting, opened: str, speakers: Mapping[str, Speaker]) -> Owner:
    """
    Who asks.  `opened` is what the bot's delivery key found in its question.

    Raises UnknownTokenError where nobody does who may, WrongScopeError where the token is not for that.
    """
    try:
        token = asked_doors.token_in(opened, one.asked, store.clock.now_seconds())
    except FormatError:
        raise UnknownTokenError from None
    if token.id != one.token_id:
        raise UnknownTokenError
    return await tokens_granted.granted(store, token, speakers, Scope.SEND)


async def make(store: Store, one: Waiting, owner: Owner) -> bool:
    """
    Make it, its owner's.  False where another bot was faster.

    Raises UnknownTokenError where the token has ended meanwhile, KeyUnreadableError, and what `record_bounds.require`
    does; nothing was made.
    """
    asked, wanted, name = one.asked, one.asked.wanted, KeyName(one.id, 1)
    try:
        ring_key = await store.keyring_act(store.keyring.records.create, name.encoded)
    except DuplicateDropError:
        # Another bot's just now, or of one that was killed: that one's file is over an hour old when it is erased.
        return False
    opener = asked_doors.opener(asked)
    named = Named(wanted.label, wanted.rotate_url, owner=owner.user_id, team=owner.team_id)
    sealed = opener.seal(ring_key, name.version, "", chance())
    until = asked_doors.lives_until(asked, await present(store))
    is_whole = False
    try:
        async with store.db.write() as tx:
            # Before the token's row, as whoever asks for an order does: two that want both never wait for each other.
            await sending_bounds.require_pace(tx, store, owner.user_id)
            is_first = await _settle(tx, store, one, State.DONE)
            if is_first:
                await _record(tx, store, one, "record")
                reads, by = wanted.most_reads, Actor.SENDER
                await insert_in(tx, store, opener, sealed, named, until=until, reads=reads, by=by)
                of_it = update(records).where(records.c.id == asked.id)
                await tx.execute(of_it.values(asked=_digest(asked)))
            is_whole = True
    except Exception as error:
        # Whether a commit that was not answered took place nobody knows: the sweeper sees in an hour whether there is a
        # row.  A key without one would keep everybody from making it until then.
        if not (is_whole and isinstance(error, StoreUnavailableError)):
            await erase(store, name)
        raise
    if not is_first:
        await erase(store, name)
    return is_first


async def refuse(store: Store, one: Waiting, why: NotMade, *, is_known: bool) -> bool:
    """
    Say why not.  False where another bot was faster.

    `is_known`: a token that is one was used for it; nobody's token is not written into the log.
    """
    async with store.db.write() as tx:
        if not await _settle(tx, store, one, State.REFUSED, why):
            return False
        if is_known:
            await _record(tx, store, one, "refused")
    return True


async def sweep(store: Store) -> int:
    """Take away what is over; how many."""
    if await store.db.look(_SOME_OVER, {}) is None:
        return 0  # on SQLite a writer would make a claim wait, once a second and for nothing
    async with store.db.write() as tx:
        return (await tx.execute(delete(table).where(table.c.until <= store.clock.now()))).rowcount


async def _settle(tx: AsyncConnection, store: Store, one: Waiting, state: State, why: NotMade | None = None) -> bool:
    settled = (
        update(table)
        .where(table.c.id == one.id, table.c.state == State.ASKED, table.c.until > store.clock.now())
        .where(table.c.question == one.question)
        .values(state=state, why=why, wrapped_key=None, box=None, question=None)
        .returning(table.c.id)
    )
    return (await tx.execute(settled)).first() is not None


async def _record(tx: AsyncConnection, store: Store, one: Waiting, answer: str) -> None:
    asked = f"rc_{base64url.encode(one.id)}"
    if not await tokens.record_use(tx, store, one.token_id, what="record", asked=asked, answer=answer):
        raise UnknownTokenError  # it ended between two lines, and nothing of this is kept
