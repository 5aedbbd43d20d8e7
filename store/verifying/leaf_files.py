"""
One event or receipt, as its file holds it: who signed it, and whether it says what such a thing can say.

The type decides which of the two it is; the log's own rule that a receipt is of the receipt's type is checked with it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from store.formats import base64url, event_v1, jws_v1, merkle_v1, receipt_reading_v1, receipt_v1
from store.formats.errors import MalformedError, UnprovenError
from store.verifying import disclosures
from store.words import Event

_JTI: Final = re.compile(r"ev_[0-9a-f]{1,64}", re.ASCII)


@dataclass(frozen=True)
class Leaf:
    """A leaf that one of the given keys signed."""

    name: str
    raw: bytes
    kid: str
    claims: dict[str, Any]

    @property
    def is_receipt(self) -> bool:
        """Whether it is a receipt; otherwise it is another event."""
        return bool(self.claims["evt"] == Event.RECEIPT)

    @property
    def hash(self) -> bytes:
        """The leaf hash, by which receipts name events."""
        return merkle_v1.leaf_hash(self.raw)

    @property
    def says(self) -> str:
        """One sentence for people."""
        if self.is_receipt:
            what = f"receipt of drop {self.claims['drop']}, {self.claims['outcome']}"
            return f"{what}, destroyed {self.claims['destroyed_at']}; signed by key {self.kid}"
        of = f", number {self.claims['n']} of drop {self.claims['drop']}" if "drop" in self.claims else ""
        return f"event {self.claims['evt']}{of}; signed by key {self.kid}"


def read(name: str, raw: bytes, keys: Mapping[str, bytes]) -> Leaf:
    """Verify one.  Raises MalformedError for what is no leaf, and UnprovenError with what failed."""
    signed = jws_v1.parse(raw)
    if signed.kid not in keys:
        raise UnprovenError(f"it names the key {signed.kid}, which is not among the given ones")
    signed.verify(keys[signed.kid])
    _require_content(signed)
    return Leaf(name, raw, signed.kid, signed.claims)


def disclosed(leaf: Leaf, disclosure: bytes) -> str:
    """The name of the field that a disclosure of this leaf reveals.  Raises MalformedError and UnprovenError."""
    try:
        text = disclosure.decode("ascii")
    except UnicodeDecodeError:
        raise MalformedError("a disclosure is malformed") from None
    name, _ = disclosures.fields(text)
    if disclosures.digest(text) not in leaf.claims.get("_sd", []):
        raise UnprovenError("a disclosure is not one of this leaf")
    return name


def _require_content(signed: jws_v1.Signed) -> None:
    claims = signed.claims
    if (signed.kind == receipt_v1.TYPE) != (claims.get("evt") == Event.RECEIPT):
        raise UnprovenError("its type says something else than its content: a receipt and an event are not the same")
    if signed.kind == receipt_v1.TYPE:
        if why := receipt_reading_v1.fault(claims) or receipt_reading_v1.doubt(claims):
            raise UnprovenError(why)
        return
    if signed.kind != event_v1.TYPE:
        raise UnprovenError("it is neither an event nor a receipt")
    evt = claims.get("evt")
    if not isinstance(evt, str) or evt not in set(Event):
        raise UnprovenError("it says an event that there is not")
    jti, has_drop = claims.get("jti"), "drop" in claims
    if not isinstance(jti, str) or _JTI.fullmatch(jti) is None or type(claims.get("iat")) is not int:
        raise UnprovenError("its id or its time is malformed")
    if has_drop and (not _is_drop(claims["drop"]) or type(claims.get("n")) is not int):
        raise UnprovenError("the drop that it is about, or its number there, is malformed")
    if not isinstance(claims.get("_sd", []), list):
        raise UnprovenError("its digests are malformed")


def _is_drop(text: object) -> bool:
    try:
        return isinstance(text, str) and len(base64url.decode(text)) == 16
    except MalformedError:
        return False
