"""What is left of a drop in the raw bytes of files, whatever they are and whoever wrote them."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from store import creation
from store.formats import passphrase_v1, seal_v1, stored_v1
from store.formats.errors import DamagedEnvelopeError
from store.formats.payload_v1 import Text
from store.opened import Store
from tests.store.reading import row_of
from tests.stores import Home, Sealed, seal

PIECE = 16
"""Whoever finds no aligned piece of 16 bytes finds no run of 31 bytes either, wherever it begins."""


@dataclass(frozen=True)
class Planted:
    """A drop, and what the server held of it while it was alive."""

    sealed: Sealed
    wrapped: bytes
    v2: bytes
    drop_key: bytes

    def named(self, name: str) -> dict[str, bytes]:
        """What must not be found after its end."""
        held = {
            "stored envelope": self.wrapped,
            "envelope": self.sealed.new.envelope,
            "verifier": self.v2,
            "key": self.drop_key,
        }
        return {f"{what} of {name}": value for what, value in held.items()}


async def planted(store: Store, sealed: Sealed) -> Planted:
    """What is stored of a drop that exists."""
    row = await row_of(store, sealed.new.id)
    drop_key = store.keyring.read(sealed.new.id)
    assert drop_key is not None
    return Planted(sealed, row.envelope, row.v2, drop_key)


async def plant(store: Store, secret: str = "sk_live_canary") -> Planted:
    """A new drop."""
    sealed = seal(secret=secret, sender_id=f"U{secrets.token_hex(6)}")
    await creation.create(store, sealed.new)
    return await planted(store, sealed)


def pieces_in(haystack: bytes, needle: bytes) -> int:
    """How many aligned pieces of the needle stand anywhere in the haystack."""
    starts = range(0, len(needle) - PIECE + 1, PIECE)
    return sum(needle[at : at + PIECE] in haystack for at in starts)


def found_in(haystack: bytes, needles: Mapping[str, bytes]) -> set[str]:
    """The names of all needles of which a piece stands anywhere; one look at each place, however many they are."""
    pieces = {
        needle[at : at + PIECE]: name
        for name, needle in needles.items()
        for at in range(0, len(needle) - PIECE + 1, PIECE)
    }
    places = (haystack[at : at + PIECE] for at in range(len(haystack) - PIECE + 1))
    return {pieces[place] for place in places if place in pieces}


def bytes_under(*folders: Path) -> bytes:
    """All files under these folders, one after the other."""
    return b"\n".join(path.read_bytes() for folder in folders for path in sorted(folder.rglob("*")) if path.is_file())


def keys_left(home: Home) -> Iterable[bytes]:
    """Every 32 bytes in keyring or signing folder that could be tried as a drop's key, and zeros."""
    yield bytes(32)
    for folder in (home.keyring, home.signing):
        for path in folder.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                for at in range(max(1, len(content) - 31)):
                    yield content[at : at + 32].ljust(32, b"\0")


def opens(found: Planted, drop_key: bytes, passphrase: bytes | None) -> bool:
    """Whether what was found, with the whole link and the right passphrase, gives the secret under this key."""
    sealed = found.sealed
    try:
        envelope = stored_v1.unwrap(drop_key, sealed.new.id, found.wrapped)
    except DamagedEnvelopeError:
        return False
    return seal_v1.open_sealed(sealed.link, sealed.new.header, passphrase, envelope) == Text(sealed.secret)


def verifies(found: Planted, drop_key: bytes) -> bool:
    """Whether the verifier that was found says under this key that the right passphrase is right."""
    new = found.sealed.new
    return stored_v1.auth_token_verifier(drop_key, new.id, new.auth_token) == found.v2


PASSPHRASE = passphrase_v1.canon("free", "correct horse")


def with_passphrase(sealed: Sealed) -> Sealed:
    """The same secret under a link that needs a passphrase, PASSPHRASE."""
    link = replace(sealed.link, mode="p")
    header = sealed.new.header.replace('"mode":"n"', '"mode":"p"')
    again = seal_v1.seal(link, header, PASSPHRASE, Text(sealed.secret), secrets.token_bytes(12))
    new = replace(
        sealed.new,
        header=header,
        envelope=again.envelope,
        link_proof=again.link_proof,
        auth_token=again.auth_token,
    )
    return replace(sealed, link=link, new=new)
