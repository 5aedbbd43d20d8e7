"""The right edge of the growing tree: one tile a level that is not full yet, and what appending leaves does to them."""

from collections.abc import Iterable, Mapping

from store.formats import merkle_v1, tiles_v1
from store.formats.errors import MalformedError
from store.formats.merkle_v1 import node_hash
from store.formats.tiles_v1 import FULL, HEIGHT, Tile


def open_tiles(size: int) -> list[Tile]:
    """The tiles that a tree of `size` leaves has begun and not filled, from the bottom."""
    tiles, level = [], 0
    while size >> (HEIGHT * level):
        n, width = divmod(size >> (HEIGHT * level), FULL)
        if width:
            tiles.append(Tile(level, n, width))
        level += 1
    return tiles


class Edge:
    """
    A tree of which only the edge is in memory.

    `tiles` are the hashes of `open_tiles(size)` by (level, n).  Raises MalformedError when one is missing or short.
    """

    def __init__(self, size: int, tiles: Mapping[tuple[int, int], bytes]) -> None:
        self.size = size
        self.changed: dict[tuple[int, int], bytes] = {}
        self._open: dict[int, list[bytes]] = {}
        for tile in open_tiles(size):
            hashes = tiles_v1.split(tiles.get((tile.level, tile.n), b""))
            # A tile may be longer than this size needs where its transaction was followed by another one.
            if len(hashes) < tile.width:
                raise MalformedError("a tile of the edge is missing or short")
            self._open[tile.level] = hashes[: tile.width]

    def append(self, leaf_hashes: Iterable[bytes]) -> None:
        """Grow by these leaves; `changed` then has every tile to keep."""
        touched = set()
        for leaf in leaf_hashes:
            self.size += 1
            level, carried = 0, leaf
            while True:
                hashes = self._open.setdefault(level, [])
                hashes.append(carried)
                touched.add(level)
                if len(hashes) < FULL:
                    break
                n = (self.size >> (HEIGHT * level)) // FULL - 1
                self.changed[level, n] = b"".join(hashes)
                carried = _root(hashes)
                self._open[level] = []
                level += 1
        for level in touched:
            if hashes := self._open[level]:
                self.changed[level, (self.size >> (HEIGHT * level)) // FULL] = b"".join(hashes)

    @property
    def root(self) -> bytes:
        """The root over all leaves."""
        tiles = {(tile.level, tile.n): b"".join(self._open[tile.level]) for tile in open_tiles(self.size)}
        return merkle_v1.root(self.size, tiles_v1.from_tiles(tiles))


def _root(hashes: list[bytes]) -> bytes:
    while len(hashes) > 1:
        hashes = [node_hash(hashes[at], hashes[at + 1]) for at in range(0, len(hashes), 2)]
    return hashes[0]
