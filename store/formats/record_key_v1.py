"""
Record key v1, with which a program reads one record: `ssk_`, then base64url(`id[16] ‖ secret[32] ‖ chk[4]`).

The server keeps SHA-256("sendsecret/record-key/v1" 00 id secret); `chk` is the start of another.  The prefix lets
scanners find a key that leaked, and the checksum, public arithmetic, lets them say that it is one.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from store.formats import base64url
from store.formats.errors import MalformedError

PREFIX: Final = "ssk_"
ID_BYTES: Final = 16
SECRET_BYTES: Final = 32
_CHECK_BYTES: Final = 4
_LABEL: Final = b"sendsecret/record-key/v1\x00"
_CHECK_LABEL: Final = b"sendsecret/record-key/v1/chk\x00"


@dataclass(frozen=True, slots=True)
class RecordKey:
    """Which record, and the secret that opens it."""

    id: bytes
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.id) != ID_BYTES or len(self.secret) != SECRET_BYTES:
            raise MalformedError("a record's key has a 16-byte id and a 32-byte secret")

    @property
    def id_text(self) -> str:
        """The record's id as addresses and logs have it: 22 characters, which open nothing."""
        return base64url.encode(self.id)

    @property
    def text(self) -> str:
        """The whole key.  Secret: whoever has it, and reaches the server, reads the record."""
        return PREFIX + base64url.encode(self.id + self.secret + _check(self.id + self.secret))

    @property
    def proof(self) -> bytes:
        """What is kept of it.  256 random bits: there is nothing to guess that a slower hash would protect."""
        return hashlib.sha256(_LABEL + self.id + self.secret).digest()


def parse(text: str) -> RecordKey:
    """The key in a text.  Raises MalformedError for every text that `RecordKey.text` would not have produced."""
    if not text.startswith(PREFIX):
        raise MalformedError("a record's key begins with ssk_")
    raw = base64url.decode(text[len(PREFIX) :], ID_BYTES + SECRET_BYTES + _CHECK_BYTES)
    whole, check = raw[:-_CHECK_BYTES], raw[-_CHECK_BYTES:]
    if not hmac.compare_digest(check, _check(whole)):
        raise MalformedError("the key was cut or changed: its checksum does not fit")
    return RecordKey(whole[:ID_BYTES], whole[ID_BYTES:])


def _check(whole: bytes) -> bytes:
    return hashlib.sha256(_CHECK_LABEL + whole).digest()[:_CHECK_BYTES]
