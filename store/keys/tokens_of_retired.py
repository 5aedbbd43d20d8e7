"""
Ending the tokens that a key signed for which is retired.

The bot believes their grants no more.  The web program, which reads for whoever has a token, goes by the row alone, so
that the row has to say it too.
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


async def end_signed_by(tx: AsyncConnection, store: Store, kid: str) -> None:
    """Each that still serves, with its event, in the commit that retires the key."""
    live = select(table.c.id, table.c.signed).where(tokens.is_live(store)).order_by(table.c.created_at)
    for row in (await tx.execute(live)).all():
        with suppress(MalformedError):  # no grant of ours, and nothing that should keep a key from being retired
            if jws_v1.parse(row.signed.encode()).kid == kid:
                await tokens.end(tx, store, row.id, Actor.ADMIN)
