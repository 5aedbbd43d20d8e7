"""Receipts and disclosures: a receipt without a fault is, to the letter, what our own programs would have written."""

import json
from pathlib import Path
from typing import Any, Final

from store.formats import base64url, receipt_reading_v1, receipt_v1
from store.formats.errors import MalformedError
from store.formats.strict_json import parse_object
from store.verifying import disclosures
from tests.fuzz import json_changes
from tests.fuzz.target import ACCEPTED, Target, b64url, refused, text_of

_EXAMPLES: Final = Path(__file__).parents[2] / "docs" / "examples"


def _same(one: Any, other: Any) -> bool:
    """As JSON has it: true is not 1."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _judge_receipt(raw: bytes) -> str:
    text = text_of(raw)
    try:
        claims = parse_object(text)
    except MalformedError as error:
        return refused(error)
    fault = receipt_reading_v1.fault(claims)
    doubt = None if fault else receipt_reading_v1.doubt(claims)
    assert fault is None or isinstance(fault, str)
    if fault:
        return f"fault: {fault}"
    _require_ours(claims)
    named = receipt_reading_v1.named(claims)
    assert len(named) == len(json.loads(text)["events"])
    return ACCEPTED if doubt is None else f"doubt: {doubt}"


def _require_ours(claims: dict[str, Any]) -> None:
    """Written anew from what was understood, it is the same, member for member and type for type."""
    said = receipt_v1.facts(receipt_reading_v1._ending(claims))
    events = [
        {"n": int(n), "evt": str(evt), "leaf": __import__("base64").b64encode(leaf).decode()}
        for n, (evt, leaf) in receipt_reading_v1.named(claims).items()
    ]
    said |= {"events": events, "events_in_all": int(claims["n"]) - 1}
    head = {"iss": str(claims["iss"]), "iat": int(claims["iat"]), "jti": str(claims["jti"])}
    head |= {"evt": "drop.receipt", "drop": b64url(base64url.decode(claims["drop"])), "n": int(claims["n"])}
    left = {name: value for name, value in claims.items() if name not in {*said, *head}}
    assert _same({**head, **said, **left}, claims), "a receipt that nobody would write is without a fault"
    assert left.keys() in (set(), {"_sd", "_sd_alg"})
    if left:
        assert _same(left["_sd"], [b64url(base64url.decode(one, 32)) for one in left["_sd"]])


def disclosure_of(raw: bytes) -> str:
    """The disclosure that an input stands for; half of them are the JSON inside, so that it is reached."""
    return b64url(raw[1:]) if raw[:1] and raw[0] & 1 else text_of(raw[1:])


def _judge_disclosure(raw: bytes) -> str:
    text = disclosure_of(raw)
    try:
        name, value = disclosures.fields(text)
    except MalformedError as error:
        return refused(error)
    assert b64url(base64url.decode(text)) == text, "a disclosure with two spellings"
    said = json.loads(base64url.decode(text))
    assert said[1:] == [name, value], "a disclosure is read otherwise than it is written"
    assert len(said) == 3
    name.encode()
    value.encode()
    assert len(disclosures.digest(text)) == 43
    return ACCEPTED


def _claims(path: Path) -> bytes:
    return base64url.decode(path.read_text().strip().split(".")[1])


_RECEIPTS: Final = tuple(
    _claims(path)
    for path in [_EXAMPLES / "receipt" / "receipt.jws", *sorted((_EXAMPLES / "evidence").rglob("receipts/*.jws"))[:4]]
)
_DISCLOSURE: Final = (_EXAMPLES / "receipt" / "disclosure").read_text().strip()

RECEIPT: Final = Target(
    "receipt",
    _judge_receipt,
    (
        *("store.formats.strict_json", "store.formats.receipt_reading_v1", "store.formats.receipt_sense_v1"),
        *("store.formats.receipt_v1", "store.formats.base64url"),
    ),
    _RECEIPTS,
    (b"true", b'"lost"', b'"expired"', b'"revoked"', b"null", b'"drop.locked"', b"T00:00:60Z", b"0000-", b"\\ud800"),
    4000,
    json_changes.changed,
)
DISCLOSURE: Final = Target(
    "disclosure",
    _judge_disclosure,
    ("store.verifying.disclosures", "store.formats.base64url", "store.formats.strict_json"),
    (b"\x00" + _DISCLOSURE.encode(), b"\x01" + base64url.decode(_DISCLOSURE), b'\x01["a","b","\\ud83d\\ude00"]'),
    (b'"', b",", b"[", b"]", b"\\ud800", b"\\udc00", b"1e3", b"null", b"\xef\xbb\xbf"),
    256,
    browser="disclosure",
)
