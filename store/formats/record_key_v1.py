"""
Record key v1, with which a program reads one record: `ssk_`, then base64url(`id[16] ‖ secret[32] ‖ chk[4]`).

The server keeps SHA-256("sendsecret/record-key/v1" 00 id secret); `chk` is the start of another.  The prefix lets
scanners find a key that leaked, and the checksum, public arithmetic, lets them say that it is one.
"""

from dataclasses import dataclass, field
from typing import Final

from store.formats import base64url, checked_key

ID_BYTES: Final = 16
SECRET_BYTES: Final = checked_key.SECRET_BYTES
_SPELLING: Final = checked_key.Spelling("ssk_", ID_BYTES, "sendsecret/record-key/v1")
PREFIX: Final = _SPELLING.prefix


@dataclass(frozen=True, slots=True)
class RecordKey:
    """Which record, and the secret that opens it."""

    id: bytes
    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        _SPELLING.require(self.id, self.secret)

    @property
    def id_text(self) -> str:
        """The record's id as addresses and logs have it: 22 characters, which open nothing."""
        return base64url.encode(self.id)

    @property
    def text(self) -> str:
        """The whole key.  Secret: whoever has it, and reaches the server, reads the record."""
        return _SPELLING.text(self.id, self.secret)

    @property
    def proof(self) -> bytes:
        """What is kept of it."""
        return _SPELLING.proof(self.id, self.secret)


def parse(text: str) -> RecordKey:
    """The key in a text.  Raises MalformedError for every text that `RecordKey.text` would not have produced."""
    return RecordKey(*_SPELLING.parse(text))
