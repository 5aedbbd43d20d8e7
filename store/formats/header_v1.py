"""Header v1: what is said about a drop before it is opened, and bound to it as associated data.

The text is kept and sent verbatim and never serialised again: the bytes that were sealed are the bytes that
must be shown. Encoding is free of choices (this order of members, no spaces); parsing takes any order.
"""

import json
from dataclasses import dataclass, field
from typing import Literal, cast, get_args

from store.formats import base64url
from store.formats.errors import MalformedError
from store.formats.link_v1 import ID_BYTES, Mode
from store.formats.strict_json import is_text, parse_object

Form = Literal["free", "digits", "words"]
Kind = Literal["text", "file"]

VERSION = 1
MAX_BYTES = 4096

_STRINGS = ("id", "mode", "form", "kind", "sender", "label")
_TIMES = ("created_at", "expires_at")
_MEMBERS = {"v", *_STRINGS, *_TIMES}


@dataclass(frozen=True, slots=True)
class Header:
    """The members of a header. Times are Unix seconds; `id` is the 16 bytes, text only inside the JSON."""

    id: bytes
    mode: Mode
    form: Form
    kind: Kind
    created_at: int
    expires_at: int
    sender: str
    label: str = field(repr=False)


def encode(header: Header) -> str:
    """The JSON text of a header. Raises MalformedError if `parse` would refuse it (over 4 KiB, say)."""
    members = {
        "v": VERSION,
        "id": base64url.encode(header.id),
        "mode": header.mode,
        "form": header.form,
        "kind": header.kind,
        "created_at": header.created_at,
        "expires_at": header.expires_at,
        "sender": header.sender,
        "label": header.label,
    }
    text = json.dumps(members, ensure_ascii=False, separators=(",", ":"))
    parse(text)
    return text


def parse(text: str) -> Header:
    """The header in `text`: exactly its nine members, each once and of its type, at most 4 KiB of UTF-8.

    Raises MalformedError. Whether it belongs to a link is another question (seal_v1.check_header).
    """
    # Characters are counted first because they are cheap; no character takes less than one byte.
    if len(text) > MAX_BYTES or len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise MalformedError("a header has at most 4 KiB")
    members = parse_object(text)
    if members.keys() != _MEMBERS:
        raise MalformedError("a header has exactly nine members")
    if not all(is_text(members[name]) for name in _STRINGS):
        raise MalformedError("a member of the header is not text")
    if type(members["v"]) is not int or members["v"] != VERSION:
        raise MalformedError("the header has an unknown version")
    created_at, expires_at = (members[name] for name in _TIMES)
    if type(created_at) is not int or type(expires_at) is not int:
        raise MalformedError("a time in the header is not an integer")
    mode, form, kind = members["mode"], members["form"], members["kind"]
    if mode not in get_args(Mode) or form not in get_args(Form) or kind not in get_args(Kind):
        raise MalformedError("the header names an unknown mode, form or kind")
    return Header(
        id=base64url.decode(cast("str", members["id"]), ID_BYTES),
        mode=cast("Mode", mode),
        form=cast("Form", form),
        kind=cast("Kind", kind),
        created_at=created_at,
        expires_at=expires_at,
        sender=cast("str", members["sender"]),
        label=cast("str", members["label"]),
    )
