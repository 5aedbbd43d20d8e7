"""Unpadded base64url with exactly one spelling for every sequence of bytes.

Two spellings of one id or one proof would be two keys in a cache, a log or a uniqueness rule, so anything but
the canonical spelling is refused: padding, the `+/` alphabet, white space, unused bits that are not zero.
"""

import base64
import binascii

from store.formats.errors import MalformedError


def encode(raw: bytes) -> str:
    """The canonical text of `raw`: RFC 4648 section 5 without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def decode(text: str, length: int | None = None) -> bytes:
    """The bytes of `text`; with `length`, exactly that many.

    Raises MalformedError for every spelling that `encode` would not have produced.
    """
    if not text.isascii() or len(text) % 4 == 1:
        raise MalformedError("not base64url")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise MalformedError("not base64url") from error
    # Python takes "+" and "/" as well and drops unused bits in silence; spelling it back finds all of that.
    if encode(raw) != text:
        raise MalformedError("not canonical base64url")
    if length is not None and len(raw) != length:
        raise MalformedError("base64url of the wrong length")
    return raw
