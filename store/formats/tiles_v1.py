"""
Tiles: the tree's hashes in pieces that never change once they are full (C2SP tlog-tiles).

A full tile holds 256 hashes.  Tile (level, n) holds the complete subtrees of height 8 * level from number 256 * n on;
a partial tile is the beginning of a full one.  Only hashes stand in tiles, never leaves.
"""

import re
from dataclasses import dataclass
from typing import Final

from store.formats.errors import MalformedError
from store.formats.merkle_v1 import HASH_BYTES, Complete, over

HEIGHT: Final = 8
FULL: Final = 256
MOST_LEVEL: Final = 63
_PATH: Final = re.compile(
    r"tile/(?P<level>0|[1-9][0-9]?)/(?P<n>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?", re.ASCII
)


@dataclass(frozen=True, order=True)
class Tile:
    """Which tile: its level, its number in the level, how many hashes it holds (1 to 256)."""

    level: int
    n: int
    width: int = FULL

    def __post_init__(self) -> None:
        if not (0 <= self.level <= MOST_LEVEL and self.n >= 0 and 1 <= self.width <= FULL):
            raise MalformedError("no such tile")

    @property
    def path(self) -> str:
        """Under the log's prefix: `tile/0/x001/x234/067`, or `tile/1/000.p/5` for a partial one."""
        groups = []
        rest = self.n
        while True:
            rest, low = divmod(rest, 1000)
            groups.append(f"{low:03}")
            if not rest:
                break
        number = "/".join([*(f"x{group}" for group in groups[:0:-1]), groups[0]])
        return f"tile/{self.level}/{number}" + (f".p/{self.width}" if self.width < FULL else "")


def parse_path(path: str) -> Tile:
    """The tile of a path.  Raises MalformedError for every spelling but the one that `Tile.path` gives."""
    found = _PATH.fullmatch(path)
    if found is None:
        raise MalformedError("not a tile's path")
    number = int(found["n"].replace("x", "").replace("/", ""))
    tile = Tile(int(found["level"]), number, int(found["width"] or FULL))
    if tile.path != path:
        raise MalformedError("not the canonical path of a tile")
    return tile


def width(level: int, n: int, size: int) -> int:
    """How many hashes tile (level, n) holds in a tree of `size` leaves; 0 where there is no such tile yet."""
    return max(0, min(FULL, (size >> (HEIGHT * level)) - n * FULL))


def holding(height: int, n: int) -> tuple[int, int]:
    """The tile, (level, n), in which the complete subtree (height, n) is to be found."""
    level, above = divmod(height, HEIGHT)
    return level, ((n << above) // FULL)


def subtree(tile: bytes, height: int, n: int) -> bytes:
    """The hash of the complete subtree (height, n) out of the tile that holds it.  Raises MalformedError."""
    above = height % HEIGHT
    first = (n << above) % FULL
    if len(tile) < (first + (1 << above)) * HASH_BYTES:
        raise MalformedError("the tile is shorter than it must be")
    return over(split(tile)[first : first + (1 << above)])(above, 0)


def from_tiles(read: dict[tuple[int, int], bytes]) -> Complete:
    """The complete subtrees over tiles that were read, by (level, n).  Raises MalformedError for a missing one."""

    def complete(height: int, n: int) -> bytes:
        tile = read.get(holding(height, n))
        if tile is None:
            raise MalformedError("a tile is missing")
        return subtree(tile, height, n)

    return complete


def split(tile: bytes) -> list[bytes]:
    """A tile's hashes.  Raises MalformedError for a part of one, and for more than 256."""
    if len(tile) % HASH_BYTES or len(tile) > FULL * HASH_BYTES:
        raise MalformedError("a tile is up to 256 hashes of 32 bytes")
    return [tile[at : at + HASH_BYTES] for at in range(0, len(tile), HASH_BYTES)]
