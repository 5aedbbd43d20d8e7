"""
The drops that one person sent in one workspace, for whoever asks in their name.

What is somebody else's, another workspace's, or nobody's any more because its names were erased, is not there.
"""

from typing import Final

from store import drops, listing
from store.drops import Drop
from store.errors import UnknownDropError
from store.formats.token_grant_v1 import Owner
from store.listing import After, Page, Section
from store.opened import Store

_MOST_LOOKED_THROUGH: Final = 5
"""Pages for one answer: somebody with thousands in another workspace must not make it slow."""


async def find(store: Store, owner: Owner, drop_id: bytes) -> Drop:
    """One of theirs.  Raises UnknownDropError for every other id alike, and KeyUnreadableError."""
    drop = await drops.find(store, drop_id)
    if drop is None or not _is_of(owner, drop):
        raise UnknownDropError
    return drop


async def is_own(store: Store, owner: Owner, drop_id: bytes) -> bool:
    """Whether it is one of theirs.  Raises KeyUnreadableError."""
    try:
        await find(store, owner, drop_id)
    except UnknownDropError:
        return False
    return True


async def page(
    store: Store,
    owner: Owner,
    section: Section | None = None,
    *,
    template: str | None = None,
    after: After | None = None,
    most: int,
) -> Page:
    """
    A page of theirs, newest first.  It may hold fewer than `most` and not be the last.  Raises KeyUnreadableError.

    The database knows the sender, and of the workspace only what is sealed: those of another one are left out here.
    """
    found: list[Drop] = []
    for _ in range(_MOST_LOOKED_THROUGH):
        some = await listing.page(store, section, owner.user_id, template=template, after=after, most=most - len(found))
        found += [drop for drop in some.drops if _is_of(owner, drop)]
        after = some.after
        if after is None or len(found) >= most:
            break
    return Page(found, after)


def _is_of(owner: Owner, drop: Drop) -> bool:
    # What was erased is empty, and no owner's: it must not match one whose id would be, too.
    return bool(drop.sender_id) and (drop.team_id, drop.sender_id) == (owner.team_id, owner.user_id)
