"""
An e-mail that anybody may have written, taken apart one level deep.

Pure, and nothing in it raises, whatever the bytes.  Python's own parser follows somebody's nesting as deep as it goes
and holds each line against every level: whoever may write to a mailbox could keep this computer busy.  What is looked
for here stands on the first level, so that each byte is looked at a few times and no more.
"""

import base64
import binascii
import quopri
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

_NAME: Final = re.compile(r"[!-9;-~]+", re.ASCII)
_MOST_CONTENT_TYPE: Final = 1000
_MOST_PARTS: Final = 20
_MOST_BOUNDARY: Final = 70  # RFC 2046, section 5.1.1
_PARAMETER: Final = re.compile(r';\s*([A-Za-z-]+)\s*=\s*(?:"([^"\\]*)"|([^\s;"]+))', re.ASCII)

Fields = Mapping[str, tuple[str, ...]]
"""Header fields by their names in lower case, unfolded, in their order."""


@dataclass(frozen=True)
class Part:
    """A message, or a part of one: its header fields, and what stands behind the first empty line."""

    fields: Fields = field(repr=False)
    body: bytes = field(repr=False)

    @cached_property
    def kind(self) -> str:
        """Its media type in lower case; empty where it says none, or more than one."""
        return only(self.fields, "content-type").partition(";")[0].strip().lower()

    @cached_property
    def parameters(self) -> Mapping[str, str]:
        """Those of its media type, by their names in lower case."""
        value = only(self.fields, "content-type")[:_MOST_CONTENT_TYPE]
        return {name.lower(): quoted or bare for name, quoted, bare in _PARAMETER.findall(value)}


def only(fields: Fields, name: str) -> str:
    """The one field of this name; empty where there is none, or more than one, of which nobody knows which counts."""
    found = fields.get(name, ())
    return found[0] if len(found) == 1 else ""


def taken_apart(raw: bytes) -> Part:
    """A whole message, or a part of one, with any line breaks."""
    # A mail system may write the line before it that separates messages in a file.
    raw = raw.replace(b"\r\n", b"\n")
    if raw.startswith(b"From "):
        raw = raw.partition(b"\n")[2]
    if raw.startswith(b"\n"):
        return Part({}, raw[1:])
    head, _, body = raw.partition(b"\n\n")
    return Part(fields_of(head.decode("latin-1")), body)


def fields_of(text: str) -> Fields:
    """The fields in a block of lines; a line that is none, and what continues it, is left out."""
    found: dict[str, list[list[str]]] = {}
    last: list[str] | None = None
    for line in text.split("\n"):
        if line.startswith((" ", "\t")):
            if last is not None:
                last.append(line.strip())
            continue
        name, colon, value = line.partition(":")
        last = None
        if colon and _NAME.fullmatch(name):
            last = [value.strip()]
            found.setdefault(name.lower(), []).append(last)
    return {name: tuple(" ".join(one) for one in values) for name, values in found.items()}


def parts_of(whole: Part) -> list[Part]:
    """The first parts of a multipart message; what was cut off in the middle of one is a part all the same."""
    boundary = whole.parameters.get("boundary", "")
    if not whole.kind.startswith("multipart/") or not 0 < len(boundary) <= _MOST_BOUNDARY:
        return []
    delimiter = b"--" + boundary.encode("latin-1")
    pieces: list[list[bytes]] = []
    for line in whole.body.split(b"\n"):
        bare = line.rstrip(b" \t")
        if bare == delimiter + b"--" or len(pieces) > _MOST_PARTS:
            break
        if bare == delimiter:
            pieces.append([])
        elif pieces:
            pieces[-1].append(line)
    return [taken_apart(b"\n".join(piece)) for piece in pieces]


def text_of(part: Part) -> str:
    """What a part holds, without its transfer encoding, one character a byte: all that counts in it is ASCII."""
    encoding = only(part.fields, "content-transfer-encoding").lower()
    body = part.body
    if encoding == "quoted-printable":
        body = quopri.decodestring(body)
    elif encoding == "base64":
        try:
            body = base64.b64decode(body)
        except binascii.Error:
            body = b""
    return body.replace(b"\r\n", b"\n").decode("latin-1")
