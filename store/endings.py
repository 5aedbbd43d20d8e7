"""
How a drop ends, once.

From sealed or locked an ending is three steps, and their order is the promise:

1. One conditional statement to `ending`.  After it commits nobody can claim.
2. The key is overwritten with zeros.  Never before 1: a claim that had won in between would have been told that
   the secret is its own and could not open it.
3. One transaction: `destroyed`, no envelope, no V2, no sealed link, and the receipt.  Then the key's file goes.

From claimed, step 1 was the claim.  Steps 2 and 3 are idempotent; whoever touches the row, and the sweeper, repeat
them for what a crash left.
"""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Final

from sqlalchemy import ColumnElement, and_, bindparam, delete, null, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import events, expiring, receipts, sealed_links
from store.drops import WHOLE, find
from store.errors import DropEndedError, KeyUnreadableError, StoreUnavailableError, UnknownDropError
from store.opened import Store
from store.prepared import MOST_LOOKS, Change, Looked, Rows
from store.schema import drops, refusals
from store.schema_of_deliveries import deliveries
from store.words import OPEN, Actor, Delivery, Event, Outcome, State, Way


async def revoke(store: Store, drop_id: bytes, *, by: Actor = Actor.SENDER) -> None:
    """
    End a drop because somebody entitled to it says so; it is destroyed when this returns.

    Raises DropEndedError when it had ended before, or when a page holds it already ("too late: released at …"; the
    envelope is destroyed all the same), and UnknownDropError.
    """
    if await _begin(store, drop_id, Outcome.REVOKED, by):
        await finish(store, drop_id)
        return
    await finish(store, drop_id, claimed_by=by)
    drop = await find(store, drop_id)
    if drop is None or drop.outcome is None:
        raise UnknownDropError
    raise DropEndedError(drop.outcome, drop.claimed_at or drop.ended_at or 0)


async def begin_revoking(store: Store, revoked: Sequence[tuple[bytes, Actor]]) -> set[bytes]:
    """
    Step 1 of revoking for several drops in one transaction; the ids of those that nobody can claim from here on.

    The rest is `finish`, for each.  The others had ended, or a page holds them: `revoke` says which.
    """
    begun = set()
    async with store.db.write() as tx:
        # In one order: two who revoke the same never wait for each other.
        for drop_id, by in sorted(revoked):
            if await begin_revoking_in(tx, store, drop_id, by):
                begun.add(drop_id)
    return begun


async def begin_revoking_in(tx: AsyncConnection, store: Store, drop_id: bytes, by: Actor) -> bool:
    """The same for one drop, in the transaction of somebody who writes more than that."""
    return await _begin_in(tx, store, drop_id, Outcome.REVOKED, by)


async def expire(store: Store, drop_id: bytes) -> bool:
    """End a drop whose time is over.  False when it was not, or had ended."""
    begun = await expiring.begin(store, drop_id)
    if begun:
        await finish(store, drop_id)
    return begun


async def give_up_delivery(
    store: Store, drop_id: bytes, *, only_if_lease_is_over: bool, why: str | None = None
) -> bool:
    """
    End a drop whose link did not arrive.  False when it was delivered, or had ended.

    The program that holds the link may give up at once; anybody else only when that program's lease is over.
    """
    when = drops.c.delivery == Delivery.PENDING
    if only_if_lease_is_over:
        when &= drops.c.delivery_until <= store.clock.now()
    begun = await _begin(store, drop_id, Outcome.UNDELIVERED, Actor.DELIVERY, when=when, why=why)
    if begun:
        await finish(store, drop_id)
    return begun


async def bring_back(store: Store, drop_id: bytes, *, why: str) -> bool:
    """
    End a drop whose e-mail came back.  False when a passphrase was tried, when it is over, or went another way.

    Also one that was delivered: a mail server takes a letter before anybody knows whether it arrives.  And one that is
    being handed over: the server may have said that it failed before the program that holds the link has recorded it.
    Not where somebody has typed a passphrase into its page: they have the letter, or a copy that did not come back.
    """
    when = and_(drops.c.way == Way.MAIL, drops.c.state == State.SEALED, drops.c.guesses == 0)
    begun = await _begin(store, drop_id, Outcome.UNDELIVERED, Actor.DELIVERY, when=when, why=why)
    if begun:
        await finish(store, drop_id)
    return begun


async def lose(store: Store, drop_id: bytes) -> bool:
    """
    Put on record that a live drop's key was found erased.

    Called only for a key that was read as zeros; an absent one proves nothing (an unmounted folder looks the
    same), unless an operator vouches for the keyring (`store.lost_keys`).  One step is enough: there is no key left
    that could be taken from under a claim.
    """
    medium = await store.keyring_act(store.keyring.medium, drop_id)
    return await _destroy(store, drop_id, OPEN, Outcome.LOST, Actor.KEYRING, medium=medium) is not None


_STATE: Final = select(drops.c.state).where(drops.c.id == bindparam("drop_id"))


async def finish(store: Store, drop_id: bytes, *, claimed_by: Actor | None = None) -> bool:
    """
    Steps 2 and 3 for a drop that is ending; with `claimed_by` also for one whose claim is over (released).

    False when there was nothing to finish.  `claimed_by` has judged that the claim may end, and goes on record.
    """
    states = (State.ENDING,) if claimed_by is None else (State.ENDING, State.CLAIMED)
    row = await store.db.look(_STATE, {"drop_id": drop_id})
    if row is None or row.state not in states:
        return False
    medium = await _erase_key(store, drop_id)
    return await _destroy(store, drop_id, states, Outcome.RELEASED, claimed_by, medium=medium) is not None


async def view(store: Store, drop_id: bytes, claim_hash: bytes) -> str | None:
    """
    End a claimed drop because its page says that it decrypted; the receipt's id.

    None when that claim does not hold it.  The caller has just seen that it does: a claim is never another page's.
    """
    medium = await _erase_key(store, drop_id)
    viewed = Outcome.VIEWED, Actor.HOLDER
    return await _destroy(store, drop_id, (State.CLAIMED,), *viewed, medium=medium, claim_hash=claim_hash)


async def _erase_key(store: Store, drop_id: bytes) -> str:
    """
    Step 2; what the key lay on.  Raises KeyUnreadableError where the key of a drop that is not destroyed is absent.

    A file goes only after its row is destroyed, so that an absent one means an unmounted keyring: calling the drop
    destroyed would be a lie on the record, with the key alive elsewhere.
    """
    is_erased, medium = await store.keyring_act(
        lambda key: (store.keyring.erase(key), store.keyring.medium(key)), drop_id
    )
    drop = None if is_erased else await find(store, drop_id)
    if drop is not None and drop.state is not State.DESTROYED:
        raise KeyUnreadableError("the key is absent")
    return medium


async def _begin(
    store: Store,
    drop_id: bytes,
    outcome: Outcome,
    by: Actor,
    *,
    when: ColumnElement[bool] | None = None,
    why: str | None = None,
) -> bool:
    async with store.db.write() as tx:
        return await _begin_in(tx, store, drop_id, outcome, by, when=when, why=why)


async def _begin_in(
    tx: AsyncConnection,
    store: Store,
    drop_id: bytes,
    outcome: Outcome,
    by: Actor,
    *,
    when: ColumnElement[bool] | None = None,
    why: str | None = None,
) -> bool:
    facts = {"by": by, "why": why} if why else {"by": by}
    undelivered = outcome is Outcome.UNDELIVERED
    row = (
        await tx.execute(
            update(drops)
            .where(drops.c.id == drop_id, drops.c.state.in_(OPEN), true() if when is None else when)
            .values(
                state=State.ENDING,
                outcome=outcome,
                ended_by=by,
                ended_at=store.clock.now(),
                delivery=Delivery.UNDELIVERED if undelivered else drops.c.delivery,
                n=drops.c.n + 1,
            )
            .returning(drops.c.n, drops.c.ended_at)
        )
    ).one_or_none()
    if row is None:
        return False
    await events.append(tx, store, _BEGINS[outcome], drop_id=drop_id, n=row.n, at=row.ended_at, facts=facts)
    await sealed_links.remove(tx, drop_id)
    return True


_BEGINS: Final = {
    Outcome.REVOKED: Event.REVOKED,
    Outcome.UNDELIVERED: Event.UNDELIVERED,
}


_DESTRUCTION: Final = (
    update(drops)
    .where(drops.c.id == bindparam("drop_id"), drops.c.n == bindparam("seen"), drops.c.state == bindparam("was"))
    .values(
        state=State.DESTROYED,
        outcome=bindparam("so"),
        ended_by=bindparam("by"),
        ended_at=bindparam("over_at"),
        destroyed_at=bindparam("destroyed"),
        envelope=null(),
        v2=null(),
        hint=null(),
        n=bindparam("after"),
    )
    .returning(drops.c.id)
)
# The link here too, for what had no first step above: a claim, the last guess, a lost key.
_LEFT_BEHIND: Final = tuple(
    delete(table).where(table.c.drop_id == bindparam("drop_id")) for table in (refusals, deliveries)
)


async def _destroy(
    store: Store,
    drop_id: bytes,
    states: Collection[State],
    outcome: Outcome,
    by: Actor | None,
    *,
    medium: str,
    claim_hash: bytes | None = None,
) -> str | None:
    """
    Step 3; the receipt's id, or None for a drop that is in none of these states or was claimed by another.

    `outcome` and `by` are of a drop whose first step has not said them.
    """
    for _ in range(MOST_LOOKS):
        whole = await store.db.look_at_all(WHOLE, {"drop_id": drop_id})
        if not whole or whole[0].state not in states or claim_hash not in (None, whole[0].claim_hash):
            return None
        row = whole[0]
        is_viewed = claim_hash is not None
        ended = row._replace(
            outcome=row.outcome or outcome,
            ended_by=row.ended_by or by,
            ended_at=row.ended_at or row.present,
            destroyed_at=row.present,
            n=row.n + (3 if is_viewed else 2),
        )
        recorded = _record(store, ended, is_viewed=is_viewed)
        rid, receipt = await receipts.rows(store, ended, receipts.events_of(whole), recorded, medium=medium)
        given = {
            "drop_id": drop_id,
            "seen": row.n,
            "was": row.state,
            "so": ended.outcome,
            "by": ended.ended_by,
            "over_at": ended.ended_at,
            "destroyed": ended.destroyed_at,
            "after": ended.n,
        }
        if await store.db.change(Change(_DESTRUCTION, given, [*recorded, *receipt], _LEFT_BEHIND)) is not None:
            await store.keyring_act(store.keyring.unlink, drop_id)
            return rid
    raise StoreUnavailableError("the drop changes too fast")


def _record(store: Store, ended: Looked, *, is_viewed: bool) -> Rows:
    record = partial(events.rows, store, drop_id=ended.id, at=ended.destroyed_at)
    seen = record(Event.ACKNOWLEDGED, n=ended.n - 2) if is_viewed else []
    facts = {"outcome": ended.outcome, "by": ended.ended_by, "sends": ended.sends}
    return [*seen, *record(Event.DESTROYED, n=ended.n - 1, facts=facts)]
