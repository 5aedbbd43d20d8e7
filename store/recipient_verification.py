"""
`verify: slack`: before a claim, the recipient's own Slack account must have pressed the button in their DM.

It makes a link that was copied out of Slack open nothing by itself.  It proves that this account pressed within ten
minutes before the claim, not who claimed.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Row, or_, update

from store import events, recurrences
from store.errors import NotVerifiedError
from store.opened import Store
from store.schema import drops
from store.words import Event, State, Verify

VERIFIED_MS: Final = 600_000
"""For how long after a press the drop can be claimed."""
_STILL_NEW_MS: Final = 540_000
"""Pressing again and again adds nothing to the log while most of that time is left."""


async def verify(store: Store, drop_id: bytes) -> int | None:
    """
    The recipient has pressed, which the caller has made sure of.  Until when it can be claimed, in milliseconds.

    None when there is nothing to claim: ended, claimed, locked or paused, or nobody asks for it.
    """
    now = store.clock.now()
    is_this = (drops.c.id == drop_id, drops.c.verify == Verify.SLACK, drops.c.state == State.SEALED)
    is_open = (*is_this, drops.c.paused_at.is_(None), drops.c.expires_at > now)
    is_new = or_(drops.c.verified_until.is_(None), drops.c.verified_until < now + _STILL_NEW_MS)
    async with store.db.write() as tx:
        row = (
            await tx.execute(
                update(drops)
                .where(*is_open, is_new)
                .values(verified_until=now + VERIFIED_MS, n=drops.c.n + 1)
                .returning(drops.c.n, drops.c.verified_until)
            )
        ).one_or_none()
        if row is not None:
            at = row.verified_until - VERIFIED_MS
            await events.append(tx, store, Event.RECIPIENT_VERIFIED, drop_id=drop_id, n=row.n, at=at)
            return int(row.verified_until)
        # Verified just before; asked for as a change so that an ending cannot come in between.
        again = update(drops).where(*is_open).values(n=drops.c.n).returning(drops.c.verified_until)
        until: int | None = await tx.scalar(again)
    return until


async def refuse(store: Store, drop_id: bytes) -> bool:
    """Somebody else has pressed.  True when it was recorded, which it is once an hour."""
    return await recurrences.note(store, Event.RECIPIENT_REFUSED, drop_id)


def is_verified(now: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether a row may be claimed as far as this goes, for the statement that claims it."""
    return or_(drops.c.verify == Verify.NONE, drops.c.verified_until > now)


def require(row: Row[Any]) -> None:
    """The same, to say why not; `row` has the present as `present`.  Raises NotVerifiedError."""
    if row.state == State.CLAIMED:  # only the claim that won comes this far, and it was verified
        return
    if row.verify != Verify.NONE and (row.verified_until or 0) <= row.present:
        raise NotVerifiedError
