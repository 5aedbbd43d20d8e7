"""Escrow v1 of a record: pinned to the byte, and opened without forgiveness."""

import hashlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.formats import hkdf, record_escrow_v1, record_v1
from store.formats.errors import MalformedError
from store.formats.record_escrow_v1 import Place
from store.formats.record_key_v1 import RecordKey
from store.formats.record_v1 import Chance

ID = bytes(range(16))
PLACE = Place(ID, 7, 3)
MASTER, RING_KEY, DATA_KEY = bytes(range(32)), bytes(range(200, 232)), bytes(range(50, 82))
NONCES = (b"inner+" * 2, b"outer+" * 2)
ESCROW_SHA256 = "7a4fdf64a667d0745e1cfeaea453bebe8e31306d0b09d6dd4e69d57694cae51b"


def test_an_escrow_is_pinned() -> None:
    """By hand, layer for layer; and as one hash, so that neither side of this test can move alone."""

    def layer(which: bytes, key: bytes, nonce: bytes, plain: bytes) -> bytes:
        label = b"sendsecret/record/v1/" + which + b"\0" + ID
        aad = label + bytes([0, 0, 0, 7]) + bytes([0, 0, 0, 3])
        return nonce + AESGCM(hkdf.expand(key, label, 32)).encrypt(nonce, plain, aad)

    escrow = record_escrow_v1.wrap(PLACE, MASTER, RING_KEY, DATA_KEY, NONCES)
    inner = layer(b"escrow", MASTER, NONCES[0], DATA_KEY)
    assert escrow == b"\x01" + layer(b"escrow-keyring", RING_KEY, NONCES[1], inner)
    assert hashlib.sha256(escrow).hexdigest() == ESCROW_SHA256
    assert record_escrow_v1.unwrap(PLACE, MASTER, RING_KEY, escrow) == DATA_KEY


def test_it_opens_with_nothing_else() -> None:
    """Another master key, keyring's key, record, version or number, each alone; and every changed or missing byte."""
    escrow = record_escrow_v1.wrap(PLACE, MASTER, RING_KEY, DATA_KEY, NONCES)
    others = (
        (PLACE, bytes(32), RING_KEY),
        (PLACE, MASTER, bytes(32)),
        (PLACE, RING_KEY, MASTER),
        (replace(PLACE, record_id=bytes(16)), MASTER, RING_KEY),
        (replace(PLACE, version=8), MASTER, RING_KEY),
        (replace(PLACE, number=4), MASTER, RING_KEY),
        (replace(PLACE, number=-1), MASTER, RING_KEY),
    )
    for place, master, ring_key in others:
        with pytest.raises(MalformedError):
            record_escrow_v1.unwrap(place, master, ring_key, escrow)
    for at in range(len(escrow)):
        flipped = escrow[:at] + bytes([escrow[at] ^ 1]) + escrow[at + 1 :]
        for damaged in (flipped, escrow[:at], escrow + b"\0"):
            with pytest.raises(MalformedError):
                record_escrow_v1.unwrap(PLACE, MASTER, RING_KEY, damaged)


def test_a_place_binds_either_layer() -> None:
    """With the outer layer opened and made again for another version, the inner one says that it is not of this."""
    other = replace(PLACE, version=8)
    escrow = record_escrow_v1.wrap(PLACE, MASTER, RING_KEY, DATA_KEY, NONCES)
    inner = PLACE.unwrap("escrow-keyring", RING_KEY, escrow[1:])
    moved = b"\x01" + other.wrap("escrow-keyring", RING_KEY, NONCES[1], inner)
    with pytest.raises(MalformedError):
        record_escrow_v1.unwrap(other, MASTER, RING_KEY, moved)


def test_what_is_no_key_is_not_wrapped() -> None:
    """A length other than its own is a mistake of ours, and is not sealed in for good."""
    for words in (
        (MASTER[:31], RING_KEY, DATA_KEY, NONCES),
        (MASTER, RING_KEY + b"x", DATA_KEY, NONCES),
        (MASTER, RING_KEY, b"", NONCES),
        (MASTER, RING_KEY, DATA_KEY, (NONCES[0], b"")),
    ):
        with pytest.raises(MalformedError):
            record_escrow_v1.wrap(PLACE, *words)


def test_the_data_key_opens_the_value_of_its_record_and_version_alone() -> None:
    """What an escrow gives, and what is stored."""
    chance = Chance(DATA_KEY, b"box" * 4, *NONCES)
    stored = record_v1.seal(RecordKey(ID, bytes(32)), RING_KEY, 7, "sk_live_ä\n", chance)
    assert record_v1.unboxed(ID, 7, DATA_KEY, record_v1.box_of(stored)) == "sk_live_ä\n"
    for key, record_id, version, kept in (
        (MASTER, ID, 7, stored),
        (DATA_KEY, bytes(16), 7, stored),
        (DATA_KEY, ID, 6, stored),
        (DATA_KEY, ID, 7, stored[:-1]),
        (DATA_KEY, ID, 7, b"\x02" + stored[1:]),
        (DATA_KEY, ID, 7, b""),
    ):
        with pytest.raises(MalformedError):
            record_v1.unboxed(record_id, version, key, record_v1.box_of(kept))
