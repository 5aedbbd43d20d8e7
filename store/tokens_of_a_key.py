"""
Ending the tokens that a key of the bot's has signed for, when that key is retired.

Whoever had the key can have made them.  For ordering and revoking the bot goes by the grant, and believes it no more;
for reading the web program goes by the row, which has to say so itself.
"""

from contextlib import suppress

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import events, tokens
from store.formats import jws_v1
from store.formats.errors import MalformedError
from store.opened import Store
from store.schema_of_tokens import tokens as table
from store.words import Actor, Event


async def end(tx: AsyncConnection, store: Store, kid: str) -> None:
    """End those that still serve, in the transaction that retires the key; an event says so of each."""
    some = select(table.c.id, table.c.signed).where(tokens.is_live(store))
    for row in (await tx.execute(some)).all():
        with suppress(MalformedError):  # no grant of ours, and nothing that should keep a key from being retired
            if jws_v1.parse(row.signed.encode()).kid == kid:
                await _end(tx, store, row.id)


async def _end(tx: AsyncConnection, store: Store, token_id: bytes) -> None:
    ended = update(table).where(table.c.id == token_id, tokens.is_live(store)).values(revoked_at=store.clock.now())
    at = (await tx.execute(ended.returning(table.c.revoked_at))).scalar_one_or_none()
    if at is not None:
        facts = {"token": tokens.id_text(token_id), "by": Actor.ADMIN}
        await events.append_without_drop(tx, store, Event.TOKEN_REVOKED, at=at, facts=facts, about=token_id)
