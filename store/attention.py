"""
What a drop needs somebody for.

Each reason is one condition on the drop's row, so that the list of those that need somebody and the words beside each
of them cannot say different things.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, CompoundSelect, ScalarSelect, exists, false, func, or_, select, union

from store.opened import Store
from store.schema import drops, recurrences
from store.schema_of_watches import watches
from store.some_rows import word
from store.words import OPEN, Ask, Event, Outcome, State, Watch

_WEEK_MS: Final = 7 * 86_400_000


class Why(StrEnum):
    """A reason, the most urgent first.  Nowhere stored."""

    SECOND_READER = "second_reader"
    PRESSED_BY_ANOTHER = "pressed_by_another"
    NOT_EXPECTED = "not_expected"
    DENIED = "denied"
    NOT_ME = "not_me"
    LOCKED = "locked"
    WANTS_PASSPHRASE = "wants_passphrase"
    WANTS_ANOTHER = "wants_another"
    WANTS_TRIES = "wants_tries"
    LAST_HOUR = "last_hour"
    UNVIEWED = "unviewed"
    EXPIRED = "expired"
    UNDELIVERED = "undelivered"
    LOCKED_OUT = "locked_out"
    LOST = "lost"
    ROTATE = "rotate"


_WANTS: Final = {
    Why.WANTS_PASSPHRASE: Ask.PASSPHRASE,
    Why.WANTS_ANOTHER: Ask.AGAIN,
    Why.WANTS_TRIES: Ask.TRIES,
}
_CAME_TO_NOTHING: Final = {
    Why.EXPIRED: Outcome.EXPIRED,
    Why.UNDELIVERED: Outcome.UNDELIVERED,
    Why.LOCKED_OUT: Outcome.LOCKED_OUT,
    Why.LOST: Outcome.LOST,
}


async def of(store: Store, ids: Sequence[bytes]) -> Mapping[bytes, Sequence[Why]]:
    """What each of these drops needs somebody for, the most urgent first; nothing where it needs nobody."""
    columns = [func.coalesce(condition, false()).label(why) for why, condition in _reasons(store).items()]
    query = select(drops.c.id, *columns).where(drops.c.id.in_(ids))
    async with store.db.read() as tx:
        rows = (await tx.execute(query)).all()
    return {row.id: [why for why in Why if getattr(row, why)] for row in rows}


def needs_somebody(store: Store) -> ColumnElement[bool]:
    """Whether a drop has any of the reasons."""
    # Of a drop that has not ended, much is neither true nor false.
    return func.coalesce(or_(*_reasons(store).values()), false())


def candidates(store: Store, sent_by: ColumnElement[bool] | None = None) -> CompoundSelect[bytes]:
    """
    The ids of all that `needs_somebody` can be true of, found without reading every drop.

    With `sent_by`, a condition on the sender, those of one person, and some of others.  What ended over a week after it
    would have expired, because no program ran, is not among them.
    """
    now = store.clock.now_seconds() * 1000
    # Never opened, and not over for long: what is open, and what came to nothing.
    unopened = drops.c.claimed_at.is_(None), drops.c.expires_at > now - 2 * _WEEK_MS
    return union(
        select(drops.c.id).where(*unopened) if sent_by is None else select(drops.c.id).where(sent_by, *unopened),
        select(recurrences.c.drop_id).where(recurrences.c.told_at > now - _WEEK_MS),
        select(watches.c.drop_id).where(
            watches.c.what == word(Watch.ROTATE), watches.c.done_at.is_(None), watches.c.at <= now
        ),
    )


def _reasons(store: Store) -> Mapping[Why, ColumnElement[bool]]:
    now = store.clock.now_seconds() * 1000
    is_open, is_locked = drops.c.state.in_(OPEN), drops.c.state == State.LOCKED
    # Somebody else knows too much, until there is nothing to know any more or the key is another one.
    is_in_force = drops.c.rotated_at.is_(None) & (is_open | drops.c.claimed_at.is_not(None))
    ended_lately = drops.c.claimed_at.is_(None) & (drops.c.ended_at > now - _WEEK_MS)
    is_waited_for = dict.fromkeys(_WANTS, is_open) | {Why.WANTS_TRIES: is_locked}
    is_denial = recurrences.c.what.contains("by=recipient")
    return {
        Why.SECOND_READER: is_in_force
        & _called(now, Event.SECOND_CONSUMER, recurrences.c.what.contains("passphrase=right")),
        Why.PRESSED_BY_ANOTHER: is_in_force & _called(now, Event.RECIPIENT_REFUSED),
        Why.NOT_EXPECTED: is_open & drops.c.paused_at.is_not(None),
        Why.DENIED: is_in_force & _called(now, Event.NOT_ME, is_denial),
        Why.NOT_ME: is_in_force & _called(now, Event.NOT_ME, ~is_denial),
        Why.LOCKED: is_locked,
        # Asked for by somebody who can still get it, and has not got it.
        **{
            why: is_waited_for[why] & _called(now, Event.ASKED, recurrences.c.what.contains(f"what={what}"))
            for why, what in _WANTS.items()
        },
        Why.LAST_HOUR: is_open & (_told_at(Watch.HOUR_LEFT).is_not(None)),
        Why.UNVIEWED: is_open & (_told_at(Watch.UNVIEWED).is_not(None)),
        **{why: (drops.c.outcome == outcome) & ended_lately for why, outcome in _CAME_TO_NOTHING.items()},
        Why.ROTATE: drops.c.claimed_at.is_not(None) & is_in_force & (_at(Watch.ROTATE) <= now),
    }


# The values, and not whether there is a row: for that PostgreSQL may read the watches of everything that ever was.


def _at(what: Watch) -> ScalarSelect[int]:
    return select(watches.c.at).where(watches.c.drop_id == drops.c.id, watches.c.what == what).scalar_subquery()


def _told_at(what: Watch) -> ScalarSelect[int | None]:
    return select(watches.c.told_at).where(watches.c.drop_id == drops.c.id, watches.c.what == what).scalar_subquery()


def _called(now: int, event: Event, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    is_recent = recurrences.c.told_at > now - _WEEK_MS
    is_this = recurrences.c.what.startswith(event)
    return exists().where(recurrences.c.drop_id == drops.c.id, is_this, is_recent, *conditions)
