"""What a holder's page is given: header, payload, padding and envelope."""

import json
import re
from dataclasses import asdict
from typing import Any, Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.formats import envelope_v1, header_v1, payload_v1
from store.formats.derivation_v1 import DropKeys
from store.formats.errors import DamagedEnvelopeError, MalformedError
from store.formats.payload_v1 import File, Text
from tests.fuzz import json_changes
from tests.fuzz.target import ACCEPTED, Target, as_it_is, asks_to_mend, is_base64url, mended, refused, text_of

_ID: Final = bytes(range(16))
_KEYS: Final = DropKeys(enc_key=bytes(32), auth_token=bytes(32), commit=bytes(range(32)))
_NONCE: Final = bytes(12)
_HALF: Final = re.compile("[\ud800-\udfff]")
_STRINGS: Final = {"id", "mode", "form", "kind", "sender", "label"}
_FORMS: Final = ("free", "digits", "words")
_TIMES: Final = {"created_at", "expires_at"}


def _pairs(text: str) -> list[tuple[str, Any]] | None:
    """The members of one object with every number as its digits, read by the standard library; None for none."""
    try:
        found = json.loads(
            text, object_pairs_hook=lambda pairs: ("object", pairs), parse_int=lambda digits: ("int", digits)
        )
    except (ValueError, RecursionError):
        return None
    return found[1] if isinstance(found, tuple) and found[0] == "object" else None


def _is_header(text: str) -> bool:
    pairs = _pairs(text)
    if pairs is None or _HALF.search(text) or len(text.encode()) > 4096:
        return False
    said = dict(pairs)
    if sorted(name for name, _ in pairs) != sorted({"v", *_STRINGS, *_TIMES}):
        return False
    texts = all(isinstance(said[name], str) and not _HALF.search(said[name]) for name in _STRINGS)
    times = all(
        isinstance(said[name], tuple)
        and said[name][0] == "int"
        and re.fullmatch("0|[1-9][0-9]{0,15}", said[name][1])
        and int(said[name][1]) < 2**53
        for name in _TIMES
    )
    words = said["mode"] in ("p", "n") and said["kind"] in ("text", "file") and said["form"] in _FORMS
    return texts and times and words and said["v"] == ("int", "1") and is_base64url(said["id"], 16)


def _judge_header(raw: bytes) -> str:
    text = text_of(raw)
    try:
        header = header_v1.parse(text)
    except MalformedError as error:
        assert not _is_header(text), "a header is refused"
        return refused(error)
    assert _is_header(text), "what is no header is taken for one"
    said = json.loads(text)
    assert {**asdict(header), "id": said["id"], "v": 1} == said, "a header is read otherwise than it is written"
    # Spaces and escapes may have made room that the one spelling of ours does not need; never the other way round.
    assert header_v1.parse(header_v1.encode(header)) == header
    return ACCEPTED


def _judge_payload(raw: bytes) -> str:
    assert payload_v1.unpad(payload_v1.pad(raw)) == raw, "padding does not come off"
    try:
        content = payload_v1.decode(raw)
    except MalformedError as error:
        return refused(error)
    head, _, body = raw.partition(b"\x00")
    pairs = _pairs(head.decode())
    assert pairs is not None
    assert len(pairs) == 1, "a head with more than one member"
    assert len(json.loads(head)) == 1
    said = json.loads(head)
    if isinstance(content, Text):
        assert (said, body) == ({"text": content.text}, b""), "a text is read otherwise than it is written"
    else:
        assert (said, body) == ({"file": {"name": content.name, "type": content.type}}, content.body)
    assert payload_v1.decode(payload_v1.encode(content)) == content
    return ACCEPTED


def _judge_envelope(raw: bytes) -> str:
    mend, rest = asks_to_mend(raw)
    sealed = rest
    if mend:  # sealed as it should be, around a framing that need not be right
        rest = rest.ljust(next(size for size in (256, 1024, 4096, 8192) if len(rest) <= size), b"\x00")
        sealed = b"\x01" + _NONCE + _KEYS.commit + AESGCM(_KEYS.enc_key).encrypt(_NONCE, rest, b"header")
    try:
        payload = envelope_v1.open_(_KEYS, "header", sealed)
    except DamagedEnvelopeError as error:
        assert error.step in (2, 3, 4, 5)
        assert not mend or error.step in (2, 5), "what was sealed rightly does not open"
        return f"{refused(error)} {error.step}"
    assert mend or sealed == _WHOLE, "what nobody sealed opens"
    assert envelope_v1.seal(_KEYS, "header", payload, _NONCE) == sealed, "an envelope that sealing does not make"
    assert not mend or rest == len(payload).to_bytes(4, "big") + payload + bytes(len(rest) - 4 - len(payload))
    return ACCEPTED


_HEADER: Final = header_v1.encode(
    header_v1.Header(_ID, "p", "free", "text", 1_790_000_000, 1_790_086_400, "Maya", "A key")
).encode()
_TEXT: Final = payload_v1.encode(Text('sk_live "é"\n'))
_WHOLE: Final = envelope_v1.seal(_KEYS, "header", _TEXT, _NONCE)
_FILE: Final = payload_v1.encode(File("a/b.env", "text/plain", b"\x00A=1"))
_JSON: Final = (
    b'"',
    b"\\u0000",
    b"\\ud800",
    b"\\udc00",
    b"1e3",
    b"1.0",
    b"-0",
    b"{",
    b"}",
    b"[",
    b"\xef\xbb\xbf",
    b",",
)
_STRICT: Final = "store.formats.strict_json"


def _change_payload(raw: bytes, random: Any) -> bytes:
    head, border, body = raw.partition(b"\x00")
    return json_changes.changed(head, random) + border + body


HEADER: Final = Target(
    "header",
    _judge_header,
    (_STRICT, "store.formats.header_v1", "store.formats.base64url"),
    (_HEADER, _HEADER.replace(b",", b" ,\n").replace(b"Maya", b"M\\u0061ya")),
    (*_JSON, b'"v":1', b'"mode":"n"', b'"form":"words"', b'"kind":"file"', b"9007199254740991"),
    1024,
    json_changes.changed,
    browser="header",
)
PAYLOAD: Final = Target(
    "payload",
    _judge_payload,
    (_STRICT, "store.formats.payload_v1"),
    (_TEXT, _FILE, b'{"text":""}\x00'),
    (*_JSON, b'"text"', b'{"file":{"name":"","type":""}}', b"\x00"),
    512,
    _change_payload,
    browser="payload",
)
ENVELOPE: Final = Target(
    "envelope",
    _judge_envelope,
    ("store.formats.envelope_v1", "store.formats.payload_v1"),
    (
        mended(payload_v1.pad(_TEXT)),
        mended(payload_v1.pad(_TEXT)[:-1] + b"\x01"),
        mended(payload_v1.pad(bytes(252))),
        mended(payload_v1.pad(bytes(253))),
        mended(b"\x00\x00\x00\xfd"),
        as_it_is(_WHOLE),
    ),
    (b"\x00\x00\x00\x00", b"\x00\x00\x00\xfc", b"\x00\x00\x04\x00", b"\xff\xff\xff\xff"),
    4400,
)
