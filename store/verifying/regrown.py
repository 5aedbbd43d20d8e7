"""
A tree grown again from its leaves, with a root at every size and every tile as it fills.

Written apart from `log.edge`, which grew the one that is checked: a mistake there must not be repeated here.
"""

from store.formats.merkle_v1 import EMPTY_ROOT, node_hash
from store.formats.tiles_v1 import FULL, HEIGHT


class Regrown:
    """`filled` has the tiles that filled since it was last emptied, by (level, n)."""

    def __init__(self) -> None:
        self.size = 0
        self.filled: dict[tuple[int, int], bytes] = {}
        self._subtrees: list[tuple[int, bytes]] = []  # complete ones, (height, hash), the highest first
        self._begun: dict[int, tuple[int, list[bytes]]] = {}

    def append(self, leaf: bytes) -> None:
        """Grow by one leaf, given its hash."""
        self.size += 1
        height, node = 0, leaf
        self._keep(0, node)
        while self._subtrees and self._subtrees[-1][0] == height:
            node = node_hash(self._subtrees.pop()[1], node)
            height += 1
            if height % HEIGHT == 0:
                self._keep(height // HEIGHT, node)
        self._subtrees.append((height, node))

    @property
    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._subtrees:
            return EMPTY_ROOT
        *left, (_, node) = self._subtrees
        for _, other in reversed(left):
            node = node_hash(other, node)
        return node

    @property
    def begun(self) -> dict[tuple[int, int], bytes]:
        """The tiles that are not full, by (level, n)."""
        return {(level, n): b"".join(hashes) for level, (n, hashes) in self._begun.items() if hashes}

    @property
    def numbers(self) -> dict[int, int]:
        """How many tiles each level has, begun ones included."""
        return {level: n + bool(hashes) for level, (n, hashes) in self._begun.items()}

    def _keep(self, level: int, node: bytes) -> None:
        n, hashes = self._begun.setdefault(level, (0, []))
        hashes.append(node)
        if len(hashes) == FULL:
            self.filled[level, n] = b"".join(hashes)
            self._begun[level] = (n + 1, [])
