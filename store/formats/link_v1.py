"""Link v1: `{public_url}/s/{id_text}#1{mode}.{key}.{checksum}`.

The fragment never reaches a server. The checksum lets a page say "this link was cut off" by itself, before
a passphrase is asked for and without using a guess. It protects against nobody: it is public arithmetic.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final, Literal

from store.formats import base64url
from store.formats.errors import CutLinkError, MalformedError

Mode = Literal["p", "n"]

VERSION = "1"
ID_BYTES = 16
KEY_BYTES = 32
_ID_CHARACTERS = 22
_FRAGMENT_CHARACTERS = 51
_MODES: Final[dict[str, Mode]] = {"p": "p", "n": "n"}


@dataclass(frozen=True, slots=True)
class Link:
    """Where a drop is and what opens it. `mode` is "p" if a passphrase is needed, else "n"."""

    id: bytes
    key: bytes = field(repr=False)
    mode: Mode

    def __post_init__(self) -> None:
        if len(self.id) != ID_BYTES or len(self.key) != KEY_BYTES or self.mode not in ("p", "n"):
            raise MalformedError("a link has a 16-byte id, a 32-byte key and mode p or n")

    @property
    def id_text(self) -> str:
        """The id as it stands in URLs and JSON: 22 characters."""
        return base64url.encode(self.id)

    def fragment(self) -> str:
        """What stands after `#`: 51 characters. Secret: it holds the link key."""
        checksum = _checksum(self.id_text, self.mode, self.key)
        return f"{VERSION}{self.mode}.{base64url.encode(self.key)}.{checksum}"

    def url(self, public_url: str) -> str:
        """The whole link. Secret: it holds the link key."""
        return f"{public_url.rstrip('/')}/s/{self.id_text}#{self.fragment()}"


def parse(id_text: str, fragment: str) -> Link:
    """The link whose path ends in `id_text` and whose fragment, without `#`, is `fragment`.

    Raises CutLinkError if a length or the checksum is wrong, MalformedError for another version, another mode
    or characters that no link holds.
    """
    if len(id_text) != _ID_CHARACTERS or not fragment:
        raise CutLinkError("the link was cut off")
    drop_id = base64url.decode(id_text, ID_BYTES)
    # The version comes before the length: a link of a later version may have any length and is not cut.
    if fragment[0] != VERSION:
        raise MalformedError("the link has an unknown version")
    if len(fragment) != _FRAGMENT_CHARACTERS:
        raise CutLinkError("the link was cut off")
    mode, key, checksum = _MODES.get(fragment[1]), fragment[3:46], fragment[47:]
    if mode is None or fragment[2] != "." or fragment[46] != ".":
        raise MalformedError("the link has an unknown mode or its parts are not where they belong")
    raw_key = base64url.decode(key, KEY_BYTES)
    base64url.decode(checksum, 3)
    if not hmac.compare_digest(checksum, _checksum(id_text, mode, raw_key)):
        raise CutLinkError("the link was cut off: its checksum does not fit")
    return Link(id=drop_id, key=raw_key, mode=mode)


def _checksum(id_text: str, mode: Mode, key: bytes) -> str:
    digest = hashlib.sha256(f"chk{id_text}{VERSION}{mode}".encode("ascii") + key).digest()
    return base64url.encode(digest[:3])
