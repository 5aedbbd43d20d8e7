"""
A checkpoint: how many leaves the log has and their root, signed by the log's key (C2SP signed-note, tlog-checkpoint).

The name of the key is the log's origin, and there are no extension lines.  Signatures of others may stand beside
ours, so that witnesses can be added; they are neither needed nor judged here.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from store.formats.errors import MalformedError, UnprovenError
from store.formats.merkle_v1 import HASH_BYTES

MOST_CHARACTERS: Final = 8192
_ED25519: Final = b"\x01"
_KEY_ID_BYTES: Final = 4
_NAME: Final = re.compile(r"[!-*,-~]{1,255}", re.ASCII)  # visible characters but "+", which ends a name in a vkey
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
# Not \s: languages disagree about what white space is (U+001C, U+0085, U+FEFF); these are Unicode's.
_SPACES: Final = r"\t-\r \x85\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_SIGNATURE: Final = re.compile(rf"\u2014 (?P<name>[^{_SPACES}+]+) (?P<blob>[A-Za-z0-9+/]+={{0,2}})")
_NUMBERED: Final = re.compile(r"/audit(?:-([1-9][0-9]{0,8}))?\Z", re.ASCII)
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Checkpoint:
    """The state of one log: its origin, the number of its leaves, the root over them (32 bytes)."""

    origin: str
    size: int
    root: bytes

    @property
    def body(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


@dataclass(frozen=True)
class LogKey:
    """The public half of a log's key, under the log's name."""

    origin: str
    public: bytes

    def __post_init__(self) -> None:
        if _NAME.fullmatch(self.origin) is None:
            raise MalformedError("an origin is 1 to 255 visible characters without +")
        if len(self.public) != HASH_BYTES:
            raise MalformedError("an Ed25519 key has 32 bytes")

    @property
    def id(self) -> bytes:
        """Four bytes that say which key; signed-note, "Signatures"."""
        return hashlib.sha256(self.origin.encode() + b"\n" + _ED25519 + self.public).digest()[:_KEY_ID_BYTES]

    @property
    def text(self) -> str:
        """The vkey: one line by which the log is known."""
        return f"{self.origin}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"


def origin_of(public_url: str, number: int = 1) -> str:
    """The name of an installation's log; number 2 is the one after its first restored backup, and so on."""
    host = urlsplit(public_url).netloc.lower()
    return f"{host}/audit" if number == 1 else f"{host}/audit-{number}"


def number_of(origin: str) -> int:
    """The number of an installation's log, out of its origin; 0 for an origin that `origin_of` never gave."""
    found = _NUMBERED.search(origin)
    return int(found[1] or 1) if found else 0


def parse_key(text: str) -> LogKey:
    """Read a vkey.  Raises MalformedError."""
    parts = text.split("+", 2)
    if len(parts) != 3:
        raise MalformedError("a log key is a name, an id and a key")
    raw = decode_base64(parts[2], 1 + HASH_BYTES)
    key = LogKey(parts[0], raw[1:])
    if raw[:1] != _ED25519:
        raise MalformedError("the log key is of another kind than Ed25519")
    if key.text != text:
        raise MalformedError("the id of the log key is not the one of its name and bytes")
    return key


def sign(checkpoint: Checkpoint, private: Ed25519PrivateKey) -> str:
    """The note: body, empty line, one signature.  The same checkpoint always gives the same note."""
    key = LogKey(checkpoint.origin, private.public_key().public_bytes_raw())
    blob = base64.b64encode(key.id + private.sign(checkpoint.body.encode())).decode()
    return f"{checkpoint.body}\n\u2014 {key.origin} {blob}\n"


def require_shape(note: str) -> None:
    """That a text is a note with a checkpoint, whoever signed it.  Raises MalformedError."""
    _parse(note)


def verify(note: str, key: LogKey) -> Checkpoint:
    """
    What a note says, if the log's key signed it.

    Raises MalformedError for what is no checkpoint, and UnprovenError where the signature is missing or wrong, or the
    checkpoint is another log's.
    """
    checkpoint, signatures = _parse(note)
    if checkpoint.origin != key.origin:
        raise UnprovenError("the checkpoint is another log's")
    ours = [blob[_KEY_ID_BYTES:] for name, blob in signatures if name == key.origin and blob.startswith(key.id)]
    if len(ours) != 1:
        raise UnprovenError("the checkpoint is not signed, once, by the log's key")
    try:
        Ed25519PublicKey.from_public_bytes(key.public).verify(ours[0], checkpoint.body.encode())
    except InvalidSignature:
        raise UnprovenError("the signature of the checkpoint is wrong") from None
    return checkpoint


def decode_base64(text: str, length: int | None = None) -> bytes:
    """Standard base64 in its one canonical spelling; with `length`, exactly that many bytes.  Raises MalformedError."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedError("not base64") from None
    if base64.b64encode(raw).decode() != text:
        raise MalformedError("not canonical base64")
    if length is not None and len(raw) != length:
        raise MalformedError("base64 of the wrong length")
    return raw


def _parse(note: str) -> tuple[Checkpoint, list[tuple[str, bytes]]]:
    if len(note) > MOST_CHARACTERS or _CONTROL.search(note):
        raise MalformedError("not a note")
    body, empty, rest = note.rpartition("\n\n")
    if not empty or not rest.endswith("\n"):
        raise MalformedError("the note has no signatures, or was cut")
    lines = body.split("\n")
    if len(lines) != 3:
        raise MalformedError("a checkpoint has an origin, a size and a root, and no more")
    origin, size, root = lines
    if _NAME.fullmatch(origin) is None or _SIZE.fullmatch(size) is None:
        raise MalformedError("the origin or the size of the checkpoint is malformed")
    checkpoint = Checkpoint(origin, int(size), decode_base64(root, HASH_BYTES))
    return checkpoint, [_signature(line) for line in rest[:-1].split("\n")]


def _signature(line: str) -> tuple[str, bytes]:
    found = _SIGNATURE.fullmatch(line)
    if found is None:
        raise MalformedError("a line that should be a signature is none")
    blob = decode_base64(found["blob"])
    # Signatures of other kinds are of other lengths; ours is judged when it is compared.
    if len(blob) <= _KEY_ID_BYTES:
        raise MalformedError("a signature is too short")
    return found["name"], blob
