"""
The Merkle tree of the log: RFC 6962, section 2.1, with SHA-256.

A tree of `size` leaves is known by its complete subtrees: `complete(height, n)` is the hash over the leaves from
n * 2^height on, 2^height of them.  They never change again, so that tiles can hold them.  Leaf and node hashes begin
with different bytes, so that no inner node can be shown as a leaf.
"""

import hashlib
import hmac
from collections.abc import Callable, Sequence
from typing import Final

from store.formats.errors import MalformedError, UnprovenError

HASH_BYTES: Final = 32
EMPTY_ROOT: Final = hashlib.sha256().digest()

Complete = Callable[[int, int], bytes]
Range = tuple[int, int]


def leaf_hash(leaf: bytes) -> bytes:
    """The hash of one leaf."""
    return hashlib.sha256(b"\x00" + leaf).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def over(hashes: Sequence[bytes]) -> Complete:
    """The complete subtrees over leaf hashes held in memory; each is computed once."""
    known: dict[tuple[int, int], bytes] = {}

    def complete(height: int, n: int) -> bytes:
        if height == 0:
            return hashes[n]
        if (height, n) not in known:
            known[height, n] = node_hash(complete(height - 1, 2 * n), complete(height - 1, 2 * n + 1))
        return known[height, n]

    return complete


def root(size: int, complete: Complete) -> bytes:
    """MTH, the hash over the first `size` leaves."""
    return range_hash((0, size), complete) if size else EMPTY_ROOT


def range_hash(leaves: Range, complete: Complete) -> bytes:
    """The hash over leaves [start, end) that a tree has as one node, whole or at its ragged edge."""
    pieces = complete_ranges(leaves)
    result = complete(*pieces.pop())
    while pieces:
        result = node_hash(complete(*pieces.pop()), result)
    return result


def complete_ranges(leaves: Range) -> list[tuple[int, int]]:
    """The complete subtrees, (height, n) from the left, that make up one node."""
    start, end = leaves
    pieces = []
    while start < end:
        height = (end - start).bit_length() - 1
        pieces.append((height, start >> height))
        start += 1 << height
    return pieces


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """PATH, section 2.1.1: the leaves under each hash of the proof, the one nearest to the leaf first."""
    if not 0 <= index < size:
        raise MalformedError("no such leaf in a tree of this size")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    return path[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """PROOF, section 2.1.2: the leaves under each hash of the proof that `old` leaves are the first of `new`."""
    if not 0 < old <= new:
        raise MalformedError("a tree extends only smaller ones that are not empty")
    start, end, path = 0, new, []
    while end != old:
        middle = start + _split(end - start)
        if old <= middle:
            path.append((middle, end))
            end = middle
        else:
            path.append((start, middle))
            start = middle
    if start:  # the old root itself is known to whoever asks
        path.append((start, end))
    return path[::-1]


def verify_inclusion(index: int, size: int, leaf: bytes, proof: Sequence[bytes], expected: bytes) -> None:
    """
    That the leaf of this hash is number `index` among `size` under the root `expected`.

    Raises MalformedError for a wrong shape and UnprovenError where the proof leads elsewhere.
    """
    _require_hashes(leaf, expected, *proof)
    ranges = inclusion_ranges(index, size)
    if len(proof) != len(ranges):
        raise UnprovenError("the inclusion proof has a wrong length")
    result = leaf
    for (start, _), other in zip(ranges, proof, strict=True):
        result = node_hash(result, other) if start > index else node_hash(other, result)
    if not hmac.compare_digest(result, expected):
        raise UnprovenError("the inclusion proof does not lead to the root")


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """
    That the tree of `new` leaves begins with that of `old`: nothing was rewritten in between.

    Raises MalformedError for a wrong shape and UnprovenError where the proof leads elsewhere.
    """
    _require_hashes(old_root, new_root, *proof)
    ranges = consistency_ranges(old, new)
    if len(proof) != len(ranges):
        raise UnprovenError("the consistency proof has a wrong length")
    rest = list(zip(ranges, proof, strict=True))
    # The innermost node holds the last leaves of the old tree; the old root itself where that is one node of the new.
    before = after = rest.pop(0)[1] if rest and rest[0][0][1] == old else old_root
    for (start, _), other in rest:
        if start < old:
            before, after = node_hash(other, before), node_hash(other, after)
        else:
            after = node_hash(after, other)
    if not hmac.compare_digest(before, old_root):
        raise UnprovenError("the consistency proof does not lead to the old root")
    if not hmac.compare_digest(after, new_root):
        raise UnprovenError("the consistency proof does not lead to the new root: history was rewritten")


def _split(leaves: int) -> int:
    """The largest power of two below `leaves`."""
    return 1 << ((leaves - 1).bit_length() - 1)


def _require_hashes(*hashes: bytes) -> None:
    if any(len(one) != HASH_BYTES for one in hashes):
        raise MalformedError("a hash has 32 bytes")
