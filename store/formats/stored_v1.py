"""Stored form v1: what the server keeps of a drop so that erasing one 32-byte drop key ends all of it.

The verifier of the auth token and the wrapping of the envelope both hang on the drop key, which lives
outside the database: a copy of the database, however old, then neither opens an envelope nor tests a
passphrase. The verifier of the link proof hangs on the pepper and outlives the drop, so that a holder can be
told its end.
"""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.formats import hkdf
from store.formats.errors import DamagedEnvelopeError, MalformedError

NONCE_BYTES = 12
_TAG_BYTES = 16


def link_proof_verifier(pepper: bytes, drop_id: bytes, link_proof: bytes) -> bytes:
    """V1, 32 bytes: says whether somebody holds the link. Compare it in constant time."""
    return hmac.digest(pepper, b"lp" + drop_id + link_proof, "sha256")


def auth_token_verifier(drop_key: bytes, drop_id: bytes, auth_token: bytes) -> bytes:
    """V2, 32 bytes: says whether somebody knows link key and passphrase. Compare it in constant time."""
    return hmac.digest(hkdf.expand(drop_key, b"verify" + drop_id, 32), auth_token, "sha256")


def wrap(drop_key: bytes, drop_id: bytes, nonce: bytes, envelope: bytes) -> bytes:
    """The envelope as it is stored: nonce, ciphertext, tag. `nonce` is 12 fresh random bytes."""
    if len(nonce) != NONCE_BYTES:
        raise MalformedError("a nonce has 12 bytes")
    return nonce + AESGCM(_wrapping_key(drop_key, drop_id)).encrypt(nonce, envelope, drop_id)


def unwrap(drop_key: bytes, drop_id: bytes, wrapped: bytes) -> bytes:
    """The envelope that `wrap` was given. Raises DamagedEnvelopeError if key, id or bytes differ."""
    if len(wrapped) < NONCE_BYTES + _TAG_BYTES:
        raise DamagedEnvelopeError(0, "the stored bytes are too short")
    nonce, sealed = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
    try:
        return AESGCM(_wrapping_key(drop_key, drop_id)).decrypt(nonce, sealed, drop_id)
    except InvalidTag as error:
        raise DamagedEnvelopeError(0, "the stored bytes do not unwrap") from error


def _wrapping_key(drop_key: bytes, drop_id: bytes) -> bytes:
    return hkdf.expand(drop_key, b"wrap" + drop_id, 32)
