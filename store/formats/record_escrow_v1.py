"""
Escrow v1 of a record: its data key once more, for a rotation that nobody types the value for.

    escrow = 01 ‖ outer
    inner  = nonce[12] ‖ AES-256-GCM(HKDF-Expand(master, L(i), 32), nonce, data_key, aad(i)),  i = "escrow"
    outer  = nonce[12] ‖ AES-256-GCM(HKDF-Expand(ring_key, L(o), 32), nonce, inner, aad(o)),   o = "escrow-keyring"
    L(x)   = "sendsecret/record/v1/" x 00 id,  aad(x) = L(x) ‖ version[4, big-endian] ‖ n[4, big-endian]

`master` is the master key number n, which the bot and the command line can read and the web program cannot; `ring_key`
is the keyring's, as in `record_v1`.  Both are needed: erasing the keyring's ends every copy of an escrow in backups,
too, and whoever has a master key alone, or has only taken over the web program, opens none.
"""

from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.formats import hkdf
from store.formats.errors import MalformedError
from store.formats.record_v1 import KEY_BYTES, NONCE_BYTES

_FIRST: Final = b"\x01"
_LABEL: Final = b"sendsecret/record/v1/"
_INNER: Final = b"escrow"
_OUTER: Final = b"escrow-keyring"


@dataclass(frozen=True, slots=True)
class Place:
    """What an escrow belongs to, and opens nowhere else: a record, its version, the number of the master key."""

    record_id: bytes
    version: int
    number: int

    def label(self, which: bytes) -> bytes:
        """What a key is derived for."""
        return _LABEL + which + b"\x00" + self.record_id

    def aad(self, which: bytes) -> bytes:
        """What a layer is bound to."""
        return self.label(which) + self.version.to_bytes(4, "big") + self.number.to_bytes(4, "big")


def wrap(place: Place, master: bytes, ring_key: bytes, data_key: bytes, nonces: tuple[bytes, bytes]) -> bytes:
    """The bytes that are stored; `nonces` are random, 12 bytes each, the inner one first.  Raises MalformedError."""
    if {len(data_key), len(master), len(ring_key)} != {KEY_BYTES} or {len(one) for one in nonces} != {NONCE_BYTES}:
        raise MalformedError("a key has 32 bytes and a nonce 12")
    inner, outer = nonces
    wrapped = inner + _cipher(place, _INNER, master).encrypt(inner, data_key, place.aad(_INNER))
    return _FIRST + outer + _cipher(place, _OUTER, ring_key).encrypt(outer, wrapped, place.aad(_OUTER))


def unwrap(place: Place, master: bytes, ring_key: bytes, escrow: bytes) -> bytes:
    """The data key that `wrap` was given.  Raises MalformedError if a key, the place or the bytes differ."""
    if escrow[:1] != _FIRST:
        raise MalformedError("the escrow is of another version")
    try:
        return _opened(place, _INNER, master, _opened(place, _OUTER, ring_key, escrow[1:]))
    except (InvalidTag, ValueError, OverflowError) as error:
        raise MalformedError("the escrow does not open with these keys") from error


def _opened(place: Place, which: bytes, key: bytes, wrapped: bytes) -> bytes:
    nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
    return _cipher(place, which, key).decrypt(nonce, sealed, place.aad(which))


def _cipher(place: Place, which: bytes, key: bytes) -> AESGCM:
    return AESGCM(hkdf.expand(key, place.label(which), KEY_BYTES))
