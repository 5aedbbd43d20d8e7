"""Record v1 and its key: pinned to the byte, and opened without forgiveness."""

import hashlib
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from hypothesis import given
from hypothesis import strategies as st

from store.formats import base64url, hkdf, record_key_v1, record_v1
from store.formats.errors import MalformedError
from store.formats.record_key_v1 import RecordKey
from store.formats.record_v1 import Chance

ID, SECRET = bytes(range(16)), bytes(range(100, 132))
TEXT = "ssk_AAECAwQFBgcICQoLDA0OD2RlZmdoaWprbG1ub3BxcnN0dXZ3eHl6e3x9fn-AgYKDLfez4A"
KEY, RING_KEY = RecordKey(ID, SECRET), bytes(range(200, 232))
CHANCE = Chance(bytes(range(50, 82)), b"box" * 4, b"inner+" * 2, b"outer+" * 2)
STORED_SHA256 = "08f217aaba01dc0d0891c40eae04e6af7953bc3ffee7ff94a9dd0e821fc27112"


def test_a_key_is_pinned() -> None:
    """By hand: other programs must recognise the same text."""
    check = hashlib.sha256(b"sendsecret/record-key/v1/chk\0" + ID + SECRET).digest()[:4]
    assert KEY.text == "ssk_" + base64url.encode(ID + SECRET + check) == TEXT
    assert KEY.proof == hashlib.sha256(b"sendsecret/record-key/v1\0" + ID + SECRET).digest()
    assert record_key_v1.parse(TEXT) == KEY
    assert (KEY.id_text, "ZGVm" in repr(KEY)) == ("AAECAwQFBgcICQoLDA0ODw", False)


@given(st.integers(4, len(TEXT) - 1), st.sampled_from("Aa0-_.= \n"))
def test_no_other_character_is_taken(at: int, other: str) -> None:
    """One changed, cut or added character, and it is no key."""
    changed = TEXT[:at] + other + TEXT[at + 1 :]
    for text in (changed if changed != TEXT else "", TEXT[:at], TEXT + other, TEXT.replace("ssk_", "sst_")):
        with pytest.raises(MalformedError):
            record_key_v1.parse(text)


def test_a_record_is_pinned() -> None:
    """By hand, layer for layer; and as one hash, so that neither side of this test can move alone."""
    stored = record_v1.seal(KEY, RING_KEY, 7, "sk_live_ä\n", CHANCE)

    def layer(which: str, key: bytes, nonce: bytes, plain: bytes) -> bytes:
        aad = b"sendsecret/record/v1/" + which.encode() + b"\0" + ID + bytes([0, 0, 0, 7])
        return nonce + AESGCM(key).encrypt(nonce, plain, aad)

    padded = (b"\0\0\0\x0b" + "sk_live_ä\n".encode()).ljust(256, b"\0")
    inner_key = hkdf.expand(SECRET, b"sendsecret/record/v1/key\0" + ID, 32)
    outer_key = hkdf.expand(RING_KEY, b"sendsecret/record/v1/keyring\0" + ID, 32)
    inner = layer("key", inner_key, CHANCE.inner, CHANCE.data_key)
    box = layer("value", CHANCE.data_key, CHANCE.box, padded)
    assert stored == b"\x01" + layer("keyring", outer_key, CHANCE.outer, inner) + box
    assert hashlib.sha256(stored).hexdigest() == STORED_SHA256
    assert record_v1.unseal(KEY, RING_KEY, 7, stored) == "sk_live_ä\n"


@given(st.text(st.characters(codec="utf-8"), max_size=5000))
def test_every_text_comes_back(value: str) -> None:
    """Byte for byte, and its size says little of it."""
    stored = record_v1.seal(KEY, RING_KEY, 1, value, CHANCE)
    assert record_v1.unseal(KEY, RING_KEY, 1, stored) == value
    assert (len(stored) - 117) % 256 == 0


def test_nothing_opens_with_anything_else() -> None:
    """Another key, keyring's key, record or version, and every changed or missing byte."""
    stored = record_v1.seal(KEY, RING_KEY, 2, "x", CHANCE)
    others = (
        (replace(KEY, secret=bytes(32)), RING_KEY, 2),
        (replace(KEY, id=bytes(16)), RING_KEY, 2),
        (KEY, bytes(32), 2),
        (KEY, RING_KEY, 1),
    )
    for key, ring_key, version in others:
        with pytest.raises(MalformedError):
            record_v1.unseal(key, ring_key, version, stored)
    for at in range(len(stored)):
        flipped = stored[:at] + bytes([stored[at] ^ 1]) + stored[at + 1 :]
        for damaged in (flipped, stored[:at], stored + b"\0"):
            with pytest.raises(MalformedError):
                record_v1.unseal(KEY, RING_KEY, 2, damaged)


@pytest.mark.parametrize("value", ["x" * 65_537, "ä" * 32_769, "\ud800"])
def test_what_is_no_value_is_refused(value: str) -> None:
    """Too long in UTF-8, or half of a character."""
    with pytest.raises(MalformedError):
        record_v1.seal(KEY, RING_KEY, 1, value, CHANCE)
