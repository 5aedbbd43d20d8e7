"""A link sealed to the bot opens with its key, for its drop, and not otherwise; also as RFC 9180 is written."""

import hashlib
import hmac
import secrets
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from store.formats import delivery_v1, hkdf
from store.formats.errors import MalformedError

PRIVATE = bytes(range(1, 33))
PUBLIC = bytes.fromhex(
    "04515c3d6eb9e396b904d3feca7f54fdcd0cc1e997bf375dca515ad0a6c3b4035f"
    "4536be3a50f318fbf9a5475902a221502bef0d57e08c53b2cc0a56f17d9f9354"
)
ID = bytes(range(16))
LINK = "https://drop.example/s/AAECAwQFBgcICQoLDA0ODw#1p.ZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXp7fH1-f4CBgoM.sCW9"
SEALED = bytes.fromhex(
    "047a191cbb7a2471d81c9083ce88c3da413c5d8b9ef1e73d82a239e4cb3ace5864d48e2a0f9d0e0d3e5ae072d3bd0d40be00aa20b38be5df2d"
    "148a2b16fd06a25af0842418fa754446a962ef9e856fe4949778e91161fd275730719a67edc666cece6298fc9ad7dc0e25b5f89e977d2a7097"
    "e62fd3c610fb24170d3e235bf24ef4bd44152b85604b047cd9f4bcc2eaaf8609e8134c3ef7a69eee2391a74c585ec59b80dd85bc28e48255aa"
    "cbda12d4d5908b"
)


def test_what_was_sealed_once_opens_for_ever() -> None:
    """The format is pinned: pages and clients of today must be understood by every later release."""
    assert delivery_v1.public_of(PRIVATE) == PUBLIC
    assert delivery_v1.unseal(PRIVATE, ID, SEALED) == LINK
    assert (
        len(SEALED)
        == delivery_v1.sealed_bytes("https://drop.example")
        == delivery_v1.sealed_bytes("https://drop.example/")
    )


def test_the_library_and_the_letter_of_the_rfc_agree() -> None:
    """A second implementation, of HMAC, ECDH and AES-GCM alone, opens what is sealed and seals what opens."""
    assert by_the_letter(PRIVATE, ID, SEALED).decode() == LINK
    fresh = delivery_v1.seal(PUBLIC, ID, LINK)
    assert fresh != SEALED
    assert by_the_letter(PRIVATE, ID, fresh).decode() == LINK


@pytest.mark.parametrize("at", range(0, len(SEALED), 7))
def test_no_bit_can_be_changed(at: int) -> None:
    """Neither in the point nor in the text."""
    changed = bytearray(SEALED)
    changed[at] ^= 1
    with pytest.raises(MalformedError):
        delivery_v1.unseal(PRIVATE, ID, bytes(changed))


@pytest.mark.parametrize(
    ("private", "drop_id", "sealed"),
    [
        (bytes(31) + b"\x07", ID, SEALED),
        (PRIVATE, ID[::-1], SEALED),
        (PRIVATE, ID[:15], SEALED),
        (PRIVATE, ID, SEALED[:-1]),
        (PRIVATE, ID, SEALED + b"\0"),
        (PRIVATE, ID, SEALED[:81]),
        (PRIVATE, ID, b""),
        (PRIVATE, ID, SEALED + bytes(2000)),
        (bytes(32), ID, SEALED),
        (b"\xff" * 32, ID, SEALED),
        (PRIVATE[:31], ID, SEALED),
    ],
    ids=["key", "drop", "id", "cut", "longer", "empty text", "empty", "huge", "zero", "no number below", "short key"],
)
def test_nothing_else_opens(private: bytes, drop_id: bytes, sealed: bytes) -> None:
    """Another key, another drop, a cut and any wrong size; and the error holds nothing of what was opened."""
    with pytest.raises(MalformedError) as refused:
        delivery_v1.unseal(private, drop_id, sealed)
    assert refused.value.__cause__ is None
    assert LINK[-20:] not in str(refused.value)


def test_what_is_no_text_is_refused() -> None:
    """Whoever seals may seal any bytes."""
    with pytest.raises(MalformedError):
        delivery_v1.unseal(PRIVATE, ID, sealed_by_the_letter(PUBLIC, ID, b"\xff\xfe" * 40))


@pytest.mark.parametrize(
    ("public", "link"),
    [
        (PUBLIC, ""),
        (PUBLIC, "x" * 1025),
        (PUBLIC[:64], LINK),
        (b"\x04" + bytes(64), LINK),
        (b"\x02" + PUBLIC[1:33], LINK),
        (bytes(65), LINK),
    ],
    ids=["no link", "a long one", "cut", "off the curve", "compressed", "zeros"],
)
def test_nothing_is_sealed_to_what_is_no_key(public: bytes, link: str) -> None:
    """A sealer that was given something else says so before anything leaves it."""
    with pytest.raises(MalformedError):
        delivery_v1.seal(public, ID, link)


def by_the_letter(private: bytes, drop_id: bytes, sealed: bytes) -> bytes:
    """RFC 9180, 4.1, 5.1 and 6.1: Decap, KeySchedule, Open."""
    enc, ciphertext = sealed[:65], sealed[65:]
    key = ec.derive_private_key(int.from_bytes(private), ec.SECP256R1())
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), enc))
    secret, nonce = keyed(shared, enc, delivery_v1.public_of(private), drop_id)
    return AESGCM(secret).decrypt(nonce, ciphertext, b"")


def sealed_by_the_letter(public: bytes, drop_id: bytes, plain: bytes) -> bytes:
    """The same: Encap, KeySchedule, Seal."""
    ephemeral = bytes(8) + secrets.token_bytes(24)
    enc = delivery_v1.public_of(ephemeral)
    key = ec.derive_private_key(int.from_bytes(ephemeral), ec.SECP256R1())
    shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), public))
    secret, nonce = keyed(shared, enc, public, drop_id)
    return enc + AESGCM(secret).encrypt(nonce, plain, b"")


def keyed(dh: bytes, enc: bytes, public: bytes, drop_id: bytes) -> tuple[bytes, bytes]:
    """Key and base nonce of the one message."""
    kem, suite = b"KEM\x00\x10", b"HPKE\x00\x10\x00\x01\x00\x02"
    eae = extract(kem, b"", b"eae_prk", dh)
    shared = expand(kem, eae, b"shared_secret", enc + public, 32)
    context = b"\x00" + extract(suite, b"", b"psk_id_hash", b"")
    context += extract(suite, b"", b"info_hash", b"sendsecret/v1/delivery\x00" + drop_id)
    secret = extract(suite, shared, b"secret", b"")
    return expand(suite, secret, b"key", context, 32), expand(suite, secret, b"base_nonce", context, 12)


def extract(suite: bytes, salt: bytes, label: bytes, ikm: bytes) -> bytes:
    """LabeledExtract."""
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + suite + label + ikm, hashlib.sha256)


def expand(suite: bytes, prk: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """LabeledExpand."""
    return hkdf.expand(prk, length.to_bytes(2) + b"HPKE-v1" + suite + label + info, length)


def test_the_example_on_the_protocol_page_is_the_pinned_one() -> None:
    """Whoever writes a sealer from that page alone seals what this opens."""
    page = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text().split("## 16.")[1]
    hexadecimal = "".join(page.split())
    assert PUBLIC.hex() in hexadecimal
    assert SEALED.hex() in hexadecimal
    assert LINK in page
