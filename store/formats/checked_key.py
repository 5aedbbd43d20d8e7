"""
A key that a program shows: a prefix, then base64url(`id ‖ secret[32] ‖ chk[4]`).

The server keeps SHA-256(label 00 id secret); `chk` is the start of the same under another label.  The prefix lets
scanners find a key that leaked, and the checksum, public arithmetic, lets anybody say that one was cut.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from store.formats import base64url
from store.formats.errors import MalformedError

SECRET_BYTES: Final = 32
_CHECK_BYTES: Final = 4


@dataclass(frozen=True)
class Spelling:
    """How one kind of key is written; `label` is what it is hashed under."""

    prefix: str
    id_bytes: int
    label: str

    def require(self, key_id: bytes, secret: bytes) -> None:
        """Raises MalformedError for what this kind of key cannot be made of."""
        if len(key_id) != self.id_bytes or len(secret) != SECRET_BYTES:
            raise MalformedError(f"a key has a {self.id_bytes}-byte id and a {SECRET_BYTES}-byte secret")

    def text(self, key_id: bytes, secret: bytes) -> str:
        """The whole key.  Secret."""
        return self.prefix + base64url.encode(key_id + secret + self._check(key_id + secret))

    def proof(self, key_id: bytes, secret: bytes) -> bytes:
        """What is kept of it.  256 random bits: there is nothing to guess that a slower hash would protect."""
        return self._hash("", key_id + secret)

    def parse(self, text: str) -> tuple[bytes, bytes]:
        """Id and secret.  Raises MalformedError for every text that `text` would not have produced."""
        if not text.startswith(self.prefix):
            raise MalformedError(f"it begins with {self.prefix}")
        raw = base64url.decode(text[len(self.prefix) :], self.id_bytes + SECRET_BYTES + _CHECK_BYTES)
        whole, check = raw[:-_CHECK_BYTES], raw[-_CHECK_BYTES:]
        if not hmac.compare_digest(check, self._check(whole)):
            raise MalformedError("it was cut or changed: its checksum does not fit")
        return whole[: self.id_bytes], whole[self.id_bytes :]

    def _check(self, whole: bytes) -> bytes:
        return self._hash("/chk", whole)[:_CHECK_BYTES]

    def _hash(self, use: str, whole: bytes) -> bytes:
        return hashlib.sha256(f"{self.label}{use}\x00".encode() + whole).digest()
