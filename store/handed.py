"""Everything that was ever handed to one person, for the day on which their laptop is gone."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from store import pseudonyms
from store.drops import Drop, shown
from store.keyring import KeyState
from store.opened import Store
from store.personal import RECIPIENT
from store.schema import drops


@dataclass(frozen=True)
class Handed:
    """
    The drops for a person, newest first, and what cannot be found any more.

    `erased_months` are those whose names are erased, like `2026-11`; `forgotten` is how many other drops name no
    recipient, because they were asked to be forgotten.
    """

    drops: Sequence[Drop]
    erased_months: Sequence[str]
    forgotten: int


async def to(store: Store, person: str) -> Handed:
    """By a Slack user id or an e-mail address, with regard to no capitals.  Raises KeyUnreadableError."""
    states = store.months.states()
    erased = [month for month, state in states.items() if state is KeyState.ERASED]
    query = shown().where(pseudonyms.is_of(store, drops.c.recipient, RECIPIENT, person))
    nameless = select(func.count()).select_from(drops).where(drops.c.recipient.is_(None), drops.c.month.not_in(erased))
    async with store.db.read() as tx:
        rows = (await tx.execute(query.order_by(drops.c.created_at.desc(), drops.c.id.desc()))).all()
        forgotten = (await tx.execute(nameless)).scalar_one()
    return Handed([Drop.of_row(store.months, row) for row in rows], erased, forgotten)
