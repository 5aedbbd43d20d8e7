"""
Tokens: with one, a client asks in the name of the person whom the bot gave it to.

Of a token only a hash is kept, and of its owner what can be erased.  Whoever made it is believed only by the grant that
the bot signed: whoever owns the web program can write this table, and could otherwise make one for anybody.
"""

import hmac
import secrets
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, Row, and_, delete, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import events, personal
from store.clock import PRESENT
from store.errors import KeyUnreadableError, TooManyTokensError, UnknownTokenError
from store.formats import api_token_v1, personal_v1, token_grant_v1
from store.formats.api_token_v1 import ApiToken
from store.formats.errors import FormatError
from store.formats.event_v1 import Fact
from store.formats.token_grant_v1 import Grant, Owner
from store.keyring import KeyState
from store.months import month_of
from store.opened import Store
from store.schema_of_tokens import tokens
from store.words import Actor, Event, Scope

MOST_DAYS: Final = 90
SEND_ONLY: Final = frozenset({Scope.SEND})
_DAY_MS: Final = 86_400_000
MOST_LIVE: Final = 10
"""How many one person may have at once."""
_ROLE: Final = "token"
_LOCK: Final = 0x5E4D70C  # any number, as long as every release uses the same
_KEPT_MS: Final = 30 * 86_400_000
"""For how long after its end a row stays, so that whoever looks is told that there was one."""


def _is_over(now: ColumnElement[int]) -> ColumnElement[bool]:
    return or_(tokens.c.until <= now - _KEPT_MS, tokens.c.revoked_at <= now - _KEPT_MS)


_SOME_OVER: Final = select(tokens.c.id).where(_is_over(PRESENT)).limit(1)


class WhyEnded(StrEnum):
    """Why a token ended that its owner did not end; for ever, as every word of an event."""

    LEFT = "left"
    """Its owner is no longer there."""
    MAY_NOT_SEND = "may_not_send"
    """Its owner is there, as somebody who may have none."""
    INCIDENT = "incident"
    """Somebody else may have what lies on its owner's laptop."""


@dataclass(frozen=True)
class Held:
    """A token as its owner sees it.  Times are milliseconds since 1970; `used_at` is None before it was."""

    id: bytes
    created_at: int
    until: int
    used_at: int | None
    scopes: frozenset[Scope] = SEND_ONLY


async def make(
    store: Store,
    team_id: str,
    user_id: str,
    *,
    scopes: frozenset[Scope] = SEND_ONLY,
    days: int = MOST_DAYS,
    by: Literal[Actor.SENDER, Actor.ADMIN] = Actor.SENDER,
) -> tuple[ApiToken, int]:
    """
    A new token for a person, and until when (milliseconds).  For the bot alone.

    `days` is 1 to MOST_DAYS, `by` says whether its owner or an operator has made it.  Raises TooManyTokensError.
    """
    if not scopes or not 1 <= days <= MOST_DAYS:
        raise ValueError("a token is for something, and for 1 to 90 days")
    token = ApiToken(secrets.token_bytes(api_token_v1.ID_BYTES), secrets.token_bytes(api_token_v1.SECRET_BYTES))
    owner = Owner(team_id, user_id, secrets.token_urlsafe(token_grant_v1.SALT_BYTES))
    async with store.db.write() as tx:
        present: int = (await tx.execute(select(store.clock.now()))).scalar_one()
        month, until = month_of(present), present + days * _DAY_MS
        key = store.months.to_write(month)
        pseudonym = personal_v1.pseudonym(key, _ROLE, user_id)
        await _one_at_a_time(tx, store, pseudonym)
        live = select(func.count()).select_from(tokens).where(_is_of(store, user_id), is_live(store))
        if (await tx.execute(live)).scalar_one() >= MOST_LIVE:
            raise TooManyTokensError
        grant = Grant(token.id, until // 1000, token.proof, owner.digest, scopes)
        signed = store.signer.sign(token_grant_v1.payload(store.issuer, present, grant), token_grant_v1.TYPE)
        await tx.execute(
            insert(tokens).values(
                id=token.id,
                proof=token.proof,
                month=month,
                personal=personal.seal_token(key, bound_to(token.id, token.proof, scopes), owner.encode()),
                owner=pseudonym,
                signed=signed.leaf.decode(),
                created_at=present,
                until=until,
                scopes=" ".join(sorted(scopes)),
            )
        )
        facts: dict[str, Fact] = {"token": token.id_text, "until": until // 1000, "scopes": sorted(scopes), "by": by}
        who = {"team": team_id, "sender": user_id}
        made = Event.TOKEN_CREATED
        await events.append_without_drop(tx, store, made, at=present, facts=facts, personal=who, about=token.id)
    return token, until


async def _one_at_a_time(tx: AsyncConnection, store: Store, owner: bytes) -> None:
    """Of two that count at once, each would find room for one.  On SQLite there is one writer anyway."""
    if not store.db.is_sqlite:
        whose = {"lock": _LOCK, "owner": int.from_bytes(owner[:4], signed=True)}
        await tx.execute(text("SELECT pg_advisory_xact_lock(:lock, :owner)"), whose)


async def find(store: Store, token: ApiToken) -> tuple[Owner, Held]:
    """
    Whose it is.  Uses nothing up.

    Raises UnknownTokenError for one that never was, has expired, was revoked, or whose owner was forgotten.
    """
    async with store.db.read() as tx:
        row = (await tx.execute(select(tokens).where(tokens.c.id == token.id, is_live(store)))).one_or_none()
    known = bytes(32) if row is None else row.proof
    if not hmac.compare_digest(token.proof, known) or row is None:
        raise UnknownTokenError
    return _owner(store, row), _held(row)


async def whose(store: Store, token_id: bytes) -> Owner | None:
    """Whose a token is or was; None where nothing tells any more.  Raises KeyUnreadableError while a key is away."""
    async with store.db.read() as tx:
        row = (await tx.execute(select(tokens).where(tokens.c.id == token_id))).one_or_none()
    if row is None or store.months.read(row.month) is None:
        return None
    try:
        return _owner(store, row)
    except (UnknownTokenError, KeyUnreadableError):
        return None  # its key is there: the row is damaged, and no waiting mends that


async def record_use(tx: AsyncConnection, store: Store, token_id: bytes, **facts: Fact) -> bool:
    """In the transaction that does what was asked with it.  False where the token has ended meanwhile."""
    at = await touch(tx, store, token_id)
    if at is not None:
        await say_used(tx, store, token_id, at, **facts)
    return at is not None


async def touch(tx: AsyncConnection, store: Store, token_id: bytes) -> int | None:
    """Note that it is used now, in milliseconds; None where it has ended.  Until the commit no other use of it is."""
    used = update(tokens).where(tokens.c.id == token_id, is_live(store)).values(used_at=store.clock.now())
    at: int | None = (await tx.execute(used.returning(tokens.c.used_at))).scalar_one_or_none()
    return at


async def say_used(tx: AsyncConnection, store: Store, token_id: bytes, at: int, **facts: Fact) -> None:
    """The event.  Told to nobody: what it is used for is a drop, and of that the security team reads every step."""
    said: dict[str, Fact] = {"token": id_text(token_id), **facts}
    await events.append_without_drop(tx, store, Event.TOKEN_USED, at=at, facts=said)


async def of_person(store: Store, user_id: str, *, team_id: str | None = None) -> list[Held]:
    """
    A person's tokens that still serve, or those of one workspace, oldest first.  Raises KeyUnreadableError.

    Also those whose row is damaged, whatever their workspace was: each must be seen, and can be ended.
    """
    some = select(tokens).where(_is_of(store, user_id), is_live(store)).order_by(tokens.c.created_at)
    async with store.db.read() as tx:
        rows = (await tx.execute(some)).all()
    return [_held(row) for row in rows if team_id is None or _is_of_team(store, row, team_id)]


async def everybodys(store: Store) -> list[tuple[Owner | None, Held]]:
    """Every token that still serves, oldest first, for operators; None for an owner who cannot be read."""
    some = select(tokens).where(is_live(store)).order_by(tokens.c.created_at)
    async with store.db.read() as tx:
        rows = (await tx.execute(some)).all()
    found: list[tuple[Owner | None, Held]] = []
    for row in rows:
        with suppress(UnknownTokenError):  # the names of its month were erased: it serves nobody any more
            try:
                found.append((_owner(store, row), _held(row)))
            except KeyUnreadableError:  # one damaged row must not hide the others, nor itself
                found.append((None, _held(row)))
    return found


async def revoke(store: Store, token_id: bytes, *, by: Actor, user_id: str | None = None) -> bool:
    """End a token, of this person if one is named.  False where there is none, or it has ended already."""
    whose = [] if user_id is None else [_is_of(store, user_id)]
    async with store.db.write() as tx:
        return await end(tx, store, token_id, by, *whose)


async def end(
    tx: AsyncConnection,
    store: Store,
    token_id: bytes,
    by: Actor,
    *where: ColumnElement[bool],
    why: WhyEnded | None = None,
) -> bool:
    """As `revoke`, in a transaction that does more than this; the event says `why` where that is more than a wish."""
    ended = update(tokens).where(tokens.c.id == token_id, is_live(store), *where).values(revoked_at=store.clock.now())
    at = (await tx.execute(ended.returning(tokens.c.revoked_at))).scalar_one_or_none()
    if at is None:
        return False
    facts: dict[str, Fact] = {"token": id_text(token_id), "by": by, **({} if why is None else {"why": why})}
    await events.append_without_drop(tx, store, Event.TOKEN_REVOKED, at=at, facts=facts, about=token_id)
    return True


async def sweep(store: Store) -> int:
    """Take away what ended long ago; how many."""
    if await store.db.look(_SOME_OVER, {}) is None:
        return 0  # on SQLite a writer would make a claim wait, once a second and for nothing
    async with store.db.write() as tx:
        return (await tx.execute(delete(tokens).where(_is_over(store.clock.now())))).rowcount


def is_live(store: Store) -> ColumnElement[bool]:
    """Whether a row of tokens still serves."""
    return and_(tokens.c.revoked_at.is_(None), tokens.c.until > store.clock.now())


def _is_of(store: Store, user_id: str) -> ColumnElement[bool]:
    """By the pseudonym of each month in which a token of somebody's can have been made."""
    refs = []
    for month, state in store.months.states().items():
        key = store.months.read(month) if state is KeyState.LIVE else None
        if key is not None:
            refs.append(and_(tokens.c.month == month, tokens.c.owner == personal_v1.pseudonym(key, _ROLE, user_id)))
    return or_(*refs) if refs else tokens.c.id.is_(None)


def _is_of_team(store: Store, row: Row[Any], team_id: str) -> bool:
    try:
        return _owner(store, row).team_id == team_id
    except UnknownTokenError:
        return False
    except KeyUnreadableError:
        # Its pseudonym was found with the key of its month: the row is damaged.  It serves nobody so, and must protect
        # neither itself nor the others of whoever left.
        return True


def _owner(store: Store, row: Row[Any]) -> Owner:
    scopes = _scopes(row)
    try:
        text = personal.token_of(store.months, row.month, bound_to(row.id, row.proof, scopes), row.personal)
    except KeyUnreadableError:
        if scopes != SEND_ONLY:
            raise
        # One of before: nobody reads with it, and for ordering the grant says what belongs together.
        text = personal.token_of(store.months, row.month, row.id, row.personal)
    if text is None:
        raise UnknownTokenError
    try:
        return Owner.parse(text)
    except FormatError as error:
        raise KeyUnreadableError("what is kept of a token's owner cannot be read") from error


def _held(row: Row[Any]) -> Held:
    return Held(row.id, row.created_at, row.until, row.used_at, _scopes(row))


def bound_to(token_id: bytes, proof: bytes, scopes: frozenset[Scope]) -> bytes:
    """
    What of a row belongs to its owner: under the key of the month, out of reach of who can only write the table.

    The web program reads for whoever has the token, on the word of the row alone: a hash of somebody else's secret, or
    another scope, must not fit.
    """
    return token_id + proof + " ".join(sorted(scopes)).encode()


def _scopes(row: Row[Any]) -> frozenset[Scope]:
    known = {str(one): one for one in Scope}
    return frozenset(known[one] for one in str(row.scopes).split() if one in known)


def id_text(token_id: bytes) -> str:
    """A token as events name it."""
    return ApiToken(token_id, bytes(api_token_v1.SECRET_BYTES)).id_text
