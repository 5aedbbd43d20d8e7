"""
Asked revoke v1: that a client asks the bot to revoke one drop; see `sealed_question_v1`.
"""

import hashlib
from typing import Final

from store.formats import base64url, sealed_question_v1
from store.formats.api_token_v1 import ApiToken

_KIND: Final = "revoke"
_LABEL: Final = b"sendsecret/asked-revoke/v1\x00"


def to_seal(token: ApiToken, drop_id: bytes, until: int) -> str:
    """What is sealed to the bot: the token, which drop it revokes, and until when (Unix seconds).  Secret."""
    return sealed_question_v1.to_seal(token, _KIND, _digest(drop_id), until)


def token_in(opened: str, drop_id: bytes, now: int) -> ApiToken:
    """The token that revokes just this drop, just now.  Raises MalformedError for whatever else was sealed."""
    return sealed_question_v1.token_in(opened, _KIND, _digest(drop_id), now)


def _digest(drop_id: bytes) -> str:
    return base64url.encode(hashlib.sha256(_LABEL + drop_id).digest())
