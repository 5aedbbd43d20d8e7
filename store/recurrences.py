"""
What is told once an hour at most: the first time at once, then with a count.

A holder can press "that was not me" or reload a dead page as often as they like.  The log must say that it went
on, and the sender's phone must not ring for each.
"""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from store import events
from store.errors import KeyUnreadableError
from store.formats.event_v1 import Fact
from store.log.who_may_say import MAY_SAY
from store.opened import Store
from store.schema import recurrences
from store.upserting import upserts
from store.words import Event

_HOUR_MS: Final = 3_600_000
_BATCH: Final = 200


async def note(store: Store, event: Event, drop_id: bytes, **facts: Fact) -> bool:
    """
    Count a recurring event and record it if an hour has passed since it was last recorded.

    Recurrences are told apart by the event and all its facts.  True when it was recorded, with `count` as the
    number of times so far.
    """
    what = _what(event, facts)
    now = store.clock.now()
    is_this = (recurrences.c.drop_id == drop_id) & (recurrences.c.what == what)
    async with store.db.write() as tx:
        count = await _counted(tx, store, drop_id, what, told_at=now)
        if count > 1:
            due = update(recurrences).where(is_this, recurrences.c.told_at <= now - _HOUR_MS)
            if (await tx.execute(due.values(told_at=now))).rowcount == 0:
                return False
        n, at = await events.next_number(tx, store, drop_id)
        await events.append(tx, store, event, drop_id=drop_id, n=n, at=at, facts={**facts, "count": count})
    return True


async def count_unsaid(store: Store, event: Event, drop_id: bytes, **facts: Fact) -> None:
    """Count what cannot be recorded just now; the next `note` or `tell_unsaid` says how many there were."""
    async with store.db.write() as tx:
        await _counted(tx, store, drop_id, _what(event, facts), told_at=0)


async def tell_unsaid(store: Store) -> None:
    """Record what was only counted, of what this program may say; nobody need come.  Raises KeyUnreadableError."""
    async with store.db.read() as tx:
        unsaid = select(recurrences.c.drop_id, recurrences.c.what).where(recurrences.c.told_at == 0)
        rows = (await tx.execute(unsaid.limit(_BATCH))).all()
    for drop_id, what in rows:
        if what.split(" ")[0] not in MAY_SAY[store.signer.program]:
            continue  # the other program's: signed by this one the log would refuse it, for ever
        try:
            await _tell(store, drop_id, what)
        except KeyUnreadableError:
            raise
        except Exception:  # noqa: BLE001, S112 - a row that somebody damaged must not keep the others waiting
            continue


async def _tell(store: Store, drop_id: bytes, what: str) -> None:
    event, *facts = what.split(" ")
    is_this = (recurrences.c.drop_id == drop_id) & (recurrences.c.what == what) & (recurrences.c.told_at == 0)
    told = update(recurrences).where(is_this).values(told_at=store.clock.now()).returning(recurrences.c.count)
    async with store.db.write() as tx:
        count = (await tx.execute(told)).scalar_one_or_none()
        if count is None:
            return  # said since the look
        n, at = await events.next_number(tx, store, drop_id)
        said: dict[str, Fact] = {**dict(fact.split("=", 1) for fact in facts), "count": count}
        await events.append(tx, store, Event(event), drop_id=drop_id, n=n, at=at, facts=said)


def _what(event: Event, facts: Mapping[str, Fact]) -> str:
    return " ".join([event, *(f"{name}={value}" for name, value in sorted(facts.items()))])


async def _counted(
    tx: AsyncConnection, store: Store, drop_id: bytes, what: str, *, told_at: ColumnElement[int] | int
) -> int:
    """How many there were with this one; `told_at` is of the first."""
    insert = upserts(store.db)
    counted = (
        insert(recurrences)
        .values(drop_id=drop_id, what=what, told_at=told_at, count=1)
        .on_conflict_do_update(index_elements=["drop_id", "what"], set_={"count": recurrences.c.count + 1})
        .returning(recurrences.c.count)
    )
    return int((await tx.execute(counted)).scalar_one())
