"""
Order link v1: `{public_url}/c/{id_text}#1.{token}.{checksum}`, what somebody needs to seal a drop outside the bot.

The token never reaches a server in an address; a page posts it.  The checksum is public arithmetic, as a link's is: it
lets a page say that its address was cut.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from store.formats import base64url
from store.formats.errors import CutLinkError, MalformedError

VERSION: Final = "1"
ID_BYTES: Final = 16
TOKEN_BYTES: Final = 32
_ID_CHARACTERS: Final = 22
_FRAGMENT_CHARACTERS: Final = 50
_LABEL: Final = b"sendsecret/order/v1/chk\x00"


@dataclass(frozen=True, slots=True)
class OrderLink:
    """Which order, and what lets its holder seal under it."""

    id: bytes
    token: bytes = field(repr=False)

    def __post_init__(self) -> None:
        if len(self.id) != ID_BYTES or len(self.token) != TOKEN_BYTES:
            raise MalformedError("an order link has a 16-byte id and a 32-byte token")

    @property
    def id_text(self) -> str:
        """The id as it stands in addresses and JSON: 22 characters."""
        return base64url.encode(self.id)

    @property
    def token_text(self) -> str:
        """The token as it is posted: 43 characters.  Secret."""
        return base64url.encode(self.token)

    def url(self, public_url: str) -> str:
        """The whole link.  Secret: whoever has it may seal."""
        fragment = f"{VERSION}.{self.token_text}.{_checksum(self.id, self.token)}"
        return f"{public_url.rstrip('/')}/c/{self.id_text}#{fragment}"


def parse(id_text: str, fragment: str) -> OrderLink:
    """
    The link whose path ends in `id_text` and whose fragment, without `#`, is `fragment`.

    Raises CutLinkError if a length or the checksum is wrong, MalformedError for another version or characters that no
    order link holds.
    """
    if len(id_text) != _ID_CHARACTERS or not fragment:
        raise CutLinkError("the link was cut off")
    order_id = base64url.decode(id_text, ID_BYTES)
    if fragment[0] != VERSION:  # before the length: one of a later version may have any, and is not cut
        raise MalformedError("the link has an unknown version")
    if len(fragment) != _FRAGMENT_CHARACTERS:
        raise CutLinkError("the link was cut off")
    if fragment[1] != "." or fragment[45] != ".":
        raise MalformedError("the link's parts are not where they belong")
    token, checksum = base64url.decode(fragment[2:45], TOKEN_BYTES), fragment[46:]
    base64url.decode(checksum, 3)
    if not hmac.compare_digest(checksum, _checksum(order_id, token)):
        raise CutLinkError("the link was cut off: its checksum does not fit")
    return OrderLink(order_id, token)


def _checksum(order_id: bytes, token: bytes) -> str:
    return base64url.encode(hashlib.sha256(_LABEL + order_id + token).digest()[:3])
