"""
Stores of any size: some drops that lived by the product's own verbs, and their rows again as what was over before.

What lived is truly signed and stands in the log by the product's own sequencer.  The filler is rows alone: each drop of
it has its own ids, numbers and times, spread over the months before, but the signed bytes, the receipt and the names
of the one that it repeats.  It stands in a true log all the same: its leaves were hashed, its tiles and checkpoints
made and signed as ever; only nobody looked at the signatures.
"""

import random
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row, Table, select

from bench.bulk import Bulk
from bench.filling import drain, size
from store import claims, creation, deliveries, door, outbox, personal
from store.deliveries import Place
from store.door import Visitor
from store.log.batch import Batch
from store.log.sequencer import Sequencer
from store.log.standing import Standing
from store.months import month_of
from store.opened import Store
from store.personal import Personal
from store.schema import disclosures, drops, events, messages, notices, recurrences
from store.schema_of_watches import watches
from store.words import Watch
from tests.stores import Home, seal

SOMEBODY: Final = Visitor("198.51.100.0/24", "Firefox")
PIPELINE: Final = "UPIPELINE"
"""Whoever sent a tenth of everything."""
TEAM: Final = "TWORKSPACE"
_OTHERS: Final = 1000
_DAYS: Final = 360
_DAY_MS: Final = 86_400_000
_MOST_OF_ONE: Final = 90  # in ten minutes a person sends no more than a hundred
_ONE_OF: Final = 50
"""One drop of so many was looked at again by somebody who came too late."""
_ROWS_AT_ONCE: Final = 20_000
_HEADER: Final = seal().new.header
_OF_A_DROP: Final = (events, disclosures, notices, messages, watches)


@dataclass(frozen=True)
class Filled:
    """How many events were truly signed; of filler whole drops, and bare rows of drops; bytes that a whole one took."""

    signed: int
    whole: int
    bare: int
    bytes_a_drop: float
    bytes_a_row: float


class _Trusting(Sequencer):
    """Puts in whatever waits."""

    def _judged(self, found: Standing) -> Batch:
        return Batch(found.opening, found.size, found.batch, [])


async def fill(home: Home, web: Store, bot: Store, *, count: int, signed: int) -> Filled:
    """About `count` events in the log and as many drops that are over, of which `signed` events are no filler."""
    lived: list[bytes] = []
    true_events = 0
    while true_events < min(signed, count):
        lived.append(await live(web, bot, f"UMAYA{len(lived) // _MOST_OF_ONE}"))
        if len(lived) % 20 == 1:
            await settle_all(bot)
            true_events = await _counted(bot)
    await settle_all(bot)
    await drain(Sequencer(bot, home.signing))
    true_events = await _counted(bot)
    rows = [await _rows(bot, drop_id) for drop_id in lived[:20]]
    each = len(rows[0][events])
    whole = max(0, count - true_events) // each
    before = await size(home, bot)
    maker = _Maker(bot, rows)
    bulk = Bulk(bot)
    for at in range(0, whole, _ROWS_AT_ONCE):
        await bulk.add(maker.whole(range(whole)[at : at + _ROWS_AT_ONCE], whole))
    await drain(_Trusting(bot, home.signing, most_leaves=4000))
    await bulk.tidy()
    filled = await size(home, bot)
    bare = max(0, count - whole - len(lived))
    for at in range(0, bare, _ROWS_AT_ONCE):
        await bulk.add(maker.bare(range(bare)[at : at + _ROWS_AT_ONCE], bare))
    await bulk.tidy()
    at_last = await size(home, bot)
    return Filled(true_events, whole, bare, (filled - before) / max(whole, 1), (at_last - filled) / max(bare, 1))


async def live(web: Store, bot: Store, sender: str) -> bytes:
    """One drop's whole life, by the verbs; its id."""
    sealed = seal(sender_id=sender, lives_seconds=86_400, unviewed_after=14_400)
    await creation.create(bot, sealed.new)
    await deliveries.record_delivered(bot, sealed.new.id, Place("D1", "1.2"))
    await door.look(web, sealed.new.id, sealed.new.link_proof, SOMEBODY)
    presented = sealed.present()
    await claims.claim(web, presented, SOMEBODY)
    await claims.acknowledge(web, sealed.new.id, sealed.new.link_proof, presented.claim)
    return sealed.new.id


async def settle_all(bot: Store) -> None:
    """Tell everybody everything that is owed."""
    while notes := await outbox.lease(bot, most=200):
        for note in notes:
            await outbox.settle(bot, note)


async def _counted(store: Store) -> int:
    async with store.db.read() as tx:
        return len((await tx.execute(select(events.c.position))).all())


async def _rows(store: Store, drop_id: bytes) -> dict[Table, list[dict[str, Any]]]:
    async with store.db.read() as tx:
        found: dict[Table, Sequence[Row[Any]]] = {
            drops: (await tx.execute(select(drops).where(drops.c.id == drop_id))).all()
        }
        for table in _OF_A_DROP:
            found[table] = (await tx.execute(select(table).where(table.c.drop_id == drop_id))).all()
    return {table: [dict(row._mapping) for row in rows] for table, rows in found.items()}


class _Maker:
    """Rows of filler, oldest first."""

    def __init__(self, bot: Store, lived: list[dict[Table, list[dict[str, Any]]]]) -> None:
        self._months = bot.months
        self._lived = lived
        self._now = bot.clock.now_seconds() * 1000
        self._random = random.Random(1)  # noqa: S311 - the same people and times in every run
        self._names: dict[tuple[str, str, str], bytes] = {}

    def whole(self, numbers: Iterable[int], of: int) -> Iterator[tuple[Table, dict[str, Any]]]:
        """So many drops with everything that is kept of them."""
        for number in numbers:
            lived = self._random.choice(self._lived)
            drop = self._drop(lived, self._at(number, of))
            yield drops, drop
            earlier, drop_id, month = self._earlier(lived, drop), drop["id"], drop["month"]
            jtis = {row["jti"]: row["jti"][:3] + secrets.token_hex(16) for row in lived[events]}
            for row in lived[events]:
                yield (
                    events,
                    _own(row, {"drop_id": drop_id, "jti": jtis[row["jti"]], "at": row["at"] - earlier}, "position"),
                )
            for row in lived[disclosures]:
                own = {"digest": secrets.token_urlsafe(32), "jti": jtis[row["jti"]], "drop_id": drop_id, "month": month}
                yield disclosures, row | own
            for row in lived[notices]:
                times = {name: row[name] - earlier for name in ("created_at", "not_before", "done_at")}
                yield notices, _own(row, times | {"drop_id": drop_id}, "id")
            for row in lived[messages]:
                yield messages, row | {"drop_id": drop_id, "month": month}
            yield from self._told(lived, drop)

    def bare(self, numbers: Iterable[int], of: int) -> Iterator[tuple[Table, dict[str, Any]]]:
        """So many rows of drops, with what is told of them once, and without events."""
        for number in numbers:
            lived = self._random.choice(self._lived)
            drop = self._drop(lived, self._at(number, of))
            yield drops, drop
            yield from self._told(lived, drop)

    def _told(
        self, lived: dict[Table, list[dict[str, Any]]], drop: dict[str, Any]
    ) -> Iterator[tuple[Table, dict[str, Any]]]:
        earlier = self._earlier(lived, drop)
        for row in lived[watches]:
            at = row["at"] - earlier
            yield watches, row | {"drop_id": drop["id"], "at": at, "told_at": at, "done_at": None}
        if drop["rotated_at"] is not None:
            at = drop["rotated_at"]
            yield watches, {"drop_id": drop["id"], "what": Watch.ROTATE, "at": at, "told_at": at, "done_at": at}
        if self._random.randrange(_ONE_OF) == 0:
            what, at = "drop.second_consumer stage=door", drop["destroyed_at"]
            yield recurrences, {"drop_id": drop["id"], "what": what, "told_at": at, "count": 1}

    def _drop(self, lived: dict[Table, list[dict[str, Any]]], created_at: int) -> dict[str, Any]:
        (row,) = lived[drops]
        earlier = row["created_at"] - created_at
        month = month_of(created_at)
        number = self._random.randrange(_OTHERS)
        sender = PIPELINE if self._random.randrange(10) == 0 else f"U{number:04}"
        times = {name: row[name] - earlier for name, value in row.items() if name.endswith(("_at", "_until")) and value}
        drop_id = secrets.token_bytes(16)
        own = {
            "id": drop_id,
            "form": secrets.token_bytes(len(row["form"])),
            "month": month,
            "sender": self._name(month, personal.SENDER, sender),
            "recipient": self._name(month, personal.RECIPIENT, f"U{(number * 7) % _OTHERS:04}"),
            "rotated_at": times["destroyed_at"] if self._random.randrange(20) == 0 else None,
        }
        if sender == PIPELINE:  # the one of them whose list is read
            people = Personal(TEAM, sender, "UDANA", "Dana Petrov", None, _HEADER)
            times["personal"] = personal.seal(self._months.to_write(month), drop_id, people)
        return row | times | own

    def _name(self, month: str, role: str, person: str) -> bytes:
        known = (month, role, person)
        if known not in self._names:
            self._names[known] = personal.pseudonym(self._months.to_write(month), role, person)
        return self._names[known]

    def _at(self, number: int, of: int) -> int:
        """When the one of this number was created: between 362 and two days ago."""
        return self._now - 2 * _DAY_MS - _DAYS * _DAY_MS * (of - number) // of

    def _earlier(self, lived: dict[Table, list[dict[str, Any]]], drop: dict[str, Any]) -> int:
        before: int = lived[drops][0]["created_at"] - drop["created_at"]
        return before


def _own(row: dict[str, Any], own: dict[str, Any], serial: str) -> dict[str, Any]:
    """Without its number, which the database gives."""
    return {name: value for name, value in (row | own).items() if name != serial}
