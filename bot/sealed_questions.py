"""
Opening what came sealed to our delivery key with a client's question.
"""

import asyncio

from store import delivery_keys
from store.errors import UnknownTokenError
from store.link_opener import LinkOpener
from store.opened import Store


class KeyMissingError(Exception):
    """Another bot may be able to open it, or this one in a moment: it is no refusal."""


async def opened(store: Store, opener: LinkOpener, question_id: bytes, proof: bytes) -> str:
    """What was sealed for this question.  Raises UnknownTokenError where it opens with no key, and KeyMissingError."""
    text = await asyncio.to_thread(opener.open, question_id, proof)
    if text is not None:
        return text
    if await delivery_keys.in_use(store.db) - await asyncio.to_thread(lambda: opener.kids):
        raise KeyMissingError
    raise UnknownTokenError
