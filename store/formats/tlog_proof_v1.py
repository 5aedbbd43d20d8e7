"""
One leaf's way into the log, as one text that needs nobody's server to be checked (C2SP tlog-proof@v1).

    c2sp.org/tlog-proof@v1
    index {number of the leaf}
    {one hash of the inclusion proof, base64}
    ...
    (an empty line)
    {the checkpoint, with its signature}
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from store.formats import checkpoint_v1, merkle_v1
from store.formats.checkpoint_v1 import Checkpoint, LogKey
from store.formats.errors import MalformedError
from store.formats.merkle_v1 import HASH_BYTES

FIRST_LINE: Final = "c2sp.org/tlog-proof@v1"
MOST_HASHES: Final = 63
_MOST_CHARACTERS: Final = 64 * 1024
_INDEX: Final = re.compile(r"index (0|[1-9][0-9]{0,18})", re.ASCII)


@dataclass(frozen=True)
class Proof:
    """What a proof says before it is verified: the leaf's number, the hashes, the checkpoint's note."""

    index: int
    hashes: tuple[bytes, ...]
    note: str


def encode(index: int, hashes: Sequence[bytes], note: str) -> str:
    """The text of a proof."""
    lines = [FIRST_LINE, f"index {index}", *(base64.b64encode(one).decode() for one in hashes)]
    return "\n".join(lines) + "\n\n" + note


def parse(text: str) -> Proof:
    """Read a proof, believing nothing of it.  An `extra` line is refused: we write none.  Raises MalformedError."""
    if len(text) > _MOST_CHARACTERS:
        raise MalformedError("the proof is too long")
    head, empty, note = text.partition("\n\n")
    first, *lines = head.split("\n")
    if not empty or first != FIRST_LINE or not lines:
        raise MalformedError("the text is no tlog-proof@v1")
    found = _INDEX.fullmatch(lines[0])
    if found is None or len(lines) - 1 > MOST_HASHES:
        raise MalformedError("the index or the number of hashes of the proof is malformed")
    hashes = tuple(checkpoint_v1.decode_base64(line, HASH_BYTES) for line in lines[1:])
    return Proof(int(found[1]), hashes, note)


def verify(leaf: bytes, text: str, key: LogKey) -> tuple[int, Checkpoint]:
    """
    That this leaf is in the log of this key: its number there, and the checkpoint that says so.

    Raises MalformedError for what is no proof, and UnprovenError with what failed.
    """
    proof = parse(text)
    checkpoint = checkpoint_v1.verify(proof.note, key)
    merkle_v1.verify_inclusion(proof.index, checkpoint.size, merkle_v1.leaf_hash(leaf), proof.hashes, checkpoint.root)
    return proof.index, checkpoint
