"""
Orders that a client asks for: taken in by the web program, which cannot sign, and answered by the bot.

The bot believes nothing that it finds in the row.  Who asks, and for what, is what the token says that came sealed to
its own delivery key; see `formats.asked_order_v1`.
"""

import hmac
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import asked_once, delivery_keys, orders, personal, sending_bounds, tokens, tokens_granted
from store.asked_once import Before, Underway
from store.clock import PRESENT
from store.delivery_keys import Published
from store.errors import KeyUnreadableError, NoBotError, UnknownTokenError
from store.formats import asked_order_v1, attempt_v1, base64url, delivery_v1, sealed_question_v1
from store.formats.api_token_v1 import ApiToken
from store.formats.asked_order_v1 import Asked, Refusal, Wishes
from store.formats.errors import FormatError
from store.formats.order_link_v1 import ID_BYTES, TOKEN_BYTES, OrderLink
from store.formats.order_v1 import Terms
from store.formats.token_grant_v1 import Owner
from store.log.who_may_say import Speaker
from store.months import month_of
from store.opened import Store
from store.orders import LIVES_MS, proof_of
from store.schema_of_orders import orders as table
from store.words import OrderKind, OrderState, Scope

WAITS_MS: Final = sealed_question_v1.WAITS_SECONDS * 1000
"""For how long an asked order waits for a bot: longer than a client does."""
_AT_ONCE: Final = 20
_SOME_ASKED: Final = select(table.c.id).where(table.c.state == OrderState.ASKED, table.c.until > PRESENT).limit(1)


@dataclass(frozen=True)
class Waiting:
    """An asked order, for the bot: nothing in it is believed before `owner_of`."""

    id: bytes
    month: str
    asked: Asked


async def ask(store: Store, token: ApiToken, wishes: Wishes) -> OrderLink:
    """Ask for an order; whoever has the link that is returned hears the answer.  Raises NoBotError."""
    key, link = await _delivery_key(store), _new_link()
    async with store.db.write() as tx:
        await _insert(tx, store, link, token, wishes, key)
    return link


async def ask_once(
    store: Store, token: ApiToken, wishes: Wishes, name: str, attempt: str | None = None
) -> OrderLink | Before:
    """
    As `ask`, once of all that is asked with this token under this name; or what was made under it before.

    Whoever asks again in the same attempt is given the same order.  Raises NoBotError, AskedOtherwiseError,
    BeingAskedError, and MalformedError for what is no such name.
    """
    once = asked_once.named(store, token.id, name, wishes.encode())
    key = await _delivery_key(store)

    def of_attempt(order_id: bytes) -> OrderLink:
        return OrderLink(order_id, attempt_v1.order_token(token, name, str(attempt), order_id))

    def is_own(order_id: bytes, proof: bytes) -> bool:
        return attempt is not None and hmac.compare_digest(proof_of(of_attempt(order_id)), proof)

    link = _new_link()
    if attempt is not None:
        link = of_attempt(link.id)
    async with store.db.write() as tx:
        present: int = (await tx.execute(select(store.clock.now()))).scalar_one()
        before = await asked_once.take(tx, store, once, link.id, present, is_own)
        if isinstance(before, Underway):
            return of_attempt(before.order_id)
        if before is not None:
            return before
        await _insert(tx, store, link, token, wishes, key)
    return link


def _new_link() -> OrderLink:
    return OrderLink(secrets.token_bytes(ID_BYTES), secrets.token_bytes(TOKEN_BYTES))


async def _delivery_key(store: Store) -> Published:
    key = await delivery_keys.newest(store.db)
    if key is None:
        raise NoBotError
    return key


async def _insert(
    tx: AsyncConnection, store: Store, link: OrderLink, token: ApiToken, wishes: Wishes, key: Published
) -> None:
    present: int = (await tx.execute(select(store.clock.now()))).scalar_one()
    until, month = present + WAITS_MS, month_of(present)
    proof = asked_order_v1.to_seal(token, wishes, until // 1000)
    asked = Asked(wishes, token.id, delivery_v1.seal(key.public, link.id, proof))
    sealed = personal.seal_order(store.months.to_write(month), link.id, asked.encode())
    await tx.execute(
        insert(table).values(
            id=link.id, state=OrderState.ASKED, proof=proof_of(link), month=month, personal=sealed, until=until
        )
    )


async def waiting(store: Store, besides: Collection[bytes] = ()) -> list[Waiting]:
    """Some that no bot has answered so far, oldest first, besides those of these ids.  Raises KeyUnreadableError."""
    if await store.db.look(_SOME_ASKED, {}) is None:
        return []
    some = (
        select(table.c.id, table.c.month, table.c.personal)
        .where(table.c.state == OrderState.ASKED, table.c.until > store.clock.now(), table.c.id.not_in(besides))
        .order_by(table.c.until)
        .limit(_AT_ONCE)
    )
    async with store.db.read() as tx:
        rows = (await tx.execute(some)).all()
    found = []
    for row in rows:
        try:
            text = personal.order_of(store.months, row.month, row.id, row.personal)
            if text is not None:
                found.append(Waiting(row.id, row.month, Asked.parse(text)))
        except (FormatError, KeyUnreadableError):
            continue  # one row that somebody damaged must not keep the others waiting; it is swept away in two minutes
    return found


async def owner_of(store: Store, one: Waiting, opened: str, speakers: Mapping[str, Speaker]) -> Owner:
    """
    Who asks.  `opened` is what the bot's delivery key found in its proof.

    Raises UnknownTokenError where nobody does who may.
    """
    try:
        token = asked_order_v1.token_in(opened, one.asked.wishes, store.clock.now_seconds())
    except FormatError:
        raise UnknownTokenError from None
    if token.id != one.asked.token_id:
        raise UnknownTokenError
    return await tokens_granted.granted(store, token, speakers, Scope.SEND)


async def answer(store: Store, one: Waiting, terms: Terms) -> bool:
    """
    Sign it: whoever asked may seal now.  False where another bot was faster, or the token has ended.

    Raises SendingTooMuchError.
    """
    await sending_bounds.require_room(store, terms.sender_id)
    async with store.db.write() as tx:
        await sending_bounds.require_pace(tx, store, terms.sender_id)
        present: int = (await tx.execute(select(store.clock.now()))).scalar_one()
        until = present + LIVES_MS[OrderKind.CLIENT]
        signed = orders.signed(store, one.id, terms, present, until)
        found = {"signed": signed, **orders.sealed(store, one.month, one.id, terms)}
        return await _settle(tx, store, one, OrderState.OPEN, until, found)


async def refuse(store: Store, one: Waiting, refusal: Refusal, *, is_known: bool) -> bool:
    """
    Say why not.  False where another bot was faster.

    `is_known`: a token that is one was used for it; nobody's token is not written into the log.
    """
    async with store.db.write() as tx:
        present: int = (await tx.execute(select(store.clock.now()))).scalar_one()
        key = store.months.to_write(one.month)
        found = {"personal": personal.seal_order(key, one.id, refusal.encode())}
        until = present + LIVES_MS[OrderKind.CLIENT]
        return await _settle(tx, store, one, OrderState.REFUSED, until, found, is_known=is_known)


async def _settle(
    tx: AsyncConnection,
    store: Store,
    one: Waiting,
    state: OrderState,
    until: int,
    found: Mapping[str, object],
    *,
    is_known: bool = True,
) -> bool:
    settled = (
        update(table)
        .where(table.c.id == one.id, table.c.state == OrderState.ASKED, table.c.until > store.clock.now())
        .values(state=state, until=until, **found)
        .returning(table.c.id)
    )
    if (await tx.execute(settled)).first() is None:
        return False
    order = f"or_{base64url.encode(one.id)}"
    if is_known and not await tokens.record_use(tx, store, one.asked.token_id, order=order, answer=state):
        raise UnknownTokenError  # it ended between two lines, and nothing of this is kept
    return True
