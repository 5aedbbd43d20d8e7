"""
Escrow v1 of a record: its data key once more, for a rotation that nobody types the value for.

    escrow = 01 ‖ outer
    inner  = nonce[12] ‖ AES-256-GCM(HKDF-Expand(master, L(i), 32), nonce, data_key, aad(i)),  i = "escrow"
    outer  = nonce[12] ‖ AES-256-GCM(HKDF-Expand(ring_key, L(o), 32), nonce, inner, aad(o)),   o = "escrow-keyring"
    L(x)   = "sendsecret/record/v1/" x 00 id,  aad(x) = L(x) ‖ version[4, big-endian] ‖ n[4, big-endian]

`master` is the master key number n, which the bot and the command line can read and the web program cannot; `ring_key`
is the keyring's, and the layers are those of `record_v1`.  Both are needed: erasing the keyring's ends every copy of an
escrow in backups, too, and whoever has a master key alone, or has only taken over the web program, opens none.
"""

from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag

from store.formats import record_v1
from store.formats.errors import MalformedError
from store.formats.record_v1 import KEY_BYTES, NONCE_BYTES

_FIRST: Final = b"\x01"
_INNER: Final = "escrow"
_OUTER: Final = "escrow-keyring"


@dataclass(frozen=True, slots=True)
class Place:
    """What an escrow belongs to, and opens nowhere else: a record, its version, the number of the master key."""

    record_id: bytes
    version: int
    number: int

    def wrap(self, which: str, key: bytes, nonce: bytes, plain: bytes) -> bytes:
        """One layer, bound to all three."""
        return record_v1.wrap(key, which, self.record_id, self.version, nonce, plain, self._bound)

    def unwrap(self, which: str, key: bytes, wrapped: bytes) -> bytes:
        """What is in it.  Raises InvalidTag, ValueError or OverflowError for anything else."""
        return record_v1.unwrap(key, which, self.record_id, self.version, wrapped, self._bound)

    @property
    def _bound(self) -> bytes:
        return self.number.to_bytes(4, "big")


def wrap(place: Place, master: bytes, ring_key: bytes, data_key: bytes, nonces: tuple[bytes, bytes]) -> bytes:
    """The bytes that are stored; `nonces` are random, 12 bytes each, the inner one first.  Raises MalformedError."""
    if {len(data_key), len(master), len(ring_key)} != {KEY_BYTES} or {len(one) for one in nonces} != {NONCE_BYTES}:
        raise MalformedError("a key has 32 bytes and a nonce 12")
    inner, outer = nonces
    return _FIRST + place.wrap(_OUTER, ring_key, outer, place.wrap(_INNER, master, inner, data_key))


def unwrap(place: Place, master: bytes, ring_key: bytes, escrow: bytes) -> bytes:
    """The data key that `wrap` was given.  Raises MalformedError if a key, the place or the bytes differ."""
    if escrow[:1] != _FIRST:
        raise MalformedError("the escrow is of another version")
    try:
        return place.unwrap(_INNER, master, place.unwrap(_OUTER, ring_key, escrow[1:]))
    except (InvalidTag, ValueError, OverflowError) as error:
        raise MalformedError("the escrow does not open with these keys") from error
