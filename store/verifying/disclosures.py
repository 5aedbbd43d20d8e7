"""A disclosure's text, read: which field of which value it reveals, and the digest that its leaf must hold."""

import hashlib
import json

from store.formats import base64url
from store.formats.errors import MalformedError
from store.formats.strict_json import is_text


def digest(text: str) -> str:
    """What stands in the leaf (RFC 9901, 4.2.3)."""
    return base64url.encode(hashlib.sha256(text.encode()).digest())


def fields(text: str) -> tuple[str, str]:
    """Name and value (RFC 9901, 4.2.1).  Raises MalformedError."""
    try:
        read = json.loads(base64url.decode(text).decode())
    except (ValueError, RecursionError):
        raise MalformedError("a disclosure is malformed") from None
    if not isinstance(read, list) or len(read) != 3 or not all(map(is_text, read)):
        raise MalformedError("a disclosure is malformed")
    return read[1], read[2]
