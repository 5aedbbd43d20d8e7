"""
The event key of one program.

The bot and the web program each sign what they did with a key of their own, so that owning the one that faces the
internet is not enough to write the other's events.  A key can be rotated while its program runs; see `store.keys`.
"""

import json
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jws
from joserfc.errors import JoseError, SecurityWarning
from joserfc.jwk import OKPKey

from store.errors import KeyUnreadableError, StoreMismatchError
from store.formats import base64url, event_v1
from store.key_files import write_first
from store.watched import Watched, whole

# RFC 9864 deprecates the name "EdDSA" for "Ed25519", which PyJWT, the verifier that most auditors have, does not
# accept.  The key and its thumbprint stay the same when it does.
_ALGORITHM: Final = "EdDSA"


@dataclass(frozen=True)
class Signed:
    """A leaf, a compact JWS, ASCII without a newline; and the key that signed it."""

    kid: str
    leaf: bytes


class EventKey:
    """One key, which never changes.  `program` is "bot" or "web"; `kid` is the RFC 7638 thumbprint."""

    def __init__(self, program: str, content: bytes) -> None:
        """Raises ValueError, without a word of the content, for what is no key file."""
        self.program = program
        try:
            jwk = json.loads(content)
            self._private = Ed25519PrivateKey.from_private_bytes(base64url.decode(jwk["d"], 32))
            # The library believes whatever public half stands beside the private one, and makes the kid of it.
            if jwk["x"] != base64url.encode(self._private.public_key().public_bytes_raw()):
                raise ValueError  # noqa: TRY301 - answered like any other file that is no key
            self._key = OKPKey.import_key(jwk)
        except (ValueError, TypeError, KeyError, JoseError):
            raise ValueError("no private key") from None
        self.kid = self._key.thumbprint()
        self._headers: dict[str, bytes] = {}
        self.public_jwk = json.dumps(self._key.as_dict(private=False) | {"kid": self.kid, "alg": _ALGORITHM})

    @staticmethod
    def read(program: str, path: Path) -> "EventKey":
        """The key in a file.  Raises StoreMismatchError."""
        try:
            return EventKey(program, whole(path))
        except (OSError, ValueError) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or "it is no private key"
            raise StoreMismatchError(f"the event key {path.name} cannot be read ({why})") from None

    @staticmethod
    def generate() -> bytes:
        """A new key, as its file holds it."""
        return json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)).encode()

    def sign(self, payload: bytes, kind: str = event_v1.TYPE) -> Signed:
        """A compact JWS of this type over `payload`."""
        # RFC 7515, 7.1: three parts and two dots.  A claim waits for this, and a library's way of it took twice as long
        # as the signature itself.
        if kind not in self._headers:
            header = json.dumps({"alg": _ALGORITHM, "kid": self.kid, "typ": kind})
            self._headers[kind] = base64url.encode(header.encode()).encode() + b"."
        signed = self._headers[kind] + base64url.encode(payload).encode()
        return Signed(self.kid, signed + b"." + base64url.encode(self._private.sign(signed)).encode())


class Signer:
    """
    Signs events with whatever key the program's file holds at that moment.

    It has no `kid`: one that was asked for beside a signature could be another key's, rotated in between.
    """

    def __init__(self, program: str, path: Path) -> None:
        """Raises StoreMismatchError where the file is no key."""
        self.program = program
        self._name = path.name
        EventKey.read(program, path)
        self._watched = Watched(path, lambda content: EventKey(program, content))

    @property
    def key(self) -> EventKey:
        """The key of this moment.  Raises KeyUnreadableError."""
        try:
            return self._watched.get()
        except (OSError, ValueError):
            raise KeyUnreadableError(f"the event key {self._name} cannot be read") from None

    @staticmethod
    def make(path: Path) -> None:
        """Make a key file of mode 0600; do nothing where one is."""
        write_first(path, EventKey.generate)

    def sign(self, payload: bytes, kind: str = event_v1.TYPE) -> Signed:
        """A compact JWS of this type over `payload`.  Raises KeyUnreadableError."""
        return self.key.sign(payload, kind)


def verify(leaf: bytes, public_jwk: str) -> Any:
    """
    The payload of a leaf that this key signed, read as JSON; claims, where a program of ours signed it.

    Raises for everything else, joserfc's JoseError among others: what it is given may be anybody's.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        signed = jws.deserialize_compact(leaf, OKPKey.import_key(json.loads(public_jwk)), algorithms=[_ALGORITHM])
    return json.loads(signed.payload)
