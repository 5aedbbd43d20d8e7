"""
API token v1, shown by a client in a person's name: `sst_`, then base64url(`id[12] ‖ secret[32] ‖ chk[4]`).

The server keeps SHA-256("sendsecret/api-token/v1" 00 id secret); `chk` is the start of another.  The prefix lets
scanners find a token that leaked, and the checksum, public arithmetic, lets a client say that one was cut before it is
sent anywhere.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from store.formats import base64url
from store.formats.errors import MalformedError

PREFIX: Final = "sst_"
ID_BYTES: Final = 12
SECRET_BYTES: Final = 32
_CHECK_BYTES: Final = 4
_LABEL: Final = b"sendsecret/api-token/v1\x00"
_CHECK_LABEL: Final = b"sendsecret/api-token/v1/chk\x00"


@dataclass(frozen=True, slots=True)
class ApiToken:
    """Which token, and the secret that makes it one."""

    id: bytes
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.id) != ID_BYTES or len(self.secret) != SECRET_BYTES:
            raise MalformedError("a token has a 12-byte id and a 32-byte secret")

    @property
    def id_text(self) -> str:
        """The id as people and logs name it: 16 characters, which open nothing."""
        return base64url.encode(self.id)

    @property
    def text(self) -> str:
        """The whole token.  Secret: whoever has it asks in its owner's name."""
        return PREFIX + base64url.encode(self.id + self.secret + _check(self.id + self.secret))

    @property
    def proof(self) -> bytes:
        """What is kept of it.  256 random bits: there is nothing to guess that a slower hash would protect."""
        return hashlib.sha256(_LABEL + self.id + self.secret).digest()


def parse(text: str) -> ApiToken:
    """The token in a text.  Raises MalformedError for every text that `ApiToken.text` would not have produced."""
    if not text.startswith(PREFIX):
        raise MalformedError("a token begins with sst_")
    raw = base64url.decode(text[len(PREFIX) :], ID_BYTES + SECRET_BYTES + _CHECK_BYTES)
    whole, check = raw[:-_CHECK_BYTES], raw[-_CHECK_BYTES:]
    if not hmac.compare_digest(check, _check(whole)):
        raise MalformedError("the token was cut or changed: its checksum does not fit")
    return ApiToken(whole[:ID_BYTES], whole[ID_BYTES:])


def _check(whole: bytes) -> bytes:
    return hashlib.sha256(_CHECK_LABEL + whole).digest()[:_CHECK_BYTES]
