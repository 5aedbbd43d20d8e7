"""
What a pack is made of, read out of the database a page at a time; nothing is written.

Leaves, tiles and checkpoints of a published log never change, so that pages read at different moments still are of one
state: that of the checkpoint which was chosen at the start.  No transaction lasts longer than a page, so that the
programs that run beside it are held up by nothing.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy import text as sql
from sqlalchemy.ext.asyncio import AsyncConnection

from store.database import Database
from store.errors import NoLogError, SeveralLogsError
from store.evidence.request import Request
from store.formats import base64url, checkpoint_v1
from store.log.standing import tiles_of
from store.months import Months
from store.personal import disclosure_of
from store.schema import (
    disclosures,
    events,
    log_anchoring,
    log_checkpoints,
    log_leaves,
    log_openings,
    log_pending,
    log_published,
    log_refused,
    signers,
)
from store.verifying.snapshot import still
from store.words import Event

PAGE: Final = 1000
_LOOKED_AT: Final = 10
_NAMES: Final = ("sender_name", "recipient_name", "reference")


@dataclass(frozen=True)
class Standing:
    """
    The log as far as a pack shows it: `note` is its checkpoint over `size` leaves, `at` when it was made (ms).

    `kept` are older checkpoints by name, `waiting` the events that are not under it, `refused` those that no log took.
    """

    log: int
    origin: str
    vkey: str
    size: int
    note: str
    at: int
    waiting: int
    refused: int
    kept: Mapping[str, str]


async def standing(db: Database, request: Request, wanted: int | None) -> Standing:
    """
    Where the log stands that was asked for, by its number, or the one with the drops of the period.

    Raises NoLogError where there is none, and SeveralLogsError where the drops are in several and none was named.
    """
    async with still(db) as tx:
        openings = (await tx.execute(select(log_openings).order_by(log_openings.c.log))).all()
        found = [one for one in openings if wanted is None or one.log == wanted]
        if not found:
            raise NoLogError("this installation has no such log. Nothing was made")
        if len(found) > 1:
            # Another log is opened when its key is rotated, or a backup restored; most periods lie within one.
            found = [one for one in openings if await _has_drops(tx, one.log, request)] or [openings[-1]]
        if len(found) > 1:
            named = ", ".join(f"{one.log} ({one.origin})" for one in found)
            raise SeveralLogsError(
                f"the drops of that period are in several logs: {named}. A pack shows one of them: name it with --log. "
                "Nothing was made"
            )
        [opening] = found
        checkpoints = select(log_checkpoints.c.size, log_checkpoints.c.note, log_checkpoints.c.at).where(
            log_checkpoints.c.log == opening.log
        )
        size = await tx.scalar(select(log_published.c.size).where(log_published.c.log == opening.log)) or 0
        last = await _whole(tx, opening.log, checkpoints.where(log_checkpoints.c.size <= size))
        if last is None:
            raise NoLogError("no checkpoint of the log was published so far. Nothing was made")
        size = last.size
        first = (await tx.execute(checkpoints.order_by(log_checkpoints.c.size).limit(1))).one()
        anchored = await tx.scalar(select(log_anchoring.c.note))
        kept = {"first": first.note}
        if anchored and anchored.split("\n")[0] == opening.origin and int(anchored.split("\n")[1]) <= size:
            kept["posted-outside"] = anchored
        beyond = select(func.count()).select_from(log_leaves).where(log_leaves.c.log == opening.log)
        waiting = await tx.scalar(select(func.count()).select_from(log_pending)) or 0
        return Standing(
            log=opening.log,
            origin=opening.origin,
            vkey=opening.vkey,
            size=size,
            note=last.note,
            at=last.at,
            waiting=waiting + (await tx.scalar(beyond.where(log_leaves.c.leaf_index >= size)) or 0),
            refused=await tx.scalar(select(func.count()).select_from(log_refused)) or 0,
            kept=kept,
        )


async def _has_drops(tx: AsyncConnection, log: int, request: Request) -> bool:
    created = (
        select(events.c.position)
        .join(log_leaves, log_leaves.c.position == events.c.position)
        .where(
            events.c.event == Event.CREATED,
            events.c.at >= request.begin * 1000,
            events.c.at < request.end * 1000,
            log_leaves.c.log == log,
        )
    )
    return (await tx.execute(created.limit(1))).first() is not None


async def _whole(tx: AsyncConnection, log: int, checkpoints: Select[Any]) -> Any:
    """The newest of these that does not part a destruction from its receipt: a large batch can end between the two."""
    for row in (await tx.execute(checkpoints.order_by(log_checkpoints.c.size.desc()).limit(_LOOKED_AT))).all():
        last = (
            select(events.c.event)
            .join(log_leaves, log_leaves.c.position == events.c.position)
            .where(log_leaves.c.log == log, log_leaves.c.leaf_index == row.size - 1)
        )
        if row.size and await tx.scalar(last) != Event.DESTROYED:
            return row
    return None


async def note_of(db: Database, log: int, size: int) -> str | None:
    """The checkpoint of this log and size, if it has one."""
    async with still(db) as tx:
        found: str | None = await tx.scalar(
            select(log_checkpoints.c.note).where(log_checkpoints.c.log == log, log_checkpoints.c.size == size)
        )
    return found


async def key_set(db: Database) -> dict[str, list[Any]]:
    """The public half of every key that signed events here, as a JWKS."""
    async with still(db) as tx:
        jwks = (await tx.execute(select(signers.c.jwk).order_by(signers.c.since, signers.c.kid))).scalars()
        return {"keys": [json.loads(jwk) for jwk in jwks]}


async def leaves(db: Database, log: int, size: int) -> AsyncIterator[list[bytes | None]]:
    """Every leaf below `size` in its order, in pages; None for one that is gone."""
    for begin in range(0, size, PAGE):
        end = min(begin + PAGE, size)
        of_page = (
            select(log_leaves.c.leaf_index, events.c.leaf)
            .join(events, events.c.position == log_leaves.c.position)
            .where(log_leaves.c.log == log, log_leaves.c.leaf_index >= begin, log_leaves.c.leaf_index < end)
        )
        async with still(db) as tx:
            found = {row.leaf_index: row.leaf for row in await tx.execute(of_page)}
        yield [found.get(index) for index in range(begin, end)]


async def events_of(tx: AsyncConnection, log: int, size: int, drops: Sequence[str]) -> list[tuple[int, bytes]]:
    """The events of these drops below `size`, each as its leaf number and its leaf, in their order."""
    ids = [base64url.decode(drop) for drop in drops]
    if tx.dialect.name == "postgresql":
        # A planner that does not know yet how large the tables are would go through them, for every hundred drops.
        await tx.execute(sql("SET LOCAL enable_seqscan = off"))
    of_drops = select(events.c.position, events.c.leaf).where(events.c.drop_id.in_(ids))
    leaves = {row.position: row.leaf for row in await tx.execute(of_drops)}
    found, positions = [], sorted(leaves)
    for at in range(0, len(positions), PAGE):
        # By position alone, for the same reason: it is unique, and the rest is asked here.
        numbered = select(log_leaves).where(log_leaves.c.position.in_(positions[at : at + PAGE]))
        rows = [row for row in await tx.execute(numbered) if row.log == log and row.leaf_index < size]
        found += [(row.leaf_index, leaves[row.position]) for row in rows]
    return sorted(found)


async def names_of(tx: AsyncConnection, months: Months, jtis: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """
    By drop, the disclosures of both people's names and of its reference that its creation committed to.

    `jtis` are those of creations.  Raises KeyUnreadableError.
    """
    of_drops = select(disclosures).where(
        disclosures.c.drop_id.in_([base64url.decode(drop) for drop in jtis.values()]),
        disclosures.c.name.in_(_NAMES),
    )
    found: dict[str, dict[str, str]] = {drop: {} for drop in jtis.values()}
    for row in await tx.execute(of_drops):
        text = disclosure_of(months, row) if row.jti in jtis else None
        if text is not None:
            found[jtis[row.jti]][row.name] = text
    return found


async def tiles(db: Database, log: int, places: Sequence[tuple[int, int]]) -> dict[tuple[int, int], bytes]:
    """The tiles that there are of these, by (level, n)."""
    async with still(db) as tx:
        return await tiles_of(tx, log, list(places))


def size_of(note: str) -> int:
    """The number of leaves that a checkpoint of our own speaks of."""
    return int(note.split("\n")[1])


def root_of(note: str) -> bytes:
    """The root that a checkpoint of our own speaks of."""
    return checkpoint_v1.decode_base64(note.split("\n")[2])
