"""
The log's own key, which the bot alone can read: whoever owns the web program still cannot sign a checkpoint.

A log and its key belong together.  When the key is rotated another log begins, and what the key before had signed is
still read: its public half stays in SIGNING_DIR, for the logs up to the one that was its last.
"""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from store.errors import LogStoppedError
from store.formats import base64url, checkpoint_v1
from store.formats.checkpoint_v1 import Checkpoint, LogKey
from store.formats.errors import FormatError, MalformedError, UnprovenError
from store.key_files import next_of, write_in_place_of
from store.watched import whole

NAME: Final = "log.key"
_BEFORE: Final = "log.before"


class NotOursError(LogStoppedError):
    """A file is there and well, for all that one knows, and belongs to somebody else."""


def not_ours(name: str) -> NotOursError:
    """Nothing is damaged: another log would be begun, and a key thrown away, for a wrong owner."""
    return NotOursError(
        f"{name} in SIGNING_DIR may not be read by this program; nothing was signed, and events wait. Give it to the "
        "owner of that folder (chown), with mode 0600"
    )


class LogSigner:
    """Signs checkpoints with the key in a JWK file."""

    def __init__(self, path: Path) -> None:
        """Raises LogStoppedError where there is no such key."""
        self._folder = path.parent
        try:
            jwk = json.loads(whole(path))
            self._private = Ed25519PrivateKey.from_private_bytes(base64url.decode(jwk["d"], 32))
        except PermissionError:
            raise not_ours(path.name) from None
        except (OSError, ValueError, KeyError, TypeError, MalformedError) as error:
            raise LogStoppedError(
                f"the log's key {path.name} in SIGNING_DIR cannot be read ({type(error).__name__}); nothing was "
                "signed, and events wait. Restore it from your copy, or begin another log: "
                "`sendsecret log new --despite-damage`"
            ) from None

    def key(self, origin: str) -> LogKey:
        """The public half, as the key of the log of this name."""
        return LogKey(origin, self._private.public_key().public_bytes_raw())

    def is_of(self, origin: str, vkey: str) -> bool:
        """Whether this is the key of the log of this name and public key."""
        return self.key(origin).text == vkey

    def sign(self, checkpoint: Checkpoint) -> str:
        """The checkpoint's note."""
        return checkpoint_v1.sign(checkpoint, self._private)

    def verify(self, note: str) -> Checkpoint:
        """
        What a checkpoint says that this key signed, or one that stands beside it: after it, or before.

        Raises FormatError.
        """
        origin = note.split("\n", 1)[0]
        try:
            return checkpoint_v1.verify(note, self.key(origin))
        except UnprovenError:
            for key in self._beside(origin):
                with suppress(UnprovenError):
                    return checkpoint_v1.verify(note, key)
            raise

    def _beside(self, origin: str) -> Iterator[LogKey]:
        # In the order in which a key goes through the files: whatever signed the note is met in one of them.
        path = self._folder / NAME
        for file in (next_of(path), path):
            with suppress(LogStoppedError):
                yield LogSigner(file).key(origin)
        for last in before(self._folder):
            if checkpoint_v1.number_of(origin) <= checkpoint_v1.number_of(last.origin):
                yield LogKey(origin, last.public)


def signer_of(signing_dir: Path, origin: str, vkey: str) -> LogSigner:
    """
    The key of a log, which a rotation may not have put in place so far; `log.key` where neither is.

    Raises LogStoppedError.
    """
    path = signing_dir / NAME
    signer = LogSigner(path)
    if signer.is_of(origin, vkey):
        return signer
    try:
        coming = LogSigner(next_of(path))
        if coming.is_of(origin, vkey):
            return coming
    except NotOursError:
        raise
    except LogStoppedError:
        pass  # there is none
    return LogSigner(path)  # put in place between the two looks


def before(signing_dir: Path) -> list[LogKey]:
    """The public halves of keys that were rotated away, each as the key of its last log.  Raises LogStoppedError."""
    try:
        return [checkpoint_v1.parse_key(line) for line in (signing_dir / _BEFORE).read_text().splitlines()]
    except FileNotFoundError:
        return []
    except PermissionError:
        raise not_ours(_BEFORE) from None
    except (OSError, UnicodeDecodeError, FormatError) as error:
        raise LogStoppedError(
            f"{_BEFORE} in SIGNING_DIR, the public keys of earlier logs, cannot be read ({type(error).__name__}); "
            "nothing was signed, and events wait. Restore it from your copy, or write into it what `sendsecret log "
            "key` prints of those logs"
        ) from None


def remember(signing_dir: Path, key: LogKey) -> None:
    """Keep the public half of a key that is about to be rotated away, as the key of its last log."""
    known = before(signing_dir)
    if key not in known:
        lines = [one.text for one in (*known, key)]
        write_in_place_of(signing_dir / _BEFORE, "".join(f"{line}\n" for line in lines).encode())
