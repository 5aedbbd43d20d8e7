"""Payload v1: the secret itself, a text or a file, byte-exact; and the padding that hides how long it is.

`head 00 body`: the head is JSON and so cannot hold a 00 byte, which makes the first 00 the border. Nothing
is trimmed or normalised. A file's name is display text from a stranger: whoever saves the file must not take
it for a path.
"""

import json
from dataclasses import dataclass, field
from typing import cast

from store.formats.errors import MalformedError
from store.formats.strict_json import is_text, parse_object

_LENGTH_BYTES = 4
_SMALL_SIZES = (256, 1024, 4096)
_STEP = 4096


@dataclass(frozen=True, slots=True)
class Text:
    """A secret that is text."""

    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class File:
    """A secret that is a file. `name` is display text, never a path; `type` is what the sender called it."""

    name: str = field(repr=False)
    type: str = field(repr=False)
    body: bytes = field(repr=False)


def encode(content: Text | File) -> bytes:
    """The payload of a secret. Raises MalformedError for lone surrogates, which have no bytes."""
    head: dict[str, object]
    if isinstance(content, Text):
        head, body = {"text": content.text}, b""
    else:
        head, body = {"file": {"name": content.name, "type": content.type}}, content.body
    try:
        raw = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
    except UnicodeEncodeError:
        raise MalformedError("half of a character cannot be sealed") from None
    return raw + b"\x00" + body


def decode(payload: bytes) -> Text | File:
    """The secret in a payload. Raises MalformedError unless the head has exactly one known member."""
    raw, border, body = payload.partition(b"\x00")
    if not border:
        raise MalformedError("the payload has no end of head")
    try:
        head = parse_object(raw.decode("utf-8"))
    except UnicodeDecodeError:
        raise MalformedError("the head is not UTF-8") from None
    if head.keys() == {"text"} and is_text(head["text"]) and not body:
        return Text(cast("str", head["text"]))
    if head.keys() == {"file"}:
        named = head["file"]
        if isinstance(named, dict) and named.keys() == {"name", "type"} and all(map(is_text, named.values())):
            return File(name=named["name"], type=named["type"], body=body)
    raise MalformedError("the head is neither a text nor a file")


def is_padded_size(size: int) -> bool:
    """Whether padding produces this many bytes: 256, 1024, or a multiple of 4096."""
    return size in _SMALL_SIZES or (size > 0 and size % _STEP == 0)


def padded_size(length: int) -> int:
    """How many bytes a payload of `length` bytes takes when padded."""
    needed = _LENGTH_BYTES + length
    return next((size for size in _SMALL_SIZES if needed <= size), -(-needed // _STEP) * _STEP)


def pad(payload: bytes) -> bytes:
    """Length (4 bytes, big-endian), payload, zeros up to the smallest legal size."""
    if len(payload) >= 2 ** (8 * _LENGTH_BYTES):
        raise MalformedError("the payload is too long")
    return (len(payload).to_bytes(_LENGTH_BYTES, "big") + payload).ljust(padded_size(len(payload)), b"\x00")


def unpad(padded: bytes) -> bytes:
    """The payload that `pad` was given. Raises MalformedError for anything that `pad` does not produce."""
    end = _LENGTH_BYTES + int.from_bytes(padded[:_LENGTH_BYTES], "big")
    if len(padded) != padded_size(end - _LENGTH_BYTES):
        raise MalformedError("the padded size does not fit the length")
    if padded.count(0, end) != len(padded) - end:
        raise MalformedError("the padding is not zeros")
    return padded[_LENGTH_BYTES:end]
