"""Sealing and opening a drop, the whole way: the six opening steps in their order.

Step 1 (`check_header`) stands apart because it comes before a passphrase is asked for: a header that does not
belong to the link must not get to say who sent it and what to type.
"""

from dataclasses import dataclass, field

from store.formats import envelope_v1, header_v1, payload_v1
from store.formats.derivation_v1 import DropKeys, derive, link_proof
from store.formats.errors import DamagedEnvelopeError, MalformedError, WrongHeaderError
from store.formats.header_v1 import Header
from store.formats.link_v1 import Link
from store.formats.payload_v1 import File, Text


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a server is given for a drop. None of it tells what the link key is."""

    envelope: bytes = field(repr=False)
    link_proof: bytes = field(repr=False)
    auth_token: bytes = field(repr=False)


def check_header(link: Link, header: str) -> Header:
    """Step 1: the header, if it keeps its rules and belongs to the link. Raises WrongHeaderError."""
    try:
        parsed = header_v1.parse(header)
    except MalformedError as error:
        raise WrongHeaderError(f"the header cannot be read: {error}") from None
    if parsed.id != link.id or parsed.mode != link.mode:
        raise WrongHeaderError("the header belongs to another link")
    return parsed


def seal(link: Link, header: str, passphrase: bytes | None, content: Text | File, nonce: bytes) -> Sealed:
    """Seal a secret. `passphrase` is canonical, None in mode n; `nonce` is 12 fresh random bytes.

    Raises WrongHeaderError if the header is not this link's, MalformedError if its kind is not the content's.
    """
    kind = "text" if isinstance(content, Text) else "file"
    if check_header(link, header).kind != kind:
        raise MalformedError("the header announces another kind of secret")
    payload = payload_v1.encode(content)
    keys = derive(link, passphrase)
    return Sealed(
        envelope=envelope_v1.seal(keys, header, payload, nonce),
        link_proof=link_proof(link),
        auth_token=keys.auth_token,
    )


def open_with_keys(link: Link, header: str, keys: DropKeys, envelope: bytes) -> Text | File:
    """Steps 1 to 6 with keys derived before. Raises WrongHeaderError or DamagedEnvelopeError."""
    check_header(link, header)
    payload = envelope_v1.open_(keys, header, envelope)
    try:
        return payload_v1.decode(payload)
    except MalformedError:
        raise DamagedEnvelopeError(6, "wrong head") from None


def open_sealed(link: Link, header: str, passphrase: bytes | None, envelope: bytes) -> Text | File:
    """Steps 1 to 6. `passphrase` is canonical, None in mode n.

    Raises WrongHeaderError or DamagedEnvelopeError.
    """
    # Before the derivation, which is the dear part and would be wasted on a foreign header.
    check_header(link, header)
    return open_with_keys(link, header, derive(link, passphrase), envelope)
