"""
Asked page v1: a record with a page that a client has sealed, and what the bot is asked to make of it.

As `asked_record_v1`, for people: the client has drawn id and link key and knows the passphrase, and hands in what
follows from both together and is no way back to either.  Whoever takes it in reads no value.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Final

from store.formats import base64url, sealed_question_v1
from store.formats.api_token_v1 import ApiToken
from store.formats.asked_record_v1 import Wanted
from store.formats.errors import MalformedError
from store.formats.record_v1 import Inside

DERIVED_BYTES: Final = 32
"""Of the link proof, the auth token and the commitment, each."""
_KIND: Final = "page"
_LABEL: Final = b"sendsecret/asked-page/v1\x00"


@dataclass(frozen=True)
class Derived:
    """What follows from the link key, and from link key and passphrase: see `derivation_v1`."""

    link_proof: bytes = field(repr=False)
    auth_token: bytes = field(repr=False)
    commit: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if {len(self.link_proof), len(self.auth_token), len(self.commit)} != {DERIVED_BYTES}:
            raise MalformedError(f"link_proof, auth_token and commit have {DERIVED_BYTES} bytes each")


@dataclass(frozen=True)
class AskedPage:
    """All that a client asks for; `header` verbatim, as it was sealed.  No hint is None, and never empty."""

    id: bytes
    header: str = field(repr=False)
    hint: str | None = field(repr=False)
    derived: Derived
    inside: Inside = field(repr=False)
    wanted: Wanted

    @property
    def digest(self) -> str:
        """What the token is bound to."""
        derived, inside = self.derived, self.inside
        texts = (self.header.encode(), (self.hint or "").encode())
        proofs = (derived.link_proof, derived.auth_token, derived.commit)
        sealed = (inside.wrapped_key, inside.box, self.wanted.encode().encode("ascii"))
        # Each by its own hash, so that nothing can move from one into the next.
        parts = b"".join(hashlib.sha256(part).digest() for part in (self.id, *texts, *proofs, *sealed))
        return base64url.encode(hashlib.sha256(_LABEL + parts).digest())

    def encode_kept(self) -> bytes:
        """All but the id, the box and the wishes, for the row in which it waits.  Secret."""
        derived, wrapped = self.derived, self.inside.wrapped_key
        parts = (derived.link_proof, derived.auth_token, derived.commit, wrapped)
        return json.dumps([self.header, self.hint, *map(base64url.encode, parts)]).encode()

    @staticmethod
    def parse_kept(record_id: bytes, kept: bytes, box: bytes, wanted: Wanted) -> "AskedPage":
        """What `encode_kept` wrote.  Raises MalformedError."""
        try:
            header, hint, *rest = json.loads(kept)
            proof, token, commit, wrapped = (base64url.decode(one) for one in rest)
        except (ValueError, TypeError):
            raise MalformedError("not an asked page") from None
        return AskedPage(record_id, header, hint, Derived(proof, token, commit), Inside(wrapped, box), wanted)


def to_seal(token: ApiToken, asked: AskedPage, until: int) -> str:
    """What is sealed to the bot: the token, which page it makes, and until when (Unix seconds).  Secret."""
    return sealed_question_v1.to_seal(token, _KIND, asked.digest, until)


def token_in(opened: str, asked: AskedPage, now: int) -> ApiToken:
    """The token that makes just this page, just now.  Raises MalformedError for whatever else was sealed."""
    return sealed_question_v1.token_in(opened, _KIND, asked.digest, now)
