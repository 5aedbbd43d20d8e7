"""
Proofs of many leaves under one checkpoint: each tile is read once while it is needed, and hashed once.

One query and three times 255 hashes a proof, as for a single one, would take hours for the events of a large quarter.
"""

from collections import OrderedDict
from collections.abc import Iterable

from store.database import Database
from store.evidence import in_database
from store.formats import merkle_v1, tiles_v1, tlog_proof_v1
from store.formats.errors import MalformedError
from store.formats.merkle_v1 import Complete
from store.formats.tiles_v1 import HEIGHT

_MOST_TILES = 512
_AT_ONCE = 200


class Proofs:
    """Proofs for leaves of one log under the checkpoint `note` of `size` leaves."""

    def __init__(self, db: Database, log: int, size: int, note: str) -> None:
        self._db, self._log, self._size, self._note = db, log, size, note
        self._tiles: OrderedDict[tuple[int, int], Complete] = OrderedDict()

    async def prepare(self, leaves: Iterable[int]) -> None:
        """Read the tiles that the proofs of these leaves need; others may be forgotten."""
        needed = {
            tiles_v1.holding(*piece)
            for leaf in leaves
            for hashes in merkle_v1.inclusion_ranges(leaf, self._size)
            for piece in merkle_v1.complete_ranges(hashes)
        }
        for place in needed & self._tiles.keys():
            self._tiles.move_to_end(place)
        missing = sorted(needed - self._tiles.keys())
        for at in range(0, len(missing), _AT_ONCE):
            found = await in_database.tiles(self._db, self._log, missing[at : at + _AT_ONCE])
            self._tiles |= {place: merkle_v1.over(tiles_v1.split(tile)) for place, tile in found.items()}
        while len(self._tiles) > max(_MOST_TILES, len(needed)):
            self._tiles.popitem(last=False)

    def of(self, leaf: int) -> str:
        """The tlog-proof of a leaf that was prepared.  Raises MalformedError where a tile is missing or short."""
        ranges = merkle_v1.inclusion_ranges(leaf, self._size)
        hashes = [merkle_v1.range_hash(one, self._complete) for one in ranges]
        return tlog_proof_v1.encode(leaf, hashes, self._note)

    def _complete(self, height: int, n: int) -> bytes:
        level, n_of_tile = tiles_v1.holding(height, n)
        above = height - level * HEIGHT
        try:
            return self._tiles[level, n_of_tile](above, n - (n_of_tile << (HEIGHT - above)))
        except (KeyError, IndexError):
            raise MalformedError("a tile is missing or short") from None
