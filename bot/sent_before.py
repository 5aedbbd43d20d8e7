"""
What makes a drop of a form one, and the drop that the same form made before: a form may come twice, to any program.
"""

import asyncio
from collections.abc import Sequence
from typing import Final

from bot.people import Person
from store.creation import ATTEMPT
from store.drops import Drop, of_sending
from store.errors import StoreUnavailableError
from store.opened import Store
from store.words import Outcome

_MOST_ATTEMPTS: Final = 10


async def keys(
    store: Store, view_id: str, recipients: Sequence[Person], by: float
) -> dict[str, tuple[str, Drop | None]]:
    """
    For each recipient's id, the key under which their drop is made, and the drop that it made before.

    An undelivered one does not count: the form may be sent again.  Raises StoreUnavailableError at the loop's time
    `by`.
    """
    try:
        async with asyncio.timeout_at(by):
            return {person.id: await _key(store, view_id, person.id) for person in recipients}
    except TimeoutError:
        raise StoreUnavailableError("the store did not answer in time") from None


async def _key(store: Store, view_id: str, recipient_id: str) -> tuple[str, Drop | None]:
    for attempt in range(_MOST_ATTEMPTS):
        key = f"{view_id}{ATTEMPT}{attempt}" if attempt else view_id
        earlier = await of_sending(store, key, recipient_id)
        if earlier is None or earlier.outcome is not Outcome.UNDELIVERED:
            return key, earlier
    raise StoreUnavailableError("this form was sent too often")
