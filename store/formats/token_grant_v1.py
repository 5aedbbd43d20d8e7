"""
Token grant v1: that the bot gave a token to somebody, signed with its event key.

The web program, which faces the internet, reads and writes the table of tokens.  Whoever owns it must not be able to
make a token for anybody, under which the bot would then order drops in their name: the bot believes a row only with the
grant that it signed for it.  The grant has one salted hash of its owner, and what the token is for.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from store.formats import base64url
from store.formats.api_token_v1 import ID_BYTES
from store.formats.errors import MalformedError
from store.formats.strict_json import is_text
from store.words import Scope

TYPE: Final = "api-token-grant"
SALT_BYTES: Final = 16
_MEMBERS: Final = {"iss", "iat", "jti", "until", "proof", "owner"}
_SCOPES: Final = "scopes"
"""Not in the grants of before: those are for sending, and for nothing else."""


@dataclass(frozen=True)
class Owner:
    """Whose token it is.  `salt` is 16 random bytes as base64url: a hash without it would tell names to who guesses."""

    team_id: str
    user_id: str
    salt: str

    def encode(self) -> str:
        """One spelling for each: what is hashed, and what is kept under the key of its month."""
        return json.dumps(asdict(self), ensure_ascii=True, sort_keys=True, separators=(",", ":"))

    @staticmethod
    def parse(text: str) -> "Owner":
        """An owner that `encode` wrote.  Raises MalformedError."""
        try:
            return Owner(**json.loads(text))
        except (ValueError, TypeError):
            raise MalformedError("not the owner of a token") from None

    @property
    def digest(self) -> str:
        """The salted hash that stands in the grant."""
        return base64url.encode(hashlib.sha256(self.encode().encode("ascii")).digest())


@dataclass(frozen=True)
class Grant:
    """What a signed grant says.  `until` is Unix seconds, `proof` what is kept of the token, `owner` a salted hash."""

    id: bytes
    until: int
    proof: bytes
    owner: str
    scopes: frozenset[Scope] = frozenset({Scope.SEND})

    def is_of(self, owner: Owner, proof: bytes) -> bool:
        """Whether just this token was given to just this person."""
        return hmac.compare_digest(self.owner, owner.digest) and hmac.compare_digest(self.proof, proof)


def payload(issuer: str, at_ms: int, grant: Grant) -> bytes:
    """The bytes to sign."""
    claims = {
        "iss": issuer,
        "iat": at_ms // 1000,
        "jti": f"tk_{base64url.encode(grant.id)}",
        "until": grant.until,
        "proof": base64url.encode(grant.proof),
        "owner": grant.owner,
        _SCOPES: sorted(grant.scopes),
    }
    return json.dumps(claims, separators=(",", ":")).encode()


def of_claims(claims: Mapping[str, Any]) -> Grant:
    """The grant in the claims of a JWS whose signature and type somebody has checked.  Raises MalformedError."""
    if claims.keys() - {_SCOPES} != _MEMBERS or type(claims["until"]) is not int:
        raise MalformedError("a grant has other members")
    jti, proof, owner = claims["jti"], claims["proof"], claims["owner"]
    if not (is_text(jti) and is_text(proof) and is_text(owner)) or not str(jti).startswith("tk_"):
        raise MalformedError("a grant's members are of other types")
    token_id = base64url.decode(str(jti)[3:], ID_BYTES)
    scopes = _scopes(claims.get(_SCOPES, [Scope.SEND]))
    return Grant(token_id, int(claims["until"]), base64url.decode(str(proof), 32), str(owner), scopes)


def _scopes(said: object) -> frozenset[Scope]:
    known = {str(one): one for one in Scope}
    if not isinstance(said, list) or not said or not all(isinstance(one, str) and one in known for one in said):
        raise MalformedError("a grant is for something that nobody knows")
    return frozenset(known[one] for one in said)
