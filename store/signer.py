"""
The event key of one program.

The bot and the web program each sign what they did with a key of their own, so that owning the one that faces the
internet is not enough to write the other's events.
"""

import json
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from joserfc import jws
from joserfc.errors import SecurityWarning
from joserfc.jwk import OKPKey

from store.errors import StoreMismatchError
from store.formats import event_v1
from store.keyring import write_new

# RFC 9864 deprecates the name "EdDSA" for "Ed25519", which PyJWT, the verifier that most auditors have, does not
# accept.  The key and its thumbprint stay the same when it does.
_ALGORITHM: Final = "EdDSA"


class Signer:
    """Signs events.  `program` is "bot" or "web"; `kid` is the RFC 7638 thumbprint."""

    def __init__(self, program: str, path: Path) -> None:
        self.program = program
        try:
            self._key = OKPKey.import_key(json.loads(path.read_text()))
        except OSError as error:
            raise StoreMismatchError(f"the event key {path.name} cannot be read ({error.strerror})") from error
        self.kid = self._key.thumbprint()
        self.public_jwk = json.dumps(self._key.as_dict(private=False) | {"kid": self.kid, "alg": _ALGORITHM})

    @staticmethod
    def make(path: Path) -> None:
        """Make a key file of mode 0600; do nothing where one is."""
        if path.exists():
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):  # made by another start of the program, just now
            write_new(path, json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)).encode())

    def sign(self, payload: bytes, kind: str = event_v1.TYPE) -> bytes:
        """A compact JWS of this type over `payload`, ASCII without a newline."""
        header = {"alg": _ALGORITHM, "kid": self.kid, "typ": kind}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SecurityWarning)
            return jws.serialize_compact(header, payload, self._key, algorithms=[_ALGORITHM]).encode()


def verify(leaf: bytes, public_jwk: str) -> Any:
    """
    The payload of a leaf that this key signed, read as JSON; claims, where a program of ours signed it.

    Raises for everything else, joserfc's JoseError among others: what it is given may be anybody's.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SecurityWarning)
        signed = jws.deserialize_compact(leaf, OKPKey.import_key(json.loads(public_jwk)), algorithms=[_ALGORITHM])
    return json.loads(signed.payload)
