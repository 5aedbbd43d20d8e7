"""
The bot's delivery key, which opens the links that others sealed to it; the bot alone can read it.

In SIGNING_DIR: `delivery.key`, while a rotation is underway the next one beside it, and after one those before it, for
as long as something sealed to them may come.  They are read for each link and kept nowhere else.
"""

import json
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from joserfc.errors import JoseError
from joserfc.jwk import ECKey

from store.errors import StoreMismatchError
from store.formats import base64url, delivery_v1
from store.formats.errors import MalformedError
from store.key_files import next_of, write_first
from store.watched import whole

NAME: Final = "delivery.key"
_BEFORE: Final = ".before-"


@dataclass(frozen=True)
class DeliveryKey:
    """One key; `kid` is the RFC 7638 thumbprint, `public` the point of 65 bytes."""

    kid: str
    public: bytes
    private: bytes = field(repr=False)

    @staticmethod
    def parse(content: bytes) -> "DeliveryKey":
        """The key in a file's content.  Raises ValueError, without a word of the content, for what is none."""
        try:
            private = base64url.decode(json.loads(content)["d"], delivery_v1.PRIVATE_BYTES)
            public = delivery_v1.public_of(private)
            kid = ECKey.import_key(_public_jwk(public)).thumbprint()
        except (ValueError, TypeError, KeyError, AttributeError, JoseError):
            raise ValueError("no private key") from None
        return DeliveryKey(kid, public, private)

    @staticmethod
    def generate() -> bytes:
        """A new key, as its file holds it: a JWK."""
        while True:
            private = secrets.token_bytes(delivery_v1.PRIVATE_BYTES)
            with suppress(MalformedError):  # one number in four thousand million is not below the group's order
                jwk = _public_jwk(delivery_v1.public_of(private)) | {"d": base64url.encode(private)}
                return json.dumps(jwk).encode()

    @staticmethod
    def read(path: Path) -> "DeliveryKey":
        """The key in a file.  Raises StoreMismatchError."""
        try:
            return DeliveryKey.parse(whole(path))
        except (OSError, ValueError) as error:
            why = (error.strerror if isinstance(error, OSError) else None) or "it is no private key"
            raise StoreMismatchError(f"the delivery key {path.name} cannot be read ({why})") from None

    @staticmethod
    def make(path: Path) -> None:
        """Make a key file of mode 0600; do nothing where one is."""
        write_first(path, DeliveryKey.generate)


class LinkOpener:
    """Opens sealed links with whatever keys are in SIGNING_DIR at that moment.  Blocks; call it in a thread."""

    def __init__(self, signing_dir: Path) -> None:
        self._path = signing_dir / NAME

    @property
    def key(self) -> DeliveryKey:
        """The key in place.  Raises StoreMismatchError."""
        return DeliveryKey.read(self._path)

    @property
    def coming(self) -> str | None:
        """The kid of the one that a rotation made and has not put in place so far."""
        with suppress(StoreMismatchError):
            return DeliveryKey.read(next_of(self._path)).kid
        return None

    @property
    def kids(self) -> set[str]:
        """The kids of all that are held."""
        return {key.kid for key in self._held()}

    def open(self, drop_id: bytes, sealed_link: bytes) -> str | None:
        """What was sealed for this drop to one of them; None where none of them opens it."""
        for key in self._held():
            with suppress(MalformedError):
                return delivery_v1.unseal(key.private, drop_id, sealed_link)
        return None

    def _held(self) -> Iterator[DeliveryKey]:
        # In the order in which a key goes through the files: during a rotation each is met in one of them.
        for path in (next_of(self._path), self._path):
            with suppress(StoreMismatchError):
                yield DeliveryKey.read(path)
        for path in before(self._path.parent):
            with suppress(StoreMismatchError):
                yield DeliveryKey.read(path)


def place_of_old(signing_dir: Path, kid: str) -> Path:
    """Where a key goes that is rotated away."""
    return signing_dir / f"{NAME}{_BEFORE}{kid}"


def before(signing_dir: Path) -> list[Path]:
    """The files of keys that were rotated away and are not erased so far."""
    return sorted(signing_dir.glob(f"{NAME}{_BEFORE}*"))


def _public_jwk(public: bytes) -> dict[str, str | list[str]]:
    half = (delivery_v1.PUBLIC_BYTES - 1) // 2
    x, y = public[1 : 1 + half], public[1 + half :]
    return {"kty": "EC", "crv": "P-256", "x": base64url.encode(x), "y": base64url.encode(y)}
