"""
Ending the tokens that a key of the bot's has signed for, when that key is retired.

Whoever had the key can have made them.  For ordering and revoking the bot goes by the grant, and believes it no more;
for reading the web program goes by the row, which has to say so itself.
"""

from contextlib import suppress

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from store import tokens
from store.formats import jws_v1
from store.formats.errors import MalformedError
from store.opened import Store
from store.schema_of_tokens import tokens as table
from store.words import Actor


async def end(tx: AsyncConnection, store: Store, kid: str) -> None:
    """End those that still serve, in the transaction that retires the key; an event says so of each."""
    some = select(table.c.id, table.c.signed).where(tokens.is_live(store))
    for row in (await tx.execute(some)).all():
        with suppress(MalformedError):  # no grant of ours, and nothing that should keep a key from being retired
            if jws_v1.parse(row.signed.encode()).kid == kid:
                await tokens.end(tx, store, row.id, Actor.ADMIN)
