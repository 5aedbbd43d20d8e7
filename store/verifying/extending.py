"""
That one checkpoint's log begins with another's: nothing that stood in the older one was rewritten.

The hashes come from tiles, which nobody signs; they are believed as far as they lead to a root that somebody did.
"""

from collections.abc import Callable, Iterable

from store.formats import merkle_v1, tiles_v1
from store.formats.checkpoint_v1 import Checkpoint
from store.formats.errors import FormatError, UnprovenError
from store.formats.merkle_v1 import HASH_BYTES, Complete, Range
from store.formats.tiles_v1 import Tile

ReadTile = Callable[[Tile], bytes | None]


def require_tiles(present: Checkpoint, read: ReadTile) -> None:
    """That the tiles give the root of this checkpoint.  Raises UnprovenError, MalformedError."""
    complete = _complete(present.size, read, [(0, present.size)])
    if merkle_v1.root(present.size, complete) != present.root:
        raise UnprovenError("the tiles do not give the root of the checkpoint")


def require_extends(older: Checkpoint, present: Checkpoint, read: ReadTile) -> None:
    """
    That `present` begins with `older`.  Raises UnprovenError, and MalformedError for tiles that are missing or short.
    """
    if older.origin != present.origin:
        raise UnprovenError(
            f"it is of another log than {present.origin}: look in the first event of that log for the checkpoint that "
            "it cites"
        )
    if older.size > present.size:
        raise UnprovenError(f"the present log has only {present.size} entries, and this one {older.size}")
    if older.size in (0, present.size):
        expected = present.root if older.size else merkle_v1.EMPTY_ROOT
        if older.root != expected:
            raise UnprovenError("two roots were signed for one size: history was rewritten")
        return
    ranges = merkle_v1.consistency_ranges(older.size, present.size)
    complete = _complete(present.size, read, ranges)
    proof = [merkle_v1.range_hash(leaves, complete) for leaves in ranges]
    try:
        merkle_v1.verify_consistency(older.size, present.size, older.root, present.root, proof)
    except UnprovenError as error:
        raise UnprovenError(f"{str(error).removesuffix(_REWRITTEN)}{_REWRITTEN}") from None


_REWRITTEN = ": history was rewritten"


def _complete(size: int, read: ReadTile, ranges: Iterable[Range]) -> Complete:
    """The complete subtrees under these ranges of a tree of `size` leaves, each tile read once."""
    places = {tiles_v1.holding(*piece) for leaves in ranges for piece in merkle_v1.complete_ranges(leaves)}
    tiles = {}
    for level, n in places:
        wanted = Tile(level, n, tiles_v1.width(level, n, size))
        hashes = read(wanted)
        if hashes is None:
            raise FormatError(f"the tile {wanted.path} is missing")
        if len(hashes) != wanted.width * HASH_BYTES:
            raise FormatError(f"the tile {wanted.path} has a wrong length")
        tiles[level, n] = hashes
    return tiles_v1.from_tiles(tiles)
