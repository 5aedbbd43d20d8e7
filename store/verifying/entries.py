"""
Each transition of a drop is one entry: an event, numbered, in one place of the log, and told once to the security team.

Two writers that did not see each other, or a transaction that was cut in two, show here first.
"""

import json
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.formats import base64url
from store.pages import one_by_one
from store.schema import drops, events, log_leaves, log_pending, log_refused, notices
from store.words import Audience


async def faults(tx: AsyncConnection) -> AsyncIterator[str]:
    """In words, each with the drop's id, or the event's position."""
    async for position, places in _misplaced(tx):
        yield f"the event at position {position} is in {places} places of the log, and must be in one"
    told = _of_drops(tx, select(notices.c.drop_id, notices.c.id, notices.c.about).where(_TOLD), notices.c.id)
    next_told = await anext(told, None)
    numbers = {row.id: row.n async for row in one_by_one(tx, select(drops.c.id, drops.c.n), drops.c.id)}
    said = select(events.c.drop_id, events.c.n).where(events.c.drop_id.is_not(None))
    async for drop_id, rows in _of_drops(tx, said, events.c.n):
        name = f"drop {base64url.encode(drop_id)}"
        there = [row.n for row in rows]
        last = numbers.pop(drop_id, None)
        if last is None:
            yield f"{name} has events and no row"
        elif there != [*range(1, last + 1)]:
            yield f"{name} counts {last} events on its row, and has {len(there)}, or not numbered one by one"
        while next_told is not None and next_told[0] < drop_id:  # of something else than a drop: a record, a token
            next_told = await anext(told, None)
        about = next_told[1] if next_told is not None and next_told[0] == drop_id else []
        owed = sorted(_number(row) for row in about)
        if owed != there:
            yield f"{name} has {len(there)} events, and {len(owed)} notices to the security team, or of other ones"
    for drop_id in numbers:
        yield f"drop {base64url.encode(drop_id)} has a row and no event"


_TOLD = notices.c.audience == Audience.AUDIT


def _number(notice: Row[Any]) -> int:
    try:
        n = json.loads(notice.about)["n"]
    except (ValueError, KeyError, TypeError):
        return 0
    return n if isinstance(n, int) else 0


async def _misplaced(tx: AsyncConnection) -> AsyncIterator[tuple[int, int]]:
    in_log, waits, is_refused = (
        select(func.count()).where(one.c.position == events.c.position).scalar_subquery()
        for one in (log_leaves, log_pending, log_refused)
    )
    places = in_log + waits + is_refused
    async for row in one_by_one(tx, select(events.c.position, places.label("places")), events.c.position):
        if row.places != 1:
            yield row.position, row.places


async def _of_drops(tx: AsyncConnection, query: Any, key: Any) -> AsyncIterator[tuple[bytes, list[Row[Any]]]]:
    """Rows with a `drop_id`, together for each drop, in the order of their ids and then of `key`."""
    group: list[Row[Any]] = []
    async for row in one_by_one(tx, query, key.table.c.drop_id, key):
        if group and group[0].drop_id != row.drop_id:
            yield group[0].drop_id, group
            group = []
        group.append(row)
    if group:
        yield group[0].drop_id, group
