"""
An event: one compact EdDSA JWS that is a leaf of the log, with salted digests for whatever is personal.

The bytes are kept as they were signed and never encoded again, so that no canonical form is needed to verify.
Disclosures are those of SD-JWT (RFC 9901, section 4.2): without them a digest says nothing, and erasing them
leaves every signature and every proof intact.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from store.formats import base64url
from store.formats.errors import MalformedError

TYPE: Final = "drop-event+sd-jwt"
SALT_BYTES: Final = 16

_COMPACT: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))

Fact: TypeAlias = "str | int | bool | Mapping[str, Fact] | Sequence[Fact] | None"


@dataclass(frozen=True)
class Disclosure:
    """One personal field: its name, the text that reveals it, and the digest that stands in the leaf."""

    name: str
    text: str
    digest: str


def disclose(name: str, value: str, salt: bytes) -> Disclosure:
    """Salt (16 random bytes) and hash one field.  RFC 9901, 4.2.1 and 4.2.3."""
    text = _base64url(json.dumps([_base64url(salt), name, value], ensure_ascii=False).encode())
    return Disclosure(name, text, _base64url(hashlib.sha256(text.encode()).digest()))


def payload(
    *,
    issuer: str,
    at_ms: int,
    jti: str,
    event: str,
    drop: str | None,
    n: int | None,
    facts: Mapping[str, Fact],
    digests: list[str],
) -> bytes:
    """
    The bytes to sign.

    `drop` is the id's text and `n` its number among the drop's events.  Digests are sorted: their order must not
    tell which field was given.  No `exp`, `nbf` or `aud` stands here, because generic libraries would then
    refuse an old event.
    """
    claims: dict[str, object] = {"iss": issuer, "iat": at_ms // 1000, "jti": jti, "evt": event}
    if drop is not None:
        claims |= {"drop": drop, "n": n}
    claims |= facts
    if digests:
        claims |= {"_sd_alg": "sha-256", "_sd": sorted(digests)}
    return _COMPACT.encode(claims).encode()


def unverified(leaf: bytes) -> dict[str, Any]:
    """The claims of a leaf out of our own database, for display.  Raises MalformedError for what is no leaf."""
    parts = leaf.split(b".")
    if len(parts) != 3:
        raise MalformedError("not a compact JWS")
    try:
        claims: dict[str, Any] = json.loads(base64url.decode(parts[1].decode()))
    except (ValueError, RecursionError):
        raise MalformedError("not a JSON payload") from None
    if not isinstance(claims, dict):
        raise MalformedError("not an object")
    return claims


def _base64url(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
