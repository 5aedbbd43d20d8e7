"""
Record page v1: what the server keeps of a record that people read with a link and a passphrase, and what it hands out.

    stored = 02 ‖ outer ‖ box                     box as record_v1's
    outer  = nonce[12] ‖ AES-256-GCM(HKDF-Expand(ring_key, L("keyring"), 32), nonce, commit ‖ inner, aad("keyring"))
    inner  = nonce[12] ‖ AES-256-GCM(HKDF-Expand(root, L("key"), 32), nonce, data_key, aad("key") ‖ SHA-256(header))
    given  = commit[32] ‖ inner ‖ box             what a page receives for the right passphrase
    proof  = HMAC(HKDF-Expand(ring_key, L("verify"), 32), auth_token)

`root`, `commit` and `auth_token` are derivation_v1's for the link of a record; L and aad are record_v1's.  The server
takes its own layer off and never has the root: what it hands out opens in the page alone, and only under the header
that the page was shown.  The commitment keeps one sealing from opening to two values under two passphrases.
"""

import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidTag

from store.formats import derivation_v1, hkdf, record_v1, seal_v1
from store.formats.errors import DamagedEnvelopeError, FormatError, MalformedError
from store.formats.link_v1 import RECORD, Link
from store.formats.record_v1 import KEY_BYTES, NONCE_BYTES, Chance, Inside

_FIRST: Final = b"\x02"
_TAG_BYTES: Final = 16
_COMMIT_BYTES: Final = 32
_INNER_BYTES: Final = NONCE_BYTES + KEY_BYTES + _TAG_BYTES
_OUTER_BYTES: Final = NONCE_BYTES + _COMMIT_BYTES + _INNER_BYTES + _TAG_BYTES


@dataclass(frozen=True, slots=True)
class PageKeys:
    """What follows from link and passphrase together; all secret, 32 bytes each."""

    root: bytes = field(repr=False)
    auth_token: bytes = field(repr=False)
    commit: bytes = field(repr=False)


def derive(link: Link, passphrase: bytes) -> PageKeys:
    """
    The keys of a record's page; `passphrase` is canonical.  Takes about 130 ms and 46 MiB: not for an event loop.

    Raises MalformedError for the link of a drop.
    """
    if link.kind != RECORD:
        raise MalformedError("this is no link of a record")
    root = derivation_v1.root_key(link, derivation_v1.stretch(link, passphrase))
    keys = derivation_v1.drop_keys(link, root)
    return PageKeys(root, keys.auth_token, keys.commit)


def inside(link: Link, keys: PageKeys, version: int, header: str, value: str, chance: Chance) -> Inside:
    """
    A value sealed with link and passphrase alone.  `version` counts from 1 and grows with each rotation.

    Raises MalformedError, as `record_v1.encoded`, and WrongHeaderError.
    """
    seal_v1.check_header(link, header)
    box = record_v1.boxed(link.id, version, value, chance)
    return Inside(
        record_v1.wrap(keys.root, "key", link.id, version, chance.inner, chance.data_key, _digest(header)), box
    )


def stored(record_id: bytes, ring_key: bytes, version: int, commit: bytes, sealed: Inside, nonce: bytes) -> bytes:
    """The bytes that are stored: what was sealed, with the keyring's layer around it."""
    plain = commit + sealed.wrapped_key
    return _FIRST + record_v1.wrap(ring_key, "keyring", record_id, version, nonce, plain) + sealed.box


def seal(link: Link, keys: PageKeys, ring_key: bytes, version: int, header: str, value: str, chance: Chance) -> bytes:
    """Both at once.  Raises as `inside`."""
    sealed = inside(link, keys, version, header, value, chance)
    return stored(link.id, ring_key, version, keys.commit, sealed, chance.outer)


def given(record_id: bytes, ring_key: bytes, version: int, stored: bytes) -> bytes:
    """What a page receives: the keyring's layer taken off.  Raises MalformedError if a key or the bytes differ."""
    outer, box = stored[1 : 1 + _OUTER_BYTES], stored[1 + _OUTER_BYTES :]
    if stored[:1] != _FIRST:
        raise MalformedError("this is no record with a page")
    try:
        return record_v1.unwrap(ring_key, "keyring", record_id, version, outer) + box
    except (InvalidTag, ValueError) as error:
        raise MalformedError("the record does not open with the keyring's key") from error


def box_of(stored: bytes) -> bytes:
    """The box in what is stored.  Raises MalformedError."""
    if stored[:1] != _FIRST:
        raise MalformedError("this is no record with a page")
    return stored[1 + _OUTER_BYTES :]


def proof(ring_key: bytes, record_id: bytes, auth_token: bytes) -> bytes:
    """What is kept of an auth token, 32 bytes: without the keyring's key it verifies no passphrase."""
    return hmac.digest(hkdf.expand(ring_key, record_v1.label("verify", record_id), 32), auth_token, "sha256")


def open_(link: Link, keys: PageKeys, header: str, version: int, received: bytes) -> str:
    """The value, as a page reads it.  Raises WrongHeaderError, or DamagedEnvelopeError, its steps an envelope's."""
    seal_v1.check_header(link, header)
    commit, inner = received[:_COMMIT_BYTES], received[_COMMIT_BYTES : _COMMIT_BYTES + _INNER_BYTES]
    if not hmac.compare_digest(commit, keys.commit):
        raise DamagedEnvelopeError(3, "made for other keys")
    try:
        data_key = record_v1.unwrap(keys.root, "key", link.id, version, inner, _digest(header))
        return record_v1.unboxed(link.id, version, data_key, received[_COMMIT_BYTES + _INNER_BYTES :])
    except (InvalidTag, FormatError, ValueError):
        raise DamagedEnvelopeError(4, "changed after sealing") from None


def _digest(header: str) -> bytes:
    return hashlib.sha256(header.encode("utf-8")).digest()
