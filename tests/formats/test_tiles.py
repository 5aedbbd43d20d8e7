"""Tiles: their paths, and that every hash of a tree can be had from them."""

import random
from collections.abc import Iterable

import pytest
from tlog_scales import tiles as scales
from tlog_scales.reader import TilesReader

from store.formats import merkle_v1, tiles_v1
from store.formats.errors import MalformedError
from store.formats.merkle_v1 import Complete
from store.formats.tiles_v1 import Tile
from tests.formats.trees import consistency, inclusion, leaf, tree


@pytest.mark.parametrize(
    ("tile", "path"),
    [
        (Tile(0, 0), "tile/0/000"),
        (Tile(1, 999), "tile/1/999"),
        (Tile(0, 1000), "tile/0/x001/000"),
        (Tile(0, 1234067), "tile/0/x001/x234/067"),
        (Tile(63, 5, 1), "tile/63/005.p/1"),
        (Tile(2, 1234067, 255), "tile/2/x001/x234/067.p/255"),
    ],
)
def test_paths(tile: Tile, path: str) -> None:
    """A tile has the one path of the specification, there and back, and tlog-scales agrees."""
    assert tile.path == path
    assert tiles_v1.parse_path(path) == tile
    partial = tile.width if tile.width < 256 else 0
    assert "/".join(scales.tile_path(tile.level, tile.n, partial)) == path


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0",
        "tile/00/000",
        "tile/64/000",
        "tile/0/000.p/0",
        "tile/0/000.p/256",
        "tile/0/000.p/01",
        "tile/0/x000/000",
        "tile/0/x001",
        "tile/0/001/000",
        "tile/0/000/",
        "/tile/0/000",
        "tile/0/000.p",
        "tile/-1/000",
        "tile/0/0000",
        "tile/entries/000",
        "tile/0/00\u0660",
        "tile/0/000%0a",
        "tile/0/../000",
    ],
)
def test_other_spellings_are_no_tiles(path: str) -> None:
    """Two spellings of one tile would be two entries in a cache."""
    with pytest.raises(MalformedError):
        tiles_v1.parse_path(path)


def test_no_such_tile() -> None:
    """Levels, numbers and widths have bounds."""
    for level, n, width in [(64, 0, 1), (-1, 0, 1), (0, -1, 1), (0, 0, 0), (0, 0, 257)]:
        with pytest.raises(MalformedError):
            Tile(level, n, width)


def test_every_hash_of_a_tree_is_in_its_tiles() -> None:
    """Root and proofs computed from tiles alone are those computed from the leaves."""
    size, complete = 66_000, tree(100_000)
    read = {}
    for level in range(3):
        for n in range((size >> (8 * level)) // 256 + 1):
            if wide := tiles_v1.width(level, n, size):
                read[level, n] = b"".join(complete(8 * level, n * 256 + at) for at in range(wide))
    from_tiles = tiles_v1.from_tiles(read)
    assert len(read) == 258 + 2 + 1
    assert merkle_v1.root(size, from_tiles) == merkle_v1.root(size, complete)
    for index in (0, 65_535, 65_999, 12_345):
        assert inclusion(index, size, from_tiles) == inclusion(index, size, complete)
    assert from_tiles(0, 77) == merkle_v1.leaf_hash(leaf(77))


class Folder:
    """A log's tiles as tlog-scales asks for them."""

    def __init__(self, size: int, complete: Complete) -> None:
        self._files = {}
        for level in range(3):
            for n in range((size >> (8 * level)) // 256 + 1):
                if wide := tiles_v1.width(level, n, size):
                    hashes = b"".join(complete(8 * level, n * 256 + at) for at in range(wide))
                    self._files[Tile(level, n, wide).path] = hashes

    def get(self, *path: str) -> bytes | None:
        return self._files.get("/".join(path))


@pytest.mark.parametrize("sizes", [range(1, 601), (65_535, 65_536, 65_537, 70_001)], ids=["to 600", "large"])
def test_others_compute_the_same_from_our_tiles(sizes: Iterable[int]) -> None:
    """Of every size tlog-scales has the same root and byte for byte the same proofs, out of tiles alone."""
    chosen, complete = random.Random(11), tree(100_000)  # noqa: S311 - the same leaves in every run
    for size in sizes:
        others = TilesReader(Folder(size, complete))
        others.set_size(size)
        index, old = chosen.randrange(size), chosen.randint(1, size)
        assert others.calculate_root_hash() == merkle_v1.root(size, complete)
        assert others.get_inclusion_proof(index, size).node_hashes == inclusion(index, size, complete)
        assert others.get_consistency_proof(old, size).node_hashes == consistency(old, size, complete)


def test_broken_tiles_are_refused() -> None:
    """A tile that is missing, short, long or cut within a hash gives no proof."""
    for read in ({}, {(0, 0): bytes(31)}, {(0, 0): bytes(32)}, {(0, 0): bytes(257 * 32)}):
        with pytest.raises(MalformedError):
            tiles_v1.from_tiles(read)(1, 0)
