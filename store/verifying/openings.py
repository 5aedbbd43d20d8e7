"""The logs of an installation: names, keys, first events, what each cites, and up to where each was let out."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.formats import checkpoint_v1, event_v1
from store.formats.checkpoint_v1 import Checkpoint, LogKey
from store.formats.errors import FormatError
from store.log.openings import Opening
from store.pages import one_by_one
from store.schema import (
    events,
    log_checkpoints,
    log_leaves,
    log_openings,
    log_pending,
    log_published,
    log_refused,
    log_tiles,
)
from store.verifying.findings import Findings
from store.verifying.trees import Grown
from store.words import Event

_TABLE: Final = "log_openings"
_UNFINISHED: Final = (
    "Nothing is lost: so it is for a moment at each step, and after a crash until the bot runs again and finishes it. "
    "If the same numbers are said again while it runs, its log says what keeps it from that"
)


async def all_of(tx: AsyncConnection) -> list[Opening]:
    """The logs, oldest first."""
    rows = await tx.execute(select(log_openings).order_by(log_openings.c.log))
    return [Opening(row.log, row.origin, row.vkey, row.position, row.cites) for row in rows]


def keys_of(openings: Sequence[Opening]) -> dict[str, LogKey]:
    """The keys of the logs by origin, of those that have one."""
    keys = {}
    for opening in openings:
        with suppress(FormatError, TypeError, AttributeError):
            keys[opening.origin] = checkpoint_v1.parse_key(opening.vkey)
    return keys


async def check(tx: AsyncConnection, openings: Sequence[Opening], findings: Findings) -> None:
    """Judge the rows of `log_openings` by the events that opened the logs."""
    keys = keys_of(openings)
    for opening in openings:
        key = keys.get(opening.origin)
        if key is None:
            findings.fail(_TABLE, f"{opening.origin}: its vkey is no key of a log")
        elif key.origin != opening.origin or checkpoint_v1.number_of(opening.origin) != opening.log:
            findings.fail(_TABLE, f"log {opening.log}: its origin is not that of its vkey, or of its number")
        for why in await _faults(tx, opening, keys):
            findings.fail(_TABLE, f"{opening.origin}: {why}")
    await _nameless(tx, openings, findings)


async def _faults(tx: AsyncConnection, opening: Opening, keys: dict[str, LogKey]) -> list[str]:
    row = (
        await tx.execute(
            select(events.c.event, events.c.leaf, log_leaves.c.log, log_leaves.c.leaf_index)
            .outerjoin(log_leaves, log_leaves.c.position == events.c.position)
            .where(events.c.position == opening.position)
        )
    ).one_or_none()
    if row is None or row.event != Event.LOG_OPENED:
        return [f"position {opening.position} is not the event that opened it: that event is gone, or another is named"]
    found = []
    if row.log is not None and (row.log, row.leaf_index) != (opening.log, 0):
        found.append("the event that opened it is not its first leaf")
    claims = event_v1.unverified(row.leaf)
    if (claims.get("log"), claims.get("key")) != (opening.origin, opening.vkey):
        found.append("the event that opened it names another log or another key")
    try:
        cited = None if opening.cites is None else _cited(opening.cites, keys)
    except FormatError as error:
        return [*found, f"the checkpoint that it cites does not hold: {error}"]
    if claims.get("previous") != cited:
        found.append("it cites another checkpoint than the event that opened it")
    return found


def _cited(note: str, keys: dict[str, LogKey]) -> dict[str, Any]:
    """As `log.opened` says it; the signature is checked where the database still knows that log's key."""
    origin, size, root = note.split("\n")[:3]
    if origin in keys:
        checkpoint_v1.verify(note, keys[origin])
    return {"log": origin, "size": int(size), "root": root}


async def _nameless(tx: AsyncConnection, openings: Sequence[Opening], findings: Findings) -> None:
    """Rows of logs that were never opened, or whose opening is gone."""
    known = [opening.log for opening in openings]
    for table in (log_leaves, log_tiles, log_checkpoints, log_published):
        for log in (await tx.execute(select(table.c.log).distinct().where(table.c.log.not_in(known)))).scalars():
            findings.fail(_TABLE, f"log {log} has no row here, and rows in {table.name}")
    opened = select(events.c.position).where(events.c.event == Event.LOG_OPENED, events.c.drop_id.is_(None))
    positions = {opening.position for opening in openings}
    for position in (await tx.execute(opened)).scalars():
        if position not in positions:
            findings.fail(_TABLE, f"the event at position {position} opened a log that has no row here")


async def published(
    tx: AsyncConnection,
    openings: Sequence[Opening],
    grown: dict[int, Grown],
    known: tuple[str, Checkpoint] | None,
    findings: Findings,
) -> None:
    """
    Judge `log_published`; `known` is what checkpoint.latest held before this snapshot was taken.

    The file comes before the row (DESIGN, section 9), so that one step of the newest log may be seen between the two.
    """
    table, unfinished = "log_published", False
    sizes = {row.log: row.size for row in await tx.execute(select(log_published))}
    for opening in openings:
        size, newest = sizes.get(opening.log, 0), grown[opening.log].newest_size
        if size > newest:
            findings.fail(
                table, f"{opening.origin}: {size} entries were let out, and the newest checkpoint has {newest}"
            )
        elif size:
            is_there = log_checkpoints.c.log == opening.log, log_checkpoints.c.size == size
            if await tx.scalar(select(log_checkpoints.c.size).where(*is_there)) is None:
                findings.fail("log_checkpoints", f"{opening.origin}, size {size}: it was let out, and is gone")
        if known is None or known[1].origin != opening.origin or size >= known[1].size:
            continue
        says = f"{opening.origin}: {size} entries are shown, and checkpoint.latest has {known[1].size}"
        # A log never grows before everything is shown: what is more than its last step behind is no crash's doing.
        is_behind = log_checkpoints.c.log == opening.log, log_checkpoints.c.size > size
        not_shown = (await tx.execute(select(log_checkpoints.c.note).where(*is_behind).limit(2))).scalars().all()
        if opening == openings[-1] and not_shown == [known[0]]:
            unfinished = True
            findings.warn(table, f"{says}: a step of the log is unfinished. {_UNFINISHED}")
        else:
            findings.fail(
                table, f"{says}. No crash leaves more than one step unfinished: the row was changed or deleted"
            )
    behind = "by more than an unfinished step less far than it was" if unfinished else "less far than it was"
    findings.close(table, f"no log is shown further than its checkpoints go, or {behind}")


async def owed(tx: AsyncConnection, waiting: int, findings: Findings) -> None:
    """Judge `log_pending` and `log_refused`: what they speak of must be there."""
    for table in (log_pending, log_refused):
        lost: ColumnElement[bool] = events.c.position.is_(None)
        orphans = select(table.c.position).outerjoin(events, events.c.position == table.c.position).where(lost)
        async for row in one_by_one(tx, orphans, table.c.position):
            findings.fail(table.name, f"position {row.position}: there is no such event")
    findings.close("log_pending", f"{waiting} events wait to be put into the log")
    findings.close("log_refused", "no event is refused without a reason")
