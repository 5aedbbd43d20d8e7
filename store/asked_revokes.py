"""
What clients ask to be revoked: taken in by the web program, which may not say so, and answered by the bot.

The bot believes nothing that it finds in the row.  Who asks, and for which drop, is what the token says that came
sealed to its own delivery key; see `formats.asked_revoke_v1`.
"""

import secrets
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import delivery_keys, endings, own_records, record_endings, record_keys, tokens, tokens_granted
from store.asked_words import AskedRevoke, NotRevoked, Revocable
from store.clock import PRESENT
from store.errors import DropEndedError, NoBotError, UnknownTokenError
from store.formats import asked_revoke_v1, base64url, delivery_v1, sealed_question_v1
from store.formats.api_token_v1 import ApiToken
from store.formats.errors import FormatError
from store.formats.token_grant_v1 import Owner
from store.log.who_may_say import Speaker
from store.opened import Store
from store.own_drops import is_own
from store.schema_of_tokens import asked_revokes as table
from store.words import Actor, Scope

_ID_BYTES: Final = 16
_WAITS_MS: Final = sealed_question_v1.WAITS_SECONDS * 1000
_AT_ONCE: Final = 20
_SOME_ASKED: Final = select(table.c.id).where(table.c.state == AskedRevoke.ASKED, table.c.until > PRESENT).limit(1)
_SOME_OVER: Final = select(table.c.id).where(table.c.until <= PRESENT).limit(1)


@dataclass(frozen=True)
class Waiting:
    """What a client asks, for the bot: nothing in it is believed before `owner_of`."""

    id: bytes
    token_id: bytes
    drop_id: bytes
    """A record's, where `what` says so."""
    proof: bytes = field(repr=False)
    what: Revocable = Revocable.DROP


async def ask(store: Store, token: ApiToken, drop_id: bytes, what: Revocable = Revocable.DROP) -> bytes:
    """Ask that this be revoked; under the id that is returned the answer is found.  Raises NoBotError."""
    key = await delivery_keys.newest(store.db)
    if key is None:
        raise NoBotError
    asked_id = secrets.token_bytes(_ID_BYTES)
    async with store.db.write() as tx:
        until: int = (await tx.execute(select(store.clock.now()))).scalar_one() + _WAITS_MS
        text = asked_revoke_v1.to_seal(token, drop_id, until // 1000, what)
        proof = delivery_v1.seal(key.public, asked_id, text)
        row = {"id": asked_id, "state": AskedRevoke.ASKED, "token_id": token.id, "drop_id": drop_id, "what": what}
        await tx.execute(insert(table).values(**row, proof=proof, until=until))
    return asked_id


async def look(store: Store, asked_id: bytes) -> tuple[AskedRevoke, NotRevoked | None]:
    """How it stands, and why not where the bot refused; what is over by now reads as if nobody had answered."""
    async with store.db.read() as tx:
        row = (await tx.execute(select(table.c.state, table.c.why).where(table.c.id == asked_id))).one_or_none()
    if row is None:
        return AskedRevoke.ASKED, None
    return AskedRevoke(row.state), None if row.why is None else NotRevoked(row.why)


async def waiting(store: Store, besides: Collection[bytes] = ()) -> list[Waiting]:
    """Some that no bot has begun to answer, oldest first, besides those of these ids."""
    if await store.db.look(_SOME_ASKED, {}) is None:
        return []
    some = (
        select(table.c.id, table.c.token_id, table.c.drop_id, table.c.proof, table.c.what)
        .where(table.c.state == AskedRevoke.ASKED, table.c.until > store.clock.now(), table.c.id.not_in(besides))
        .order_by(table.c.until)
        .limit(_AT_ONCE)
    )
    async with store.db.read() as tx:
        rows = (await tx.execute(some)).all()
    known = {str(one): one for one in Revocable}
    return [Waiting(*row[:-1], what=known[row.what]) for row in rows if row.what in known]


async def owner_of(store: Store, one: Waiting, opened: str, speakers: Mapping[str, Speaker]) -> Owner:
    """
    Who asks.  `opened` is what the bot's delivery key found in its proof.

    Raises UnknownTokenError where nobody does who may, WrongScopeError where the token is not for that.
    """
    try:
        token = asked_revoke_v1.token_in(opened, one.drop_id, store.clock.now_seconds(), one.what)
    except FormatError:
        raise UnknownTokenError from None
    if token.id != one.token_id:
        raise UnknownTokenError
    return await tokens_granted.granted(store, token, speakers, Scope.REVOKE)


async def carry_out(store: Store, one: Waiting, owner: Owner) -> bool:
    """
    Revoke it, if it is the owner's.  False where another bot was faster, or it is not theirs: then that is said.

    The use of the token is on record in the transaction after which nobody can claim the drop.  Raises
    UnknownTokenError where the token has ended meanwhile, and nothing was revoked.
    """
    if one.what is Revocable.RECORD:
        return await _carry_out_of_record(store, one, owner)
    if not await is_own(store, owner, one.drop_id):
        await refuse(store, one, NotRevoked.NOT_FOUND, is_known=True)
        return False
    async with store.db.write() as tx:
        if not await _settle(tx, store, one, AskedRevoke.BEGUN):
            return False
        await _record(tx, store, one, "revoke")
        await endings.begin_revoking_in(tx, store, one.drop_id, Actor.SENDER)
    with suppress(DropEndedError):  # just now, or before: which of the two it was is read off the drop
        await endings.revoke(store, one.drop_id, by=Actor.SENDER)
    async with store.db.write() as tx:
        done = update(table).where(table.c.id == one.id, table.c.state == AskedRevoke.BEGUN)
        await tx.execute(done.values(state=AskedRevoke.DONE))
    return True


async def _carry_out_of_record(store: Store, one: Waiting, owner: Owner) -> bool:
    if not await own_records.is_own(store, owner.user_id, owner.team_id, one.drop_id):
        await refuse(store, one, NotRevoked.NOT_FOUND, is_known=True)
        return False
    async with store.db.write() as tx:
        if not await _settle(tx, store, one, AskedRevoke.DONE):
            return False
        await _record(tx, store, one, "revoke")
        is_ended = await record_endings.revoke_in(tx, store, one.drop_id, Actor.SENDER)
    if is_ended:
        await record_keys.erase_every(store, one.drop_id)  # where it cannot be now, the sweeper does it
    return True


async def refuse(store: Store, one: Waiting, why: NotRevoked, *, is_known: bool) -> bool:
    """
    Say why not.  False where another bot was faster.

    `is_known`: a token that is one was used for it; nobody's token is not written into the log.
    """
    async with store.db.write() as tx:
        if not await _settle(tx, store, one, AskedRevoke.REFUSED, why):
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


async def _settle(
    tx: AsyncConnection, store: Store, one: Waiting, state: AskedRevoke, why: NotRevoked | None = None
) -> bool:
    settled = (
        update(table)
        .where(table.c.id == one.id, table.c.state == AskedRevoke.ASKED, table.c.until > store.clock.now())
        .values(state=state, why=why)
        .returning(table.c.id)
    )
    return (await tx.execute(settled)).first() is not None


async def _record(tx: AsyncConnection, store: Store, one: Waiting, answer: str) -> None:
    asked = f"rv_{base64url.encode(one.id)}"
    if not await tokens.record_use(tx, store, one.token_id, what="revoke", asked=asked, answer=answer):
        raise UnknownTokenError  # it ended between two lines, and nothing of this is kept
