"""
Sealed question v1: a token, and for what it asks just now, as it is sealed to the bot's delivery key.

The web program takes a question in and cannot act on it; so that the bot need not believe it, the token comes sealed
together with a hash of what is asked.  A question that somebody kept, one that was changed on its way through the
database, and one of another kind is none.
"""

import hmac
import json
from typing import Final

from store.formats import api_token_v1
from store.formats.api_token_v1 import ApiToken
from store.formats.errors import MalformedError
from store.formats.strict_json import is_text, parse_object

WAITS_SECONDS: Final = 120
"""For how long a question waits: one that says more was sealed by somebody who means to keep it."""

_SKEW_SECONDS: Final = 30
"""By which the bot's clock may be behind the one of who asked."""


def to_seal(token: ApiToken, kind: str, digest: str, until: int) -> str:
    """What is sealed: the token, the hash of what it asks for under its kind, and until when (Unix s).  Secret."""
    return json.dumps({"token": token.text, kind: digest, "until": until}, separators=(",", ":"))


def token_in(opened: str, kind: str, digest: str, now: int) -> ApiToken:
    """The token that asks for just this, just now.  Raises MalformedError for whatever else was sealed."""
    said = parse_object(opened)
    token, asked, until = said.get("token"), said.get(kind), said.get("until")
    if not is_text(token) or not is_text(asked) or type(until) is not int or len(said) != 3:
        raise MalformedError("it has other members")
    if not now <= until <= now + WAITS_SECONDS + _SKEW_SECONDS:
        raise MalformedError("it was sealed for a question that is over, or to be kept")
    # As bytes: of texts compare_digest takes ASCII alone, and raises TypeError for what a stranger may have put here.
    if not hmac.compare_digest(str(asked).encode(), digest.encode()):
        raise MalformedError("it was sealed for another question")
    return api_token_v1.parse(str(token))
