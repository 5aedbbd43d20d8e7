"""
A compact EdDSA JWS, read without forgiveness: every leaf of the log has exactly one spelling.

The key is the reader's own.  Nothing in the data can bring one: a header has the three members that we write and no
others, so that `jwk`, `x5c`, `crit` or another algorithm are refused before anything is verified (RFC 7515, 4.1).
"""

from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from store.formats import base64url
from store.formats.errors import MalformedError, UnprovenError
from store.formats.strict_json import is_text, parse_object

MOST_BYTES: Final = 65_535
_ALGORITHM: Final = "EdDSA"
_SIGNATURE_BYTES: Final = 64
_MEMBERS: Final = {"alg", "kid", "typ"}


@dataclass(frozen=True)
class Signed:
    """A leaf taken apart, believed only after `verify`: its type, whose key it names, what it says."""

    kind: str
    kid: str
    claims: dict[str, Any]
    signed: bytes
    signature: bytes

    def verify(self, public: bytes) -> None:
        """That this Ed25519 key (32 bytes) signed it.  Raises UnprovenError."""
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(self.signature, self.signed)
        except (InvalidSignature, ValueError):
            raise UnprovenError("the signature is wrong") from None


def parse(leaf: bytes) -> Signed:
    """Take a leaf apart.  Raises MalformedError for every spelling but the one that was signed."""
    if len(leaf) > MOST_BYTES:
        raise MalformedError("it is too long for a leaf")
    parts = leaf.split(b".")
    if len(parts) != 3 or not leaf.isascii():
        raise MalformedError("it is no compact JWS")
    header = _object(parts[0], "the header")
    if header.keys() != _MEMBERS or not all(is_text(header[name]) for name in _MEMBERS):
        raise MalformedError("its header has other members than alg, kid and typ")
    if header["alg"] != _ALGORITHM:
        raise MalformedError("it is signed with another algorithm than EdDSA")
    claims = _object(parts[1], "the payload")
    signature = base64url.decode(parts[2].decode(), _SIGNATURE_BYTES)
    return Signed(str(header["typ"]), str(header["kid"]), claims, b".".join(parts[:2]), signature)


def _object(part: bytes, what: str) -> dict[str, Any]:
    try:
        return parse_object(base64url.decode(part.decode()).decode())
    except UnicodeDecodeError:
        raise MalformedError(f"{what} is not UTF-8") from None
