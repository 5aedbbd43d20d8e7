"""
Asked revoke v1: that a client asks the bot to revoke one drop, or one record; see `sealed_question_v1`.
"""

import hashlib
from typing import Final

from store.asked_words import Revocable
from store.formats import base64url, sealed_question_v1
from store.formats.api_token_v1 import ApiToken

_KIND: Final = "revoke"
_LABELS: Final = {
    Revocable.DROP: b"sendsecret/asked-revoke/v1\x00",
    Revocable.RECORD: b"sendsecret/asked-revoke/v1/record\x00",
}
"""Apart, so that an id which is asked about as the one never ends the other."""


def to_seal(token: ApiToken, which: bytes, until: int, what: Revocable = Revocable.DROP) -> str:
    """What is sealed to the bot: the token, the id of what it revokes, and until when (Unix seconds).  Secret."""
    return sealed_question_v1.to_seal(token, _KIND, _digest(which, what), until)


def token_in(opened: str, which: bytes, now: int, what: Revocable = Revocable.DROP) -> ApiToken:
    """The token that revokes just this, just now.  Raises MalformedError for whatever else was sealed."""
    return sealed_question_v1.token_in(opened, _KIND, _digest(which, what), now)


def _digest(which: bytes, what: Revocable) -> str:
    return base64url.encode(hashlib.sha256(_LABELS[what] + which).digest())
