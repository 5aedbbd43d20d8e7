"""
API token v1, shown by a client in a person's name: `sst_`, then base64url(`id[12] ‖ secret[32] ‖ chk[4]`).

The server keeps SHA-256("sendsecret/api-token/v1" 00 id secret); `chk` is the start of another.  The prefix lets
scanners find a token that leaked, and the checksum, public arithmetic, lets a client say that one was cut before it is
sent anywhere.
"""

from dataclasses import dataclass, field
from typing import Final

from store.formats import base64url, checked_key

ID_BYTES: Final = 12
SECRET_BYTES: Final = checked_key.SECRET_BYTES
_SPELLING: Final = checked_key.Spelling("sst_", ID_BYTES, "sendsecret/api-token/v1")
PREFIX: Final = _SPELLING.prefix


@dataclass(frozen=True, slots=True)
class ApiToken:
    """Which token, and the secret that makes it one."""

    id: bytes
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _SPELLING.require(self.id, self.secret)

    @property
    def id_text(self) -> str:
        """The id as people and logs name it: 16 characters, which open nothing."""
        return base64url.encode(self.id)

    @property
    def text(self) -> str:
        """The whole token.  Secret: whoever has it asks in its owner's name."""
        return _SPELLING.text(self.id, self.secret)

    @property
    def proof(self) -> bytes:
        """What is kept of it."""
        return _SPELLING.proof(self.id, self.secret)


def parse(text: str) -> ApiToken:
    """The token in a text.  Raises MalformedError for every text that `ApiToken.text` would not have produced."""
    return ApiToken(*_SPELLING.parse(text))
