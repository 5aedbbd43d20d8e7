"""
The log's own key, which the bot alone can read: whoever owns the web program still cannot sign a checkpoint.
"""

import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from store.errors import LogStoppedError
from store.formats import base64url, checkpoint_v1
from store.formats.checkpoint_v1 import Checkpoint, LogKey
from store.formats.errors import MalformedError


class LogSigner:
    """Signs checkpoints with the key in a JWK file."""

    def __init__(self, path: Path) -> None:
        """Raises LogStoppedError where there is no such key."""
        try:
            jwk = json.loads(path.read_text())
            self._private = Ed25519PrivateKey.from_private_bytes(base64url.decode(jwk["d"], 32))
        except (OSError, ValueError, KeyError, TypeError, MalformedError) as error:
            raise LogStoppedError(
                f"the log's key {path.name} in SIGNING_DIR cannot be read ({type(error).__name__}); nothing was "
                "signed, and events wait. Restore it from your copy, or begin another log: "
                "`sendsecret log new --despite-damage`"
            ) from None

    def key(self, origin: str) -> LogKey:
        """The public half, as the key of the log of this name."""
        return LogKey(origin, self._private.public_key().public_bytes_raw())

    def sign(self, checkpoint: Checkpoint) -> str:
        """The checkpoint's note."""
        return checkpoint_v1.sign(checkpoint, self._private)
