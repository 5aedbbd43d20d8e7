"""
Record v1: what the server keeps of a record's value, so that it takes the record's key *and* a key of the keyring.

    stored = 01 ‖ outer ‖ box
    box    = nonce[12] ‖ AES-256-GCM(data_key, nonce, pad(value), aad("value"))
    inner  = nonce[12] ‖ AES-256-GCM(HKDF-Expand(secret, L("key"), 32), nonce, data_key, aad("key"))
    outer  = nonce[12] ‖ AES-256-GCM(HKDF-Expand(ring_key, L("keyring"), 32), nonce, inner, aad("keyring"))
    L(x)   = "sendsecret/record/v1/" x 00 id,  aad(x) = L(x) ‖ version[4, big-endian]

`secret` is that of the record's key, of which the server keeps a hash only, and `ring_key` lies in the keyring: erasing
it ends every copy of the value, in backups too.  `pad` is that of payloads, so that the size tells little.
"""

from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.formats import hkdf, payload_v1
from store.formats.errors import MalformedError
from store.formats.record_key_v1 import RecordKey

MOST_BYTES: Final = 64 * 1024
"""The longest value, in UTF-8."""
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
_TAG_BYTES: Final = 16
WRAPPED_KEY_BYTES: Final = NONCE_BYTES + KEY_BYTES + _TAG_BYTES
MOST_BOX_BYTES: Final = NONCE_BYTES + payload_v1.padded_size(MOST_BYTES) + _TAG_BYTES
_FIRST: Final = b"\x01"
_OUTER_BYTES: Final = KEY_BYTES + 2 * (NONCE_BYTES + _TAG_BYTES)
_LABEL: Final = b"sendsecret/record/v1/"


@dataclass(frozen=True, slots=True)
class Chance:
    """What is random in one sealing: the data key, and a nonce for each of the three layers."""

    data_key: bytes = field(repr=False)
    box: bytes
    inner: bytes
    outer: bytes

    def __post_init__(self) -> None:
        if len(self.data_key) != KEY_BYTES or {len(self.box), len(self.inner), len(self.outer)} != {NONCE_BYTES}:
            raise MalformedError("a data key has 32 bytes and a nonce 12")


def encoded(value: str) -> bytes:
    """A value in UTF-8.  Raises MalformedError for one that is too long, or holds half of a character."""
    try:
        raw = value.encode()
    except UnicodeEncodeError:
        raise MalformedError("half of a character cannot be sealed") from None
    if len(raw) > MOST_BYTES:
        raise MalformedError("the value is too long")
    return raw


@dataclass(frozen=True, slots=True)
class Inside:
    """What whoever seals makes, without the keyring: `inner` and `box`."""

    wrapped_key: bytes = field(repr=False)
    box: bytes = field(repr=False)

    def __post_init__(self) -> None:
        is_padded = payload_v1.is_padded_size(len(self.box) - NONCE_BYTES - _TAG_BYTES)
        if len(self.wrapped_key) != WRAPPED_KEY_BYTES or not is_padded or len(self.box) > MOST_BOX_BYTES:
            raise MalformedError("this is no sealed value")


def inside(key: RecordKey, version: int, value: str, chance: Chance) -> Inside:
    """
    A value sealed with the record's key alone.  `version` counts from 1 and grows with each rotation.

    Raises MalformedError, as `encoded`.
    """
    box = boxed(key.id, version, value, chance)
    return Inside(wrap(key.secret, "key", key.id, version, chance.inner, chance.data_key), box)


def stored(record_id: bytes, ring_key: bytes, version: int, sealed: Inside, nonce: bytes) -> bytes:
    """The bytes that are stored: what was sealed, with the keyring's layer around it."""
    return _FIRST + wrap(ring_key, "keyring", record_id, version, nonce, sealed.wrapped_key) + sealed.box


def seal(key: RecordKey, ring_key: bytes, version: int, value: str, chance: Chance) -> bytes:
    """Both at once.  Raises MalformedError, as `encoded`."""
    return stored(key.id, ring_key, version, inside(key, version, value, chance), chance.outer)


def unseal(key: RecordKey, ring_key: bytes, version: int, stored: bytes) -> str:
    """The value that `seal` was given.  Raises MalformedError if a key, the id, the version or the bytes differ."""
    outer, box = stored[1 : 1 + _OUTER_BYTES], box_of(stored)
    try:
        inner = unwrap(ring_key, "keyring", key.id, version, outer)
        data_key = unwrap(key.secret, "key", key.id, version, inner)
    except (InvalidTag, ValueError) as error:
        raise MalformedError("the record does not open with these keys") from error
    return unboxed(key.id, version, data_key, box)


def boxed(record_id: bytes, version: int, value: str, chance: Chance) -> bytes:
    """The value under the data key.  Raises MalformedError, as `encoded`."""
    padded = payload_v1.pad(encoded(value))
    return chance.box + AESGCM(chance.data_key).encrypt(chance.box, padded, _aad("value", record_id, version))


def unboxed(record_id: bytes, version: int, data_key: bytes, box: bytes) -> str:
    """The value, for whoever has its data key.  Raises MalformedError for another one, or other bytes."""
    nonce, sealed = box[:NONCE_BYTES], box[NONCE_BYTES:]
    try:
        return payload_v1.unpad(AESGCM(data_key).decrypt(nonce, sealed, _aad("value", record_id, version))).decode()
    except (InvalidTag, ValueError) as error:
        raise MalformedError("the value does not open with this key") from error


def box_of(stored: bytes) -> bytes:
    """The box in what is stored.  Raises MalformedError."""
    if stored[:1] != _FIRST:
        raise MalformedError("the record is of another version")
    return stored[1 + _OUTER_BYTES :]


def wrap(
    key: bytes, which: str, record_id: bytes, version: int, nonce: bytes, plain: bytes, bound: bytes = b""
) -> bytes:
    """One layer around a key; `bound` is what else it is bound to."""
    return nonce + AESGCM(_key(key, which, record_id)).encrypt(nonce, plain, _aad(which, record_id, version) + bound)


def unwrap(key: bytes, which: str, record_id: bytes, version: int, wrapped: bytes, bound: bytes = b"") -> bytes:
    """What is in it.  Raises InvalidTag, or ValueError, for anything else."""
    nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
    return AESGCM(_key(key, which, record_id)).decrypt(nonce, sealed, _aad(which, record_id, version) + bound)


def _key(key: bytes, which: str, record_id: bytes) -> bytes:
    return hkdf.expand(key, label(which, record_id), KEY_BYTES)


def label(which: str, record_id: bytes) -> bytes:
    """L(which)."""
    return _LABEL + which.encode() + b"\x00" + record_id


def _aad(which: str, record_id: bytes, version: int) -> bytes:
    return label(which, record_id) + version.to_bytes(4, "big")
