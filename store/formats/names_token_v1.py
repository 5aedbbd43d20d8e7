"""
Names token v1: lets whoever has it read the names behind one receipt, for a while.

`base64url(until[4] scope[1] mac[16])`, 28 characters, `mac` = HMAC-SHA256(pepper, "rn" rid until scope) cut to 16
bytes.  It stands in the fragment of a receipt's address.  Nothing of it is stored: it needs no table, and a backup
gives none out.
"""

import hmac
import struct
from dataclasses import dataclass
from typing import Final

from store.formats import base64url
from store.formats.errors import MalformedError, UnprovenError

RID_BYTES: Final = 16
_MAC_BYTES: Final = 16
_HEAD: Final = struct.Struct(">IB")
_NAMES, _NAMES_AND_LABEL = 1, 2


@dataclass(frozen=True)
class Grant:
    """What a token grants: until when (Unix seconds), and whether the label is shown beside the names."""

    until: int
    with_label: bool


def encode(pepper: bytes, rid: bytes, grant: Grant) -> str:
    """The token; `rid` is the receipt's 16 bytes."""
    head = _HEAD.pack(grant.until, _NAMES_AND_LABEL if grant.with_label else _NAMES)
    return base64url.encode(head + _mac(pepper, rid, head))


def decode(pepper: bytes, rid: bytes, token: str) -> Grant:
    """
    What it grants; whether its time is over is for the caller.

    Raises MalformedError for what is no token, and UnprovenError for one that was never given out for this receipt.
    """
    raw = base64url.decode(token, _HEAD.size + _MAC_BYTES)
    head, mac = raw[: _HEAD.size], raw[_HEAD.size :]
    if not hmac.compare_digest(mac, _mac(pepper, rid, head)):
        raise UnprovenError("this token was not given out for this receipt")
    until, scope = _HEAD.unpack(head)
    if scope not in (_NAMES, _NAMES_AND_LABEL):
        raise MalformedError("a token of another kind")
    return Grant(until, with_label=scope == _NAMES_AND_LABEL)


def _mac(pepper: bytes, rid: bytes, head: bytes) -> bytes:
    if len(rid) != RID_BYTES:
        raise MalformedError("a receipt's id has 16 bytes")
    # The pepper's other use begins with "lp"; see stored_v1.
    return hmac.digest(pepper, b"rn" + rid + head, "sha256")[:_MAC_BYTES]
