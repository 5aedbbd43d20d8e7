"""
Asked once v1: what stands for a key of a client's, and for what was asked under it.

Both are HMAC-SHA256 under the pepper.  A key may name whom something is for, and is kept no more than that is; the
token's id is in both, so that nobody meets another's key.
"""

import hmac
import re
from typing import Final

from store.formats.errors import MalformedError

MOST_CHARACTERS: Final = 255
_KEY: Final = re.compile(rf"[!-~]{{1,{MOST_CHARACTERS}}}")


def require_key(text: str) -> str:
    """The same: 1 to 255 visible characters of ASCII.  Raises MalformedError."""
    if not _KEY.fullmatch(text):
        raise MalformedError("no such key")
    return text


def of_key(pepper: bytes, token_id: bytes, key: str) -> bytes:
    """Stands for the key of whoever has this token."""
    # The pepper's other uses begin otherwise; see submission_v1.
    return hmac.digest(pepper, b"ik" + token_id + key.encode("ascii"), "sha256")


def of_asked(pepper: bytes, token_id: bytes, key: str, asked: str) -> bytes:
    """Stands for what was asked under it; a key has no zero byte."""
    return hmac.digest(pepper, b"ib" + token_id + key.encode("ascii") + b"\x00" + asked.encode(), "sha256")
