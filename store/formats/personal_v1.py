"""
Personal v1: what says who a drop was from and for, as the database keeps it: under the key of its month.

`nonce[12] ‖ AES-256-GCM(HKDF-Expand(month_key, "sendsecret/personal/v1/" what, 32), nonce, plain, aad=whose)`.  The key
of a month lies in the keyring: once it is erased nobody can read these bytes any more, in no backup either.

People are found again by pseudonyms under the same key, so that these say nothing any more from then on, too.
"""

import hmac

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.formats import hkdf
from store.formats.errors import MalformedError

PSEUDONYM_BYTES = 16
NONCE_BYTES = 12
_LABEL = b"sendsecret/personal/v1/"


def seal(month_key: bytes, what: str, whose: bytes, plain: bytes, nonce: bytes) -> bytes:
    """`what` is the kind of thing, `whose` the one row that it belongs to; `nonce` is 12 fresh random bytes."""
    if len(nonce) != NONCE_BYTES:
        raise MalformedError("a nonce has 12 bytes")
    return nonce + AESGCM(_key(month_key, what)).encrypt(nonce, plain, whose)


def unseal(month_key: bytes, what: str, whose: bytes, sealed: bytes) -> bytes:
    """What `seal` was given.  Raises MalformedError if the key, its use, the row or the bytes are others."""
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return AESGCM(_key(month_key, what)).decrypt(nonce, rest, whose)
    except (InvalidTag, ValueError) as error:
        raise MalformedError("sealed under another key, or for another row, or damaged") from error


def pseudonym(month_key: bytes, role: str, person: str) -> bytes:
    """16 bytes that stand for a person in one role and month; two of them cannot be told to be of one person."""
    return hmac.digest(_key(month_key, role), person.encode(), "sha256")[:PSEUDONYM_BYTES]


def _key(month_key: bytes, what: str) -> bytes:
    return hkdf.expand(month_key, _LABEL + what.encode(), 32)
