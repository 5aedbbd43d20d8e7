"""
Finishing what time or a crash left: safe to run in every program, as often as one likes.

Correctness never waits for it: whoever touches an overdue row finishes it first.  It makes the endings happen on
time when nobody looks.
"""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import and_, false, or_, select

from store import (
    asked_once,
    asked_records,
    asked_revokes,
    emptied,
    endings,
    orders,
    record_endings,
    record_refusals,
    recurrences,
    token_reads,
    tokens,
    webhooks,
)
from store.clock import PRESENT
from store.drops import IS_OPEN, find
from store.errors import KeyUnreadableError
from store.keyring import KeyState
from store.keys import pepper
from store.opened import Store
from store.pacing import unhurried
from store.prepared import Looked
from store.schema import drops
from store.some_rows import word
from store.words import LIVE, OPEN, Actor, Delivery, State

_BATCH: Final = 200
_SEEN_AT_ONCE: Final = 2000
_KEYS_AT_ONCE: Final = 50
_ORPHAN_SECONDS: Final = 3600

_is_claim_over = and_(drops.c.state == State.CLAIMED, drops.c.claim_until <= PRESENT)
_BEGUN: Final = (
    select(drops.c.id, false().label("expired"), _is_claim_over.label("claim_over"), drops.c.state)
    .where(or_(drops.c.state == State.ENDING, _is_claim_over))
    .limit(_SEEN_AT_ONCE)
)
_is_expired = and_(IS_OPEN, drops.c.expires_at <= PRESENT)
_is_undelivered = and_(IS_OPEN, drops.c.delivery == word(Delivery.PENDING), drops.c.delivery_until <= PRESENT)
_OVERDUE: Final = (
    select(drops.c.id, _is_expired.label("expired"), false().label("claim_over"), drops.c.state)
    .where(or_(_is_expired, _is_undelivered))
    .limit(_SEEN_AT_ONCE)
)


@dataclass
class Swept:
    """
    What one sweep did, to drops and to records.

    `failed` endings are begun and wait for their keys to be there; `absent` are those that live and whose key is
    missing, which nothing automatic may judge.  `is_away`: the keyring, or the pepper in it, could not be read at all.
    `was_emptied`: a crash of the keyring's server took the keys of drops.  `is_untidy`: it keeps what was deleted.
    """

    ended: int = 0
    erased: int = 0
    failed: int = 0
    absent: list[bytes] = field(default_factory=list)
    is_away: bool = False
    was_emptied: bool = False
    is_untidy: bool = False


async def sweep(store: Store) -> Swept:
    """End what is overdue: expired, undelivered, claims whose time is over, endings that a crash cut short."""
    swept = Swept()
    # What somebody may still have in their hands comes before what merely lies there.
    for look in (_BEGUN, _OVERDUE):
        await _end_some(store, await store.db.look_at_all(look, {}), swept)
    await orders.sweep(store)
    await asked_once.sweep(store)
    await asked_records.sweep(store)
    await asked_revokes.sweep(store)
    await token_reads.sweep(store)
    await tokens.sweep(store)
    swept.ended += await record_endings.sweep(store)
    await record_refusals.sweep(store)
    await webhooks.sweep(store)
    swept.is_untidy = await _is_untidy(store)
    return swept


async def _end_some(store: Store, rows: list[Looked], swept: Swept) -> None:
    # Bot and web program would go for the same ones; and what can never be ended would keep all others waiting.
    some = random.sample(rows, min(len(rows), _BATCH))
    for row in some:
        async with unhurried(is_last=row is some[-1]):
            try:
                swept.ended += await _end(store, row)
            except Exception:  # noqa: BLE001 - one key or one damaged row must not keep every other drop alive
                swept.failed += 1


async def _end(store: Store, row: Looked) -> bool:
    if row.state == State.ENDING:
        return await endings.finish(store, row.id)
    if row.claim_over:
        return await endings.finish(store, row.id, claimed_by=Actor.CLOCK)
    if row.expired:
        return await endings.expire(store, row.id)
    return await endings.give_up_delivery(store, row.id, only_if_lease_is_over=True)


async def sweep_keys(store: Store) -> Swept:
    """
    Hold the keyring against the rows: erase keys of destroyed drops and orphans over an hour old, put drops with
    an erased key on record as lost, name the live drops whose key is absent; the same with records; erase peppers
    of before that nothing hangs on; and put on record who came with a dead link while nothing could be signed.
    """
    swept = Swept()
    try:
        swept.was_emptied = await emptied.note(store)
        live = await _live(store)
        known = await asyncio.to_thread(store.keyring.ids)
    except KeyUnreadableError:
        swept.is_away = True
        return swept
    for drop_id, age in known:
        if drop_id not in live:
            swept.erased += await _erase_leftover(store, drop_id, age)
    seen = {drop_id for drop_id, _ in known}
    for drop_id in await _erased(store, [one for one in seen if live.get(one) in OPEN]):
        swept.ended += await endings.lose(store, drop_id)
    for drop_id in live.keys() - seen:
        if await _is_absent(store, drop_id):
            swept.absent.append(drop_id)
    try:
        erased, absent = await record_endings.sweep_keys(store)
        swept.erased += erased
        swept.absent += absent
        swept.erased += await pepper.forget(store)
        await recurrences.tell_unsaid(store)
    except (KeyUnreadableError, OSError):  # the keys that are missing are to be told all the same
        swept.is_away = True
    swept.is_untidy = await _is_untidy(store, look=True)
    store.counts.keys_absent = len(swept.absent)
    store.counts.keys_erased += swept.erased
    return swept


async def _live(store: Store) -> dict[bytes, State]:
    async with store.db.read() as tx:
        rows = await tx.execute(select(drops.c.id, drops.c.state).where(drops.c.state.in_(LIVE)))
        return {row.id: State(row.state) for row in rows}


async def _is_untidy(store: Store, *, look: bool = False) -> bool:
    try:
        await asyncio.to_thread(store.keyring.tidy, look=look)
    except KeyUnreadableError:
        return True
    return False


async def _erase_leftover(store: Store, drop_id: bytes, age: float) -> bool:
    async with store.db.read() as tx:
        state = await tx.scalar(select(drops.c.state).where(drops.c.id == drop_id))
    # A key younger than its row belongs to a drop that is being created just here.
    if state != State.DESTROYED and (state is not None or age < _ORPHAN_SECONDS):
        return False
    await store.keyring_act(store.keyring.erase, drop_id)
    await store.keyring_act(store.keyring.unlink, drop_id)
    return True


async def _is_absent(store: Store, drop_id: bytes) -> bool:
    """Asked again: a drop may have been destroyed, and its key unlinked, since the rows were read."""
    drop = await find(store, drop_id)
    if drop is None or drop.state in (State.ENDING, State.DESTROYED):
        return False
    return await store.keyring_act(store.keyring.state, drop_id) is KeyState.ABSENT


async def _erased(store: Store, drop_ids: Sequence[bytes]) -> list[bytes]:
    """
    Those of them whose key is zeros.

    Some in each turn of a thread: a turn for each of ten thousand would keep the program from everybody for seconds.
    """
    found: list[bytes] = []
    for at in range(0, len(drop_ids), _KEYS_AT_ONCE):
        some = drop_ids[at : at + _KEYS_AT_ONCE]
        async with unhurried(is_last=some[-1] is drop_ids[-1]):
            found += await asyncio.to_thread(lambda: [one for one in some if _is_erased(store, one)])  # noqa: B023
    return found


def _is_erased(store: Store, drop_id: bytes) -> bool:
    try:
        return store.keyring.state(drop_id) is KeyState.ERASED
    except KeyUnreadableError:
        return False
