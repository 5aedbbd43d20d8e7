"""
A log's tree, grown again from the events that its leaves name, and held against every tile and every checkpoint.

A second tree is grown from the hashes in the tiles: where the two part, the checkpoint that a key signed says which of
them was changed.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import Row, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from store.formats import checkpoint_v1
from store.formats.checkpoint_v1 import Checkpoint
from store.formats.errors import FormatError
from store.formats.merkle_v1 import HASH_BYTES, leaf_hash
from store.formats.tiles_v1 import FULL, Tile
from store.log.openings import Opening
from store.log.standing import tiles_of
from store.pages import one_by_one, pages
from store.schema import events, log_checkpoints, log_leaves, log_tiles
from store.verifying.findings import Findings
from store.verifying.regrown import Regrown


@dataclass
class Grown:
    """
    One log as its leaves give it.

    `roots` are those at the sizes that were asked for; `newest_size` is that of its last checkpoint that holds.
    """

    size: int = 0
    roots: dict[int, bytes] = field(default_factory=dict)
    newest_size: int = 0


async def check(tx: AsyncConnection, opening: Opening, wanted: set[int], grown: Grown, findings: Findings) -> None:
    """Judge the leaves, tiles and checkpoints of one log; roots at the sizes `wanted` go into `grown`."""
    of_events, of_tiles = Regrown(), Regrown()
    notes = _Notes(opening, one_by_one(tx, _checkpoints(opening.log), log_checkpoints.c.size), findings)
    async for page in pages(tx, _leaves(opening.log), log_leaves.c.leaf_index):
        tiles = await _tiles_under(tx, opening.log, page)
        parted: list[Row[Any]] = []
        for row in page:
            while of_events.size < row.leaf_index:
                if of_events.size + 1000 < row.leaf_index:
                    findings.fail("log_leaves", f"{opening.origin}: leaves up to {row.leaf_index} are gone")
                    return
                findings.fail("log_leaves", f"{opening.origin}: leaf {of_events.size} is gone")
                await _grow(of_events, of_tiles, None, tiles, grown, wanted, notes)
            if row.leaf_index != of_events.size:
                findings.fail("log_leaves", f"{_name(opening, row)}: there is no leaf of such a number")
                continue
            if row.leaf is None:
                findings.fail("log_leaves", f"{_name(opening, row)}: its event is gone from the table events")
            if not await _grow(of_events, of_tiles, row.leaf, tiles, grown, wanted, notes):
                parted.append(row)
        await _compare_tiles(tx, opening, of_tiles.filled, findings)
        of_events.filled, of_tiles.filled = {}, {}
        _blame(opening, parted, notes, findings)
    await _compare_tiles(tx, opening, of_tiles.begun, findings)
    await _surplus_tiles(tx, opening, of_events.numbers, findings)
    await notes.finish(of_events.size)


async def _grow(
    of_events: Regrown,
    of_tiles: Regrown,
    leaf: bytes | None,
    tiles: Mapping[tuple[int, int], bytes],
    grown: Grown,
    wanted: set[int],
    notes: "_Notes",
) -> bool:
    """One leaf more; False where its tile says something else than its event."""
    n, at = divmod(of_events.size, FULL)
    in_tile = tiles.get((0, n), b"")[at * HASH_BYTES : (at + 1) * HASH_BYTES]
    # What only one of the two has is believed for the other, so that the rest can still be judged.
    of_event = leaf_hash(leaf) if leaf is not None else in_tile or bytes(HASH_BYTES)
    of_tile = in_tile or of_event
    of_events.append(of_event)
    of_tiles.append(of_tile)
    grown.size = of_events.size
    if of_events.size in wanted:
        grown.roots[of_events.size] = of_events.root
    await notes.reached(of_events, of_tiles)
    grown.newest_size = notes.newest_size
    return of_event == of_tile


def _blame(opening: Opening, parted: Sequence[Row[Any]], notes: "_Notes", findings: Findings) -> None:
    """Events and tiles differ at these leaves: what was signed says which of the two was changed."""
    if notes.tiles_are_right is not False:
        for row in parted:
            tile = Tile(0, row.leaf_index // FULL).path
            why = f"the event is not the one whose hash stands in {tile}: it was changed, or put in another place"
            findings.fail("events", f"{_name(opening, row)}: {why}")
        return
    for n, count in sorted(Counter(row.leaf_index // FULL for row in parted).items()):
        name = f"{opening.origin}, {Tile(0, n).path}"
        findings.fail("log_tiles", f"{name}: it does not hold the hashes of {count} of the events that are its leaves")


class _Notes:
    """The checkpoints of a log, met one by one while its tree grows."""

    def __init__(self, opening: Opening, rows: AsyncIterator[Row[Any]], findings: Findings) -> None:
        self._opening = opening
        self._rows = rows
        self._findings = findings
        self._next: Row[Any] | None = None
        self._begun = False
        self.newest_size = 0
        self.tiles_are_right: bool | None = None

    async def reached(self, of_events: Regrown, of_tiles: Regrown) -> None:
        """The tree has one leaf more: judge the checkpoint of this size, if there is one."""
        if not self._begun:
            self._begun = True
            await self._step()
        while self._next is not None and self._next.size <= of_events.size:
            signed = self._signed(self._next)
            if signed is not None and self._next.size == of_events.size:
                self._judge(signed, of_events.root, of_tiles.root)
            await self._step()

    async def finish(self, size: int) -> None:
        """The tree has no more leaves."""
        if not self._begun:
            await self._step()
        while self._next is not None:
            self._fail(
                f"speaks of {self._next.size} leaves, and there are {size}: leaves were deleted, or it was put here"
            )
            await self._step()
        if size and self.newest_size != size:
            self._findings.fail(
                "log_checkpoints",
                f"{self._opening.origin} has {size} leaves and no checkpoint of that size: it was deleted, or leaves "
                "were put here",
            )

    def _judge(self, signed: Checkpoint, root: bytes, tiles_root: bytes) -> None:
        if self.tiles_are_right is None or root != tiles_root:
            self.tiles_are_right = signed.root == tiles_root or signed.root != root
        if signed.root == root:
            return
        because = (
            "the tiles give it, so that leaves or events were changed"
            if signed.root == tiles_root
            else "the tiles do not give it either"
        )
        self._fail(f"has another root than its leaves give; {because}")

    def _signed(self, row: Row[Any]) -> Checkpoint | None:
        try:
            signed = checkpoint_v1.verify(row.note, checkpoint_v1.parse_key(self._opening.vkey))
        except (FormatError, TypeError, AttributeError) as error:
            self._fail(str(error))
            return None
        if signed.size != row.size:
            self._fail(f"its note speaks of {signed.size} leaves")
            return None
        self.newest_size = row.size
        return signed

    def _fail(self, says: str) -> None:
        size = self._next.size if self._next is not None else 0
        self._findings.fail("log_checkpoints", f"{self._opening.origin}, size {size}: {says}")

    async def _step(self) -> None:
        self._next = await anext(self._rows, None)


async def _compare_tiles(
    tx: AsyncConnection, opening: Opening, expected: Mapping[tuple[int, int], bytes], findings: Findings
) -> None:
    places = sorted(expected)
    for at in range(0, len(places), 200):
        found = await tiles_of(tx, opening.log, places[at : at + 200])
        for place in places[at : at + 200]:
            name = f"{opening.origin}, {Tile(*place).path}"
            if place not in found:
                findings.fail("log_tiles", f"{name}: it is gone")
            elif found[place] != expected[place]:
                findings.fail("log_tiles", f"{name}: it does not hold the hashes that follow from the tiles under it")


async def _surplus_tiles(tx: AsyncConnection, opening: Opening, numbers: Mapping[int, int], findings: Findings) -> None:
    known = select(log_tiles.c.level, log_tiles.c.n).where(log_tiles.c.log == opening.log)
    async for row in one_by_one(tx, known, log_tiles.c.level, log_tiles.c.n):
        if not 0 <= row.n < numbers.get(row.level, 0):
            findings.fail("log_tiles", f"{opening.origin}, level {row.level} number {row.n}: the tree has no such tile")


async def _tiles_under(tx: AsyncConnection, log: int, page: Sequence[Row[Any]]) -> dict[tuple[int, int], bytes]:
    first, last = max(0, page[0].leaf_index - 1000) // FULL, page[-1].leaf_index // FULL
    return await tiles_of(tx, log, [(0, n) for n in range(first, last + 1)])


def _leaves(log: int) -> Any:
    return (
        select(log_leaves.c.leaf_index, log_leaves.c.position, events.c.leaf, events.c.event)
        .outerjoin(events, events.c.position == log_leaves.c.position)
        .where(log_leaves.c.log == log)
    )


def _checkpoints(log: int) -> Any:
    return select(log_checkpoints).where(log_checkpoints.c.log == log)


def _name(opening: Opening, row: Row[Any]) -> str:
    return f"{opening.origin}, leaf {row.leaf_index} (position {row.position}{f', {row.event}' if row.event else ''})"


async def counted(tx: AsyncConnection, findings: Findings) -> None:
    """Say how much held."""
    for table, what in ((log_leaves, "leaves without a gap"), (log_tiles, "tiles"), (log_checkpoints, "checkpoints")):
        number = await tx.scalar(select(func.count()).select_from(table)) or 0
        findings.close(table.name, f"{number} {what}{_SAY[table.name]}")


_SAY: Final = {
    "log_leaves": ", each naming an event that is there",
    "log_tiles": ", each as the leaves give it",
    "log_checkpoints": ", each signed by its log's key over the root that the leaves give",
}
