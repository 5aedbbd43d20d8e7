"""Envelope v1: `01 nonce[12] commit[32] AES-256-GCM(pad(payload), aad=header)`; opening steps 2 to 5.

AES-GCM alone lets a sender craft one ciphertext that opens to two texts under two keys. The commitment,
compared before anything is decrypted, rules that out.
"""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.formats.derivation_v1 import DropKeys
from store.formats.errors import DamagedEnvelopeError, MalformedError
from store.formats.payload_v1 import is_padded_size, pad, padded_size, unpad

VERSION_BYTE = b"\x01"
NONCE_BYTES = 12
_COMMIT_AT = 1 + NONCE_BYTES
_SEALED_AT = _COMMIT_AT + 32
_TAG_BYTES = 16
OVERHEAD = _SEALED_AT + _TAG_BYTES


def is_legal(envelope: bytes) -> bool:
    """Whether an envelope has the version byte and a size that sealing produces. All a server can tell."""
    return envelope[:1] == VERSION_BYTE and is_padded_size(len(envelope) - OVERHEAD)


def sealed_size(payload_length: int) -> int:
    """How many bytes the envelope of a payload has."""
    return OVERHEAD + padded_size(payload_length)


def seal(keys: DropKeys, header_text: str, payload: bytes, nonce: bytes) -> bytes:
    """The envelope. `nonce` is 12 fresh random bytes; `header_text` is bound verbatim, as UTF-8."""
    if len(nonce) != NONCE_BYTES:
        raise MalformedError("a nonce has 12 bytes")
    sealed = AESGCM(keys.enc_key).encrypt(nonce, pad(payload), header_text.encode("utf-8"))
    return VERSION_BYTE + nonce + keys.commit + sealed


def open_(keys: DropKeys, header_text: str, envelope: bytes) -> bytes:
    """The payload. Raises DamagedEnvelopeError with its step: 2 shape, 3 commit, 4 decryption, 5 padding."""
    if not is_legal(envelope):
        raise DamagedEnvelopeError(2, "unknown version or illegal size")
    if not hmac.compare_digest(envelope[_COMMIT_AT:_SEALED_AT], keys.commit):
        raise DamagedEnvelopeError(3, "made for other keys")
    nonce, sealed = envelope[1:_COMMIT_AT], envelope[_SEALED_AT:]
    try:
        padded = AESGCM(keys.enc_key).decrypt(nonce, sealed, header_text.encode("utf-8"))
    except InvalidTag:
        raise DamagedEnvelopeError(4, "changed after sealing") from None
    try:
        return unpad(padded)
    except MalformedError:
        raise DamagedEnvelopeError(5, "wrong padding") from None
