"""
Attempt v1: by which a client's repetition finds the order that its first question made, though its answer was lost.

A client says one attempt with a question and all its repetitions, and another one when it asks anew.  The order's token
is then HMAC-SHA256(the API token's secret, "sendsecret/attempt/v1" 00 order id, key, 00, attempt): whoever says the
same again can be told the same again, and nothing is kept from which anybody else could.
"""

import hmac
import re
from typing import Final

from store.formats.api_token_v1 import ApiToken
from store.formats.errors import MalformedError

_LABEL: Final = b"sendsecret/attempt/v1\x00"
_ATTEMPT: Final = re.compile(r"[!-~]{16,255}")


def require_attempt(text: str) -> str:
    """The same: 16 to 255 visible characters of ASCII.  Raises MalformedError."""
    if not _ATTEMPT.fullmatch(text):
        raise MalformedError("no such attempt")
    return text


def order_token(token: ApiToken, key: str, attempt: str, order_id: bytes) -> bytes:
    """32 bytes.  Under the secret, so that an attempt that others can guess gives nobody an order."""
    # The order's id has one length, and a key has no zero byte: no two questions are spelled alike.
    return hmac.digest(token.secret, _LABEL + order_id + f"{key}\x00{attempt}".encode("ascii"), "sha256")
