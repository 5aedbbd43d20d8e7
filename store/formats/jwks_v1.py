"""
The public keys of a JWKS (RFC 7517) that can have signed events: Ed25519 keys, each under its own thumbprint.

A key is known by what it is: an entry whose `kid` is not the RFC 7638 thumbprint of its bytes is refused, so that no
entry can stand in for another.
"""

import hashlib
import json
from typing import Final

from store.formats import base64url
from store.formats.errors import MalformedError
from store.formats.strict_json import parse_object

KEY_BYTES: Final = 32
MOST_CHARACTERS: Final = 1_000_000
_KIND: Final = {"kty": "OKP", "crv": "Ed25519"}
_MEMBERS: Final = {"kty", "crv", "x", "kid", "alg", "use", "key_ops"}


def parse(text: str) -> dict[str, bytes]:
    """The 32-byte keys by kid; keys of other kinds are left out.  Raises MalformedError."""
    if len(text) > MOST_CHARACTERS:
        raise MalformedError("the key set is too long")
    keys = parse_object(text).get("keys")
    if not isinstance(keys, list) or not all(isinstance(key, dict) and "kty" in key for key in keys):
        raise MalformedError("it is no key set: there is no list `keys` of keys")
    return dict(_key(key) for key in keys if key.get("kty") == "OKP")


def parse_key(text: str) -> tuple[str, bytes]:
    """The thumbprint and the bytes of one JWK.  Raises MalformedError."""
    return _key(parse_object(text))


def thumbprint(public: bytes) -> str:
    """RFC 7638 with SHA-256: the name of a key, made of nothing but the key."""
    members = {"crv": _KIND["crv"], "kty": _KIND["kty"], "x": base64url.encode(public)}
    return base64url.encode(hashlib.sha256(json.dumps(members, separators=(",", ":")).encode()).digest())


def _key(jwk: dict[str, object]) -> tuple[str, bytes]:
    if not jwk.keys() <= _MEMBERS or any(jwk.get(name) != value for name, value in _KIND.items()):
        raise MalformedError("a key is not a public Ed25519 key as we write them")
    if jwk.get("alg", "EdDSA") not in ("EdDSA", "Ed25519") or jwk.get("use", "sig") != "sig":
        raise MalformedError("a key is for something else than EdDSA signatures")
    x = jwk.get("x")
    if not isinstance(x, str):
        raise MalformedError("a key has no bytes")
    public = base64url.decode(x, KEY_BYTES)
    kid = thumbprint(public)
    if jwk.get("kid") != kid:
        raise MalformedError("the kid of a key is not the thumbprint of its bytes")
    return kid, public
