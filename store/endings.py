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

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Update, and_, delete, func, null, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import events, receipts, sealed_links
from store.drops import find
from store.errors import DropEndedError, KeyUnreadableError, UnknownDropError
from store.opened import Store
from store.schema import drops, refusals
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
    overdue = drops.c.expires_at <= store.clock.now()
    begun = await _begin(store, drop_id, Outcome.EXPIRED, Actor.CLOCK, when=overdue)
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
    return await _destroy(
        store,
        drop_id,
        update(drops)
        .where(drops.c.id == drop_id, drops.c.state.in_(OPEN))
        .values(outcome=Outcome.LOST, ended_by=Actor.KEYRING, ended_at=store.clock.now()),
    )


async def finish(store: Store, drop_id: bytes, *, claimed_by: Actor | None = None) -> bool:
    """
    Steps 2 and 3 for a drop that is ending; with `claimed_by` also for one whose claim is over (released).

    False when there was nothing to finish.  `claimed_by` has judged that the claim may end, and goes on record.
    """
    states = (State.ENDING,) if claimed_by is None else (State.ENDING, State.CLAIMED)
    async with store.db.read() as tx:
        state = await tx.scalar(select(drops.c.state).where(drops.c.id == drop_id))
    if state not in states:
        return False
    await _erase_key(store, drop_id)
    return await _destroy(
        store,
        drop_id,
        update(drops)
        .where(drops.c.id == drop_id, drops.c.state.in_(states))
        .values(
            outcome=func.coalesce(drops.c.outcome, Outcome.RELEASED),
            ended_at=func.coalesce(drops.c.ended_at, store.clock.now()),
            ended_by=func.coalesce(drops.c.ended_by, claimed_by),
        ),
    )


async def view(store: Store, drop_id: bytes, claim_hash: bytes) -> bool:
    """End a claimed drop because its page says that it decrypted.  False when that claim does not hold it."""
    held = and_(drops.c.id == drop_id, drops.c.state == State.CLAIMED, drops.c.claim_hash == claim_hash)
    async with store.db.read() as tx:
        if await tx.scalar(select(drops.c.n).where(held)) is None:
            return False
    await _erase_key(store, drop_id)
    return await _destroy(
        store,
        drop_id,
        update(drops).where(held).values(outcome=Outcome.VIEWED, ended_by=Actor.HOLDER, ended_at=store.clock.now()),
        acknowledged=True,
    )


async def _erase_key(store: Store, drop_id: bytes) -> None:
    """
    Step 2.  Raises KeyUnreadableError where the key of a drop that is not destroyed is absent.

    A file goes only after its row is destroyed, so that an absent one means an unmounted keyring: calling the drop
    destroyed would be a lie on the record, with the key alive elsewhere.
    """
    if await store.keyring_act(store.keyring.erase, drop_id):
        return
    drop = await find(store, drop_id)
    if drop is not None and drop.state is not State.DESTROYED:
        raise KeyUnreadableError("the key is absent")


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
    Outcome.EXPIRED: Event.EXPIRED,
    Outcome.UNDELIVERED: Event.UNDELIVERED,
}


async def _destroy(store: Store, drop_id: bytes, ending: Update, *, acknowledged: bool = False) -> bool:
    medium = await store.keyring_act(store.keyring.medium, drop_id)
    async with store.db.write() as tx:
        row = (
            await tx.execute(
                ending.values(
                    state=State.DESTROYED,
                    destroyed_at=store.clock.now(),
                    envelope=null(),
                    v2=null(),
                    hint=null(),
                    n=drops.c.n + (3 if acknowledged else 2),
                ).returning(drops)
            )
        ).one_or_none()
        if row is None:
            return False
        await _record(tx, store, drop_id, row, acknowledged=acknowledged)
        await receipts.issue(tx, store, row, n=row.n, medium=medium)
        await tx.execute(delete(refusals).where(refusals.c.drop_id == drop_id))
        # Here too, for what had no first step above: a claim, the last guess, a lost key.
        await sealed_links.remove(tx, drop_id)
    await store.keyring_act(store.keyring.unlink, drop_id)
    return True


async def _record(tx: AsyncConnection, store: Store, drop_id: bytes, row: Row[Any], *, acknowledged: bool) -> None:
    if acknowledged:
        await events.append(tx, store, Event.ACKNOWLEDGED, drop_id=drop_id, n=row.n - 2, at=row.destroyed_at)
    await events.append(
        tx,
        store,
        Event.DESTROYED,
        drop_id=drop_id,
        n=row.n - 1,
        at=row.destroyed_at,
        facts={"outcome": row.outcome, "by": row.ended_by, "sends": row.sends},
    )
