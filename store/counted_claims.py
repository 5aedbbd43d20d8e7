"""
A claim, counted by what came of it.

Counted where it ends and not where it is answered: one that took longer than its page waited has been told 503, and may
have won all the same.
"""

from typing import Final

from store import claims, errors
from store.claims import Presented, Release
from store.counts import SENT_AGAIN, WON
from store.door import Visitor
from store.opened import Store

# The narrower ones first: a key that cannot be read is a store that is not available, too.
_WORDS: Final = (
    (errors.WrongPassphraseError, "wrong"),
    (errors.DropEndedError, "ended"),
    (errors.DropLockedError, "locked"),
    (errors.DropPausedError, "paused"),
    (errors.NotVerifiedError, "not_verified"),
    (errors.TooSoonError, "too_soon"),
    (errors.UnknownDropError, "unknown_link"),
    (errors.KeyUnreadableError, "key_unreadable"),
    (errors.TooManyLargeError, "no_room"),
    (errors.StoreUnavailableError, "unavailable"),
)


async def claim(store: Store, presented: Presented, visitor: Visitor) -> Release:
    """As `claims.claim`."""
    try:
        release = await claims.claim(store, presented, visitor)
    except Exception as error:
        store.counts.claims[next((word for kind, word in _WORDS if isinstance(error, kind)), "failed")] += 1
        raise
    is_first = store.redelivery_seconds == 0 or release.sends_left == claims.MOST_SENDS - 1
    store.counts.claims[WON if is_first else SENT_AGAIN] += 1
    return release
