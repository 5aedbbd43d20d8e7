"""Link v1: `{public_url}/s/{id_text}#1{mode}.{key}.{checksum}`; a record's has `/v/` and labels of its own.

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
class Kind:
    """
    What a link leads to: where its page is, and the labels of all that follows from its key.

    The labels keep the kinds apart: of one key and id nothing that the one derives is the other's.
    """

    path: str
    label: str
    check: str
    modes: tuple[Mode, ...]


DROP: Final = Kind("s", "sendsecret/v1", "chk", ("p", "n"))
RECORD: Final = Kind("v", "sendsecret/record/v1", "sendsecret/record/v1/chk", ("p",))


@dataclass(frozen=True, slots=True)
class Link:
    """Where a drop, or a record, is and what opens it. `mode` is "p" if a passphrase is needed, else "n"."""

    id: bytes
    key: bytes = field(repr=False)
    mode: Mode
    kind: Kind = DROP

    def __post_init__(self) -> None:
        if len(self.id) != ID_BYTES or len(self.key) != KEY_BYTES or self.mode not in self.kind.modes:
            raise MalformedError("a link has a 16-byte id, a 32-byte key and mode p or n; a record's has mode p")

    @property
    def id_text(self) -> str:
        """The id as it stands in URLs and JSON: 22 characters."""
        return base64url.encode(self.id)

    def fragment(self) -> str:
        """What stands after `#`: 51 characters. Secret: it holds the link key."""
        checksum = _checksum(self.kind, self.id_text, self.mode, self.key)
        return f"{VERSION}{self.mode}.{base64url.encode(self.key)}.{checksum}"

    def url(self, public_url: str) -> str:
        """The whole link. Secret: it holds the link key."""
        return f"{public_url.rstrip('/')}/{self.kind.path}/{self.id_text}#{self.fragment()}"


def parse(id_text: str, fragment: str, kind: Kind = DROP) -> Link:
    """The link of this kind whose path ends in `id_text` and whose fragment, without `#`, is `fragment`.

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
    if mode is None or mode not in kind.modes or fragment[2] != "." or fragment[46] != ".":
        raise MalformedError("the link has an unknown mode or its parts are not where they belong")
    raw_key = base64url.decode(key, KEY_BYTES)
    base64url.decode(checksum, 3)
    if not hmac.compare_digest(checksum, _checksum(kind, id_text, mode, raw_key)):
        raise CutLinkError("the link was cut off: its checksum does not fit")
    return Link(id=drop_id, key=raw_key, mode=mode, kind=kind)


def _checksum(kind: Kind, id_text: str, mode: Mode, key: bytes) -> str:
    digest = hashlib.sha256(f"{kind.check}{id_text}{VERSION}{mode}".encode("ascii") + key).digest()
    return base64url.encode(digest[:3])
