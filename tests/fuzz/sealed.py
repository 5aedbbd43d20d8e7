"""What anybody may seal to the bot: a link, or a client's question with its token; and addresses that we seal."""

import json
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.formats import api_token_v1, base64url, delivery_v1, hkdf, sealed_question_v1, sheet_link_v1
from store.formats.errors import MalformedError, UnprovenError
from tests.fuzz import json_changes
from tests.fuzz.target import ACCEPTED, Target, as_it_is, asks_to_mend, b64url, mended, refused, text_of

_ID: Final = bytes(range(16))
_PRIVATE: Final = bytes(range(1, 33))
_PUBLIC: Final = delivery_v1.public_of(_PRIVATE)
_PEPPER: Final = bytes(range(32))
_NONCE: Final = bytes(12)
_NOW: Final = 1_790_000_000
_DIGEST: Final = b64url(bytes(range(32)))
_TOKEN: Final = api_token_v1.ApiToken(bytes(12), bytes(32))
_LINK: Final = f"https://drops.example.com/s/{b64url(_ID)}#1p.{b64url(bytes(32))}.AAAA"
_SHEET: Final = sheet_link_v1.Grant("U1", "T1", _NOW, with_labels=True, pages={"stripe": "https://a"})


def _judge_delivery(raw: bytes) -> str:
    mend, rest = asks_to_mend(raw)
    sealed = delivery_v1._SUITE.encrypt(rest, delivery_v1._public(_PUBLIC), delivery_v1._info(_ID)) if mend else rest
    try:
        link = delivery_v1.unseal(_PRIVATE, _ID, sealed)
    except MalformedError as error:
        assert not mend or not 0 < len(rest) <= delivery_v1.MOST_LINK_BYTES or not _is_text(rest)
        return refused(error)
    assert not mend or link.encode() == rest, "another text than was sealed"
    try:
        delivery_v1.unseal(_PRIVATE, bytes(16), sealed)
    except MalformedError:
        return ACCEPTED
    raise AssertionError("a link that was sealed for one drop opens for another")


def _is_text(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def _judge_question(raw: bytes) -> str:
    opened = text_of(raw)
    try:
        token = sealed_question_v1.token_in(opened, "wishes", _DIGEST, _NOW)
    except MalformedError as error:
        return refused(error)
    said = json.loads(opened)
    assert said == {"token": token.text, "wishes": _DIGEST, "until": said["until"]}, "a question with something else"
    assert type(said["until"]) is int
    assert 0 <= said["until"] - _NOW <= 150
    return ACCEPTED


def _judge_sheet(raw: bytes) -> str:
    mend, rest = asks_to_mend(raw)
    text = text_of(rest)
    if mend:
        key = hkdf.expand(_PEPPER, b"sendsecret/sheet-link/v1", 32)
        text = b64url(_NONCE + AESGCM(key).encrypt(_NONCE, rest, None))
    try:
        grant = sheet_link_v1.decode(_PEPPER, text)
    except (MalformedError, UnprovenError) as error:
        return refused(error)
    assert b64url(base64url.decode(text)) == text
    assert mend or grant == _SHEET, "what nobody gave out is taken"
    assert sheet_link_v1.decode(_PEPPER, sheet_link_v1.encode(_PEPPER, _NONCE, grant)) == grant
    return ACCEPTED


_SHEET_JSON: Final = json.dumps(["U1", "T1", _NOW, True, {"stripe": "https://a"}]).encode()

DELIVERY: Final = Target(
    "delivery",
    _judge_delivery,
    ("store.formats.delivery_v1",),
    (mended(_LINK.encode()), as_it_is(delivery_v1.seal(_PUBLIC, _ID, _LINK)), as_it_is(bytes(200)), mended(b"\xff")),
    (b"\x04", b"\x02", bytes(32)),
    1200,
)
QUESTION: Final = Target(
    "sealed-question",
    _judge_question,
    (
        *("store.formats.strict_json", "store.formats.sealed_question_v1", "store.formats.api_token_v1"),
        *("store.formats.checked_key", "store.formats.base64url"),
    ),
    (
        sealed_question_v1.to_seal(_TOKEN, "wishes", _DIGEST, _NOW + 100).encode(),
        sealed_question_v1.to_seal(_TOKEN, "record", _DIGEST, _NOW + 100).encode(),
    ),
    (b'"wishes"', b'"until"', b"\\u00e9", b"\xc3\xa9", b"true", b"1e3"),
    400,
    json_changes.changed,
)
SHEET: Final = Target(
    "sheet-link",
    _judge_sheet,
    ("store.formats.sheet_link_v1", "store.formats.base64url"),
    (mended(_SHEET_JSON), as_it_is(sheet_link_v1.encode(_PEPPER, _NONCE, _SHEET).encode())),
    (b"[", b"]", b"{}", b"true", b"null", b","),
    400,
    lambda raw, random: raw[:1] + json_changes.changed(raw[1:], random),
)
