"""
Order v1: what the bot allows somebody to seal outside the bot, once, signed with its event key.

The web program faces the internet and stores what pages and clients seal.  Whoever owns it must not be able to have the
bot deliver what nobody ordered, or write into the log that it was; so that every `drop.created` that it signs carries
the order, a compact EdDSA JWS of the bot's, and the bot holds a drop against its order before it delivers anything.

The order is a part of a leaf, which is public for ever: of its terms it has one salted hash.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Final

from store.formats import base64url
from store.formats.errors import MalformedError
from store.formats.strict_json import is_text

TYPE: Final = "drop-order"
SALT_BYTES: Final = 16
MOST_BYTES: Final = 10 * 1024 * 1024
"""The longest secret that is sealed under an order, in bytes."""
_MEMBERS: Final = {"iss", "iat", "jti", "until", "sealed_by", "terms"}


@dataclass(frozen=True)
class Terms:
    """
    From whom, to whom, and how; `kind` is "composer", "request" or "client".

    `passphrase` is "own" where whoever seals must bring one that the recipient knows, and "made" where that is theirs
    to choose.

    `unviewed_after` is in seconds, `rotate_by` in Unix seconds.  `replaces` names the form that is sent in place of a
    message in which the secret stood, and that message, in words of the bot's; None where it replaces none.
    `salt` is 16 random bytes as base64url, without which the hash in the order would tell names to whoever guesses.
    """

    kind: str
    team_id: str
    sender_id: str
    sender_name: str
    recipient_id: str
    recipient_name: str
    recipient_class: str
    recipient_team: str | None
    label: str
    hint: str | None
    lives_seconds: int
    way: str
    template: str
    on_lock: str
    reference: str | None
    salt: str
    verify: str = "none"
    unviewed_after: int | None = None
    rotate_by: int | None = None
    variable: str | None = None
    replaces: str | None = None
    passphrase: str = "made"

    def encode(self) -> str:
        """One spelling for each: what is hashed, and what is kept under the key of its month."""
        # Without what is as it usually is: terms of before had no word for it, and must keep the hash that was signed.
        usual = {field.name: field.default for field in fields(self)}
        said = {name: value for name, value in asdict(self).items() if value != usual[name]}
        return json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":"))

    @staticmethod
    def parse(text: str) -> "Terms":
        """Terms that `encode` wrote.  Raises MalformedError."""
        try:
            return Terms(**json.loads(text))
        except (ValueError, TypeError):
            raise MalformedError("not the terms of an order") from None

    @property
    def digest(self) -> str:
        """The salted hash that stands in the order."""
        return base64url.encode(hashlib.sha256(self.encode().encode("ascii")).digest())


@dataclass(frozen=True)
class Order:
    """What a signed order says.  `until`, Unix seconds, is when sealing under it ends."""

    id: bytes
    until: int
    sealed_by: str
    terms: str

    def is_of(self, terms: Terms) -> bool:
        """Whether these are the terms that were signed."""
        return hmac.compare_digest(self.terms, terms.digest)


def payload(issuer: str, at_ms: int, order: Order) -> bytes:
    """The bytes to sign."""
    claims = {
        "iss": issuer,
        "iat": at_ms // 1000,
        "jti": f"or_{base64url.encode(order.id)}",
        "until": order.until,
        "sealed_by": order.sealed_by,
        "terms": order.terms,
    }
    return json.dumps(claims, separators=(",", ":")).encode()


def of_claims(claims: Mapping[str, Any]) -> Order:
    """The order in the claims of a JWS whose signature and type somebody has checked.  Raises MalformedError."""
    if claims.keys() != _MEMBERS or type(claims["until"]) is not int:
        raise MalformedError("an order has other members")
    jti, sealed_by, terms = claims["jti"], claims["sealed_by"], claims["terms"]
    if not (is_text(jti) and is_text(sealed_by) and is_text(terms)) or not str(jti).startswith("or_"):
        raise MalformedError("an order's members are of other types")
    return Order(base64url.decode(str(jti)[3:], 16), int(claims["until"]), str(sealed_by), str(terms))
