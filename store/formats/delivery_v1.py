"""
Delivery v1: a finished link, sealed to the bot by whoever sealed its drop elsewhere.

HPKE, base mode (RFC 9180: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM), one message a key; info is
`"sendsecret/v1/delivery" 00 id`, no associated data.  The bytes are `enc[65] ‖ ciphertext ‖ tag[16]`.  The id stands in
`info`, so that what was sealed for one drop opens for no other.
"""

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from store.formats.errors import MalformedError
from store.formats.link_v1 import ID_BYTES

PUBLIC_BYTES: Final = 65
PRIVATE_BYTES: Final = 32
MOST_LINK_BYTES: Final = 1024
_OVERHEAD: Final = PUBLIC_BYTES + 16
_BEHIND_PUBLIC_URL: Final = len("/s/") + 22 + len("#") + 51
_SUITE: Final = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_LABEL: Final = b"sendsecret/v1/delivery\x00"


def seal(public: bytes, drop_id: bytes, link: str) -> bytes:
    """Seal a link's text to the bot's key, a point of 65 bytes.  Raises MalformedError for what is no such key."""
    plain = link.encode()
    if not 0 < len(plain) <= MOST_LINK_BYTES:
        raise MalformedError(f"a link has 1 to {MOST_LINK_BYTES} bytes")
    return _SUITE.encrypt(plain, _public(public), _info(drop_id))


def unseal(private: bytes, drop_id: bytes, sealed: bytes) -> str:
    """
    The text that was sealed.  `private` is the key's 32-byte number, big-endian.

    Raises MalformedError for another key, another drop and for bytes that were changed, cut or are no text.  What opens
    is the text of somebody whom nobody has checked: it may be anything.
    """
    if not _OVERHEAD < len(sealed) <= _OVERHEAD + MOST_LINK_BYTES:
        raise MalformedError("a sealed link has another size")
    try:
        return _SUITE.decrypt(sealed, _private(private), _info(drop_id)).decode()
    except (InvalidTag, ValueError):
        raise MalformedError("sealed to another key, or for another drop, or damaged") from None


def sealed_bytes(public_url: str) -> int:
    """How many bytes a sealed link of this server has: its links are all of one length."""
    return _OVERHEAD + len(public_url.rstrip("/").encode()) + _BEHIND_PUBLIC_URL


def public_of(private: bytes) -> bytes:
    """The public half: the uncompressed point.  Raises MalformedError for what is no private key."""
    return _private(private).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _info(drop_id: bytes) -> bytes:
    if len(drop_id) != ID_BYTES:
        raise MalformedError("an id has 16 bytes")
    return _LABEL + drop_id


def _public(point: bytes) -> ec.EllipticCurvePublicKey:
    if len(point) != PUBLIC_BYTES:  # the compressed spelling of a point is another one
        raise MalformedError("a delivery key's public half has 65 bytes")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise MalformedError("not a point of P-256") from None


def _private(number: bytes) -> ec.EllipticCurvePrivateKey:
    if len(number) != PRIVATE_BYTES:
        raise MalformedError("a delivery key's private half has 32 bytes")
    try:
        return ec.derive_private_key(int.from_bytes(number), ec.SECP256R1())
    except ValueError:
        raise MalformedError("not a private key of P-256") from None
