"""Keys: the building blocks match their specifications, and every derived value matches the frozen one."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from store.formats import hkdf, link_v1
from store.formats.derivation_v1 import argon2_salt, derive, link_proof, root_key, stretch
from store.formats.errors import MalformedError
from store.formats.link_v1 import Link
from tests.formats.frozen import case_name, vectors

# RFC 5869 appendix A, the three tests with SHA-256: key material, salt, info, length, prk, output.
RFC_5869 = [
    (
        "0b" * 22,
        "000102030405060708090a0b0c",
        "f0f1f2f3f4f5f6f7f8f9",
        42,
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    (
        bytes(range(0x50)).hex(),
        bytes(range(0x60, 0xB0)).hex(),
        bytes(range(0xB0, 0x100)).hex(),
        82,
        "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
        (
            "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
            "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"
        ),
    ),
    (
        "0b" * 22,
        "",
        "",
        42,
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
]

LINK = Link(id=bytes(range(16)), key=bytes(range(32)), mode="p")
BARE = Link(id=LINK.id, key=LINK.key, mode="n")


@pytest.mark.parametrize(("material", "salt", "info", "length", "prk", "output"), RFC_5869)
def test_hkdf_is_rfc_5869(material: str, salt: str, info: str, length: int, prk: str, output: str) -> None:
    """Extract and expand give the values of the RFC."""
    key = hkdf.extract(bytes.fromhex(salt), bytes.fromhex(material))
    assert key.hex() == prk
    assert hkdf.expand(key, bytes.fromhex(info), length).hex() == output


def test_second_argon2_is_rfc_9106() -> None:
    """The Argon2id that made the vectors gives the value of RFC 9106 section 5.3.

    The product's own library takes no associated data and so cannot reach that value; it is held to the vectors.
    """
    kdf = Argon2id(
        salt=b"\x02" * 16, length=32, iterations=3, lanes=4, memory_cost=32, ad=b"\x04" * 12, secret=b"\x03" * 8
    )
    expected = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659"
    assert kdf.derive(b"\x01" * 32).hex() == expected


@pytest.mark.parametrize("case", vectors("drop")["good"], ids=case_name)
def test_every_intermediate_value(case: dict[str, Any]) -> None:
    """Every value on the way from link and passphrase to the keys is the frozen one."""
    link = link_v1.parse(case["id_text"], case["fragment"])
    passphrase = bytes.fromhex(case["passphrase"]) if case["passphrase"] is not None else None
    stretched = stretch(link, passphrase)
    assert link_proof(link).hex() == case["link_proof"]
    assert argon2_salt(link).hex() == case["salt"]
    assert stretched.hex() == case["stretched"]
    assert root_key(link, stretched).hex() == case["root"]
    keys = derive(link, passphrase)
    assert keys.enc_key.hex() == case["enc_key"]
    assert keys.auth_token.hex() == case["auth_token"]
    assert keys.commit.hex() == case["commit"]


def test_mode_is_part_of_the_key() -> None:
    """A passphrase that stretched to zeros would still not give the keys of a link without one."""
    assert root_key(LINK, bytes(32)) != root_key(BARE, bytes(32))


@pytest.mark.parametrize(
    ("link", "passphrase"), [(LINK, None), (BARE, b"x"), (BARE, b""), (LINK, b""), (LINK, b"x" * 257)]
)
def test_passphrase_that_does_not_fit(link: Link, passphrase: bytes | None) -> None:
    """A missing, needless, empty or overlong passphrase is refused before any work is done."""
    with pytest.raises(MalformedError):
        derive(link, passphrase)


def test_keys_are_not_shown() -> None:
    """The repr of keys holds no key."""
    keys = derive(BARE, None)
    assert repr(keys) == "DropKeys()"
