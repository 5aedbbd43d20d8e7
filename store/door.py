"""
What somebody with a link sees before claiming, and who may come further.

Looking consumes nothing.  A dead link tells its holder the truth; it tells nobody else anything.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, update

from store import endings, events, personal, second_consumers
from store.drops import HELD_ROW, IS_OPEN, held
from store.errors import DropEndedError, KeyUnreadableError, StoreUnavailableError
from store.guesses import seconds_until, tries_left
from store.opened import Store
from store.prepared import MOST_LOOKS, Change, Looked
from store.schema import drops
from store.words import OPEN, Actor, Event, Outcome, State


@dataclass(frozen=True)
class Visitor:
    """What is known of who looks, both personal: a network prefix (/24, /48) and a browser family."""

    network: str | None = None
    browser: str | None = None

    @property
    def personal(self) -> dict[str, str | None]:
        """The fields for an event's disclosures."""
        return {"network": self.network, "browser": self.browser}


@dataclass(frozen=True)
class Door:
    """
    A live drop from outside.  `state` is sealed or locked; `header` is verbatim.

    `variable` is the name under which the secret goes into an environment, where its template has one.
    """

    state: State
    is_paused: bool
    header: str
    hint: str | None
    tries_left: int
    retry_after_seconds: int
    variable: str | None = None


async def look(store: Store, drop_id: bytes, link_proof: bytes, visitor: Visitor) -> Door:
    """Show the door.  Raises UnknownDropError, and DropEndedError to a holder of a dead or claimed link."""
    for _ in range(MOST_LOOKS):
        row = await held(store, drop_id, link_proof)
        try:
            await require_open(store, row)
        except DropEndedError:
            await second_consumers.at_door(store, drop_id)
            raise
        if row.door_opened_at is not None or await _record_first(store, row, visitor):
            return _door(store, row)
    raise StoreUnavailableError("the drop changes too fast")


def _door(store: Store, row: Looked) -> Door:
    return Door(
        state=State(row.state),
        is_paused=row.paused_at is not None,
        header=personal.of_row(store.months, row).header,
        hint=personal.hint_of(store.months, row),
        tries_left=tries_left(row.round_guesses),
        retry_after_seconds=seconds_until(row.next_guess_at, row.present),
        variable=row.variable,
    )


async def require_open(store: Store, row: Looked, *, claim_hash: bytes | None = None) -> None:
    """
    Raise DropEndedError unless the drop is sealed, locked, or claimed by just this claim.

    Finishes on the way what is overdue, so that a sweeper that sleeps changes nothing that anybody can see.
    """
    if row.state in OPEN and row.expires_at > row.present:
        return None
    if row.state == State.CLAIMED and row.claim_until > row.present:
        if claim_hash is None or row.claim_hash != claim_hash:
            raise DropEndedError(Outcome.RELEASED, row.claimed_at)
        return None
    # The state is judged before the key: a holder is told the truth though the keyring is away, and the sweeper
    # finishes what could not be finished here.
    with suppress(KeyUnreadableError):
        if row.state == State.CLAIMED:
            await endings.finish(store, row.id, claimed_by=Actor.CLOCK)
        elif row.state == State.ENDING:
            await endings.finish(store, row.id)
        elif row.state != State.DESTROYED:
            await endings.expire(store, row.id)
    after: Looked = await store.db.look(HELD_ROW, {"drop_id": row.id})
    if after.outcome is None and after.state != row.state:
        return await require_open(store, after, claim_hash=claim_hash)  # claimed just before its time was over
    if after.outcome is None and after.state in OPEN:
        raise DropEndedError(Outcome.EXPIRED, after.expires_at)  # to be put on record when that can be signed
    outcome = Outcome(after.outcome or Outcome.RELEASED)
    raise DropEndedError(outcome, after.claimed_at or after.ended_at)


_FIRST_LOOK: Final = (
    update(drops)
    .where(
        drops.c.id == bindparam("drop_id"),
        drops.c.n == bindparam("seen"),
        IS_OPEN,
    )
    .values(door_opened_at=bindparam("present"), n=bindparam("seen") + 1)
    .returning(drops.c.id)
)


async def _record_first(store: Store, row: Looked, visitor: Visitor) -> bool:
    """False where something else has happened to the drop since, perhaps the same."""
    given = {"drop_id": row.id, "seen": row.n, "present": row.present}
    opened = events.rows(
        store, Event.DOOR_OPENED, drop_id=row.id, n=row.n + 1, at=row.present, personal=visitor.personal
    )
    return await store.db.change(Change(_FIRST_LOOK, given, opened)) is not None
