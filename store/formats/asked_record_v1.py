"""
Asked record v1: a record that a client has sealed, and what the bot is asked to make of it; see `sealed_question_v1`.

The client has drawn the record's id and key itself, and hands in what the keyring's layer goes around; see `record_v1`.
Whoever takes it in reads no value and learns no key.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Final

from store.formats import base64url, sealed_question_v1
from store.formats.api_token_v1 import ApiToken
from store.formats.errors import MalformedError
from store.formats.record_v1 import Inside

_KIND: Final = "record"
_LABEL: Final = b"sendsecret/asked-record/v1\x00"


@dataclass(frozen=True)
class Wanted:
    """What it is to be called, where its key is rotated, for how long it lives, how often it is read (None: any)."""

    label: str
    rotate_url: str | None
    lives_seconds: int
    most_reads: int | None

    def encode(self) -> str:
        """One spelling for each: what is hashed, and what is kept under the key of its month."""
        return json.dumps(asdict(self), ensure_ascii=True, sort_keys=True, separators=(",", ":"))

    @staticmethod
    def parse(text: str) -> "Wanted":
        """What `encode` wrote.  Raises MalformedError."""
        try:
            return Wanted(**json.loads(text))
        except (ValueError, TypeError):
            raise MalformedError("not an asked record") from None


@dataclass(frozen=True)
class AskedRecord:
    """All that a client asks for; `proof` is what is kept of the record's key, see `record_key_v1`."""

    id: bytes
    proof: bytes = field(repr=False)
    inside: Inside = field(repr=False)
    wanted: Wanted

    @property
    def digest(self) -> str:
        """What the token is bound to."""
        parts = (self.id, self.proof, self.inside.wrapped_key, self.inside.box, self.wanted.encode().encode("ascii"))
        # Each by its own hash, so that nothing can move from one into the next.
        return base64url.encode(hashlib.sha256(_LABEL + b"".join(hashlib.sha256(x).digest() for x in parts)).digest())


def to_seal(token: ApiToken, asked: AskedRecord, until: int) -> str:
    """What is sealed to the bot: the token, which record it makes, and until when (Unix seconds).  Secret."""
    return sealed_question_v1.to_seal(token, _KIND, asked.digest, until)


def token_in(opened: str, asked: AskedRecord, now: int) -> ApiToken:
    """The token that makes just this record, just now.  Raises MalformedError for whatever else was sealed."""
    return sealed_question_v1.token_in(opened, _KIND, asked.digest, now)
