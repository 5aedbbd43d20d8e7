"""Derivation v1: everything that follows from a link key, and from a link key and a passphrase together.

Costs, labels and salts belong to the version: nothing here is ever taken from a message, so a hostile
server can make the work neither cheaper nor different. The salt follows from the link key; it is never sent
or stored.
"""

import hashlib
from dataclasses import dataclass, field

from argon2.low_level import ARGON2_VERSION, Type, hash_secret_raw

from store.formats import hkdf
from store.formats.errors import MalformedError
from store.formats.link_v1 import Link

ARGON2_MEMORY_KIB = 47104
ARGON2_PASSES = 2
ARGON2_LANES = 1

_PASSPHRASE_BYTES = range(1, 257)
_NO_PASSPHRASE = bytes(32)


@dataclass(frozen=True, slots=True)
class DropKeys:
    """What seals and opens one drop; each 32 bytes, all secret.

    `enc_key` encrypts, `auth_token` proves to the server that link key and passphrase are known, `commit`
    binds the envelope to both, so that no envelope opens to two texts under two passphrases.
    """

    enc_key: bytes = field(repr=False)
    auth_token: bytes = field(repr=False)
    commit: bytes = field(repr=False)


def link_proof(link: Link) -> bytes:
    """32 bytes which prove to the server that the link key is known, and tell it nothing about the key."""
    return hkdf.expand(_prk(link), _label(link, b"link-proof"), 32)


def argon2_salt(link: Link) -> bytes:
    """The 16-byte salt for the passphrase of this link."""
    return hkdf.expand(_prk(link), _label(link, b"argon2-salt"), 16)


def derive(link: Link, passphrase: bytes | None) -> DropKeys:
    """The keys of a drop. `passphrase` is canonical (passphrase_v1.canon) in mode p and None in mode n.

    Mode p takes about 130 ms and 46 MiB; call it outside an event loop. Raises MalformedError if the mode and
    the passphrase do not go together.
    """
    return drop_keys(link, root_key(link, stretch(link, passphrase)))


def drop_keys(link: Link, root: bytes) -> DropKeys:
    """The same, out of the root."""
    return DropKeys(
        enc_key=hkdf.expand(root, _label(link, b"enc"), 32),
        auth_token=hkdf.expand(root, _label(link, b"auth"), 32),
        commit=hkdf.expand(root, _label(link, b"commit"), 32),
    )


def stretch(link: Link, passphrase: bytes | None) -> bytes:
    """The 32 bytes that Argon2id makes of a canonical passphrase (RFC 9106); 32 zero bytes in mode n."""
    if (passphrase is None) != (link.mode == "n"):
        raise MalformedError("mode p needs a passphrase and mode n has none")
    if passphrase is None:
        return _NO_PASSPHRASE
    if len(passphrase) not in _PASSPHRASE_BYTES:
        raise MalformedError("a canonical passphrase has 1 to 256 bytes")
    return hash_secret_raw(
        secret=passphrase,
        salt=argon2_salt(link),
        time_cost=ARGON2_PASSES,
        memory_cost=ARGON2_MEMORY_KIB,
        parallelism=ARGON2_LANES,
        hash_len=32,
        type=Type.ID,
        version=ARGON2_VERSION,
    )


def root_key(link: Link, stretched: bytes) -> bytes:
    """The 32 bytes from which all keys of a drop follow."""
    # The mode stands between the two so that no passphrase's stretched bytes can pass for mode n's zeros.
    material = link.key + link.mode.encode("ascii") + stretched
    return hkdf.extract(hashlib.sha256(_label(link, b"root")).digest(), material)


def _prk(link: Link) -> bytes:
    return hkdf.extract(link.kind.label.encode("ascii"), link.key)


def _label(link: Link, purpose: bytes) -> bytes:
    return link.kind.label.encode("ascii") + b"/" + purpose + b"\x00" + link.id
