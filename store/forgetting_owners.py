"""
Forgetting whose tokens were whose: they end, and what says who had them goes out of the log's disclosures.

The rows of ended tokens are swept away after a while, and the events stay for ever, so that a person is looked for in
what the events disclose.
"""

import json
from typing import Final

from sqlalchemy import delete, select

from store import events
from store.formats import base64url, event_v1
from store.formats.api_token_v1 import ID_BYTES
from store.opened import Store
from store.personal import SENDER, disclosure_of
from store.schema import disclosures
from store.schema import events as all_events
from store.schema_of_tokens import tokens
from store.tokens import is_live
from store.words import Actor, Event

OF_OWNERS: Final = frozenset({"team", SENDER})
"""The disclosures of token.created."""
WHO: Final = "token"


async def find(store: Store, person: str) -> list[tuple[str, str]]:
    """A person's tokens, ended or not: ids, and the `jti` of the event that made each.  Raises KeyUnreadableError."""
    of_tokens = (
        select(disclosures, all_events.c.leaf)
        .join(all_events, all_events.c.jti == disclosures.c.jti)
        .where(all_events.c.event == Event.TOKEN_CREATED, disclosures.c.name == SENDER)
        .order_by(all_events.c.position)
    )
    async with store.db.read() as tx:
        rows = (await tx.execute(of_tokens)).all()
    found = []
    for row in rows:
        text = disclosure_of(store.months, row)
        if text is not None and json.loads(base64url.decode(text))[2] == person:
            found.append((str(event_v1.unverified(row.leaf)["token"]), row.jti))
    return found


async def forget(store: Store, token: str, jti: str) -> None:
    """
    End one token and forget whose it was; the log says that somebody was forgotten.

    Told to nobody where it had ended already: the security team would look for a token that served until now.
    """
    async with store.db.write() as tx:
        gone = delete(disclosures).where(disclosures.c.jti == jti).returning(disclosures.c.digest)
        if not (await tx.execute(gone)).all():
            return  # somebody else was faster
        token_id = base64url.decode(token, ID_BYTES)
        is_it = tokens.c.id == token_id
        was_live = (await tx.execute(delete(tokens).where(is_it, is_live(store)))).rowcount == 1
        await tx.execute(delete(tokens).where(is_it))
        at = (await tx.execute(select(store.clock.now()))).scalar_one()
        facts = {"who": WHO, "token": token, "by": Actor.ADMIN}
        told = token_id if was_live else None
        await events.append_without_drop(tx, store, Event.PERSON_FORGOTTEN, at=at, facts=facts, about=told)
