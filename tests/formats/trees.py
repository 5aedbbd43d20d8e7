"""Trees for tests: leaves that differ, their hashes, and a log's key."""

from functools import cache

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from store.formats import checkpoint_v1, merkle_v1, tlog_proof_v1
from store.formats.checkpoint_v1 import Checkpoint, LogKey
from store.formats.merkle_v1 import Complete

ORIGIN = "drops.example.com/audit"
PRIVATE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY = LogKey(ORIGIN, PRIVATE.public_key().public_bytes_raw())


def leaf(index: int) -> bytes:
    """Leaf number `index` of every tree here."""
    return f"leaf {index}".encode()


@cache
def tree(size: int = 600) -> Complete:
    """The complete subtrees of a tree that has at least `size` leaves."""
    return merkle_v1.over([merkle_v1.leaf_hash(leaf(index)) for index in range(size)])


def inclusion(index: int, size: int, complete: Complete) -> list[bytes]:
    """The hashes of an inclusion proof."""
    return [merkle_v1.range_hash(leaves, complete) for leaves in merkle_v1.inclusion_ranges(index, size)]


def consistency(old: int, new: int, complete: Complete) -> list[bytes]:
    """The hashes of a consistency proof."""
    return [merkle_v1.range_hash(leaves, complete) for leaves in merkle_v1.consistency_ranges(old, new)]


def note(size: int, complete: Complete) -> str:
    """A signed checkpoint of such a tree."""
    return checkpoint_v1.sign(Checkpoint(ORIGIN, size, merkle_v1.root(size, complete)), PRIVATE)


def proof(index: int, size: int, complete: Complete) -> str:
    """A whole proof of one leaf."""
    return tlog_proof_v1.encode(index, inclusion(index, size, complete), note(size, complete))
