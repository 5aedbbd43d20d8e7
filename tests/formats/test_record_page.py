"""Record page v1: what is frozen opens and is sealed again to the same bytes; what is broken is refused."""

from typing import Any

import pytest

from store.formats import derivation_v1, link_v1, record_page_v1, record_v1
from store.formats.errors import CutLinkError, DamagedEnvelopeError, MalformedError, WrongHeaderError
from store.formats.link_v1 import RECORD, Link
from store.formats.passphrase_v1 import canon
from store.formats.record_page_v1 import PageKeys
from store.formats.record_v1 import Chance
from store.formats.seal_v1 import check_header
from tests.formats.frozen import case_name, vectors

VECTORS = vectors("record_page")
_INNER_AT, _BOX_AT = 32, 92


def keys_of(case: dict[str, Any]) -> tuple[Link, PageKeys]:
    """The link of a case, and what follows from it and the passphrase."""
    link = link_v1.parse(case["id_text"], case["fragment"], RECORD)
    return link, record_page_v1.derive(link, bytes.fromhex(case["passphrase"]))


@pytest.mark.parametrize("case", VECTORS["good"], ids=case_name)
def test_good_vectors_open(case: dict[str, Any]) -> None:
    """By way of exactly the frozen values, from what is typed to what was given."""
    link, keys = keys_of(case)
    assert canon(check_header(link, case["header"]).form, case["typed"]).hex() == case["passphrase"]
    stretched = derivation_v1.stretch(link, bytes.fromhex(case["passphrase"]))
    assert {
        "link_proof": derivation_v1.link_proof(link).hex(),
        "salt": derivation_v1.argon2_salt(link).hex(),
        "stretched": stretched.hex(),
        "root": keys.root.hex(),
        "auth_token": keys.auth_token.hex(),
        "commit": keys.commit.hex(),
    }.items() <= case.items()
    given = bytes.fromhex(case["given"])
    assert record_page_v1.open_(link, keys, case["header"], case["version"], given) == case["value"]


@pytest.mark.parametrize("case", VECTORS["good"], ids=case_name)
def test_good_vectors_are_sealed_the_same(case: dict[str, Any]) -> None:
    """With the frozen nonces the server keeps, and hands out, the frozen bytes."""
    link, keys = keys_of(case)
    kept = {name: bytes.fromhex(text) for name, text in case["kept"].items()}
    given = bytes.fromhex(case["given"])
    outer, inner, box = kept["stored"][1:13], given[_INNER_AT : _INNER_AT + 12], given[_BOX_AT : _BOX_AT + 12]
    chance = Chance(bytes.fromhex(case["data_key"]), box, inner, outer)
    version, header = case["version"], case["header"]
    assert record_page_v1.seal(link, keys, kept["ring_key"], version, header, case["value"], chance) == kept["stored"]
    assert record_page_v1.given(link.id, kept["ring_key"], version, kept["stored"]) == given
    assert record_page_v1.proof(kept["ring_key"], link.id, keys.auth_token) == kept["proof"]


@pytest.mark.parametrize("case", VECTORS["bad"], ids=case_name)
def test_bad_vectors(case: dict[str, Any]) -> None:
    """Refused as the vector says, and nothing of the value comes out."""
    link, keys = keys_of(case)
    with pytest.raises(WrongHeaderError if case["expect"] == "header" else DamagedEnvelopeError):
        record_page_v1.open_(link, keys, case["header"], case["version"], bytes.fromhex(case["given"]))


@pytest.mark.parametrize("case", VECTORS["bad_links"], ids=case_name)
def test_bad_links(case: dict[str, Any]) -> None:
    """A drop's link is none of a record, whoever wrote which address before it; nor is one without a passphrase."""
    with pytest.raises(CutLinkError if case["expect"] == "cut" else MalformedError):
        link_v1.parse(case["id_text"], case["fragment"], RECORD)


def test_a_records_link_is_none_of_a_drop() -> None:
    """And nothing that follows from its key is what follows from the same key as a drop's."""
    case = VECTORS["good"][0]
    with pytest.raises(CutLinkError):
        link_v1.parse(case["id_text"], case["fragment"])
    link, keys = keys_of(case)
    drop = Link(link.id, link.key, "p")
    assert derivation_v1.link_proof(drop) != derivation_v1.link_proof(link)
    assert derivation_v1.argon2_salt(drop) != derivation_v1.argon2_salt(link)
    other = derivation_v1.derive(drop, bytes.fromhex(case["passphrase"]))
    assert not {other.auth_token, other.commit, other.enc_key} & {keys.auth_token, keys.commit, keys.root}
    with pytest.raises(MalformedError):
        record_page_v1.derive(drop, b"a")
    with pytest.raises(MalformedError):
        Link(link.id, link.key, "n", RECORD)


def test_what_is_kept_opens_with_its_own_keyrings_key_alone() -> None:
    """Another key, version or record, every changed byte of the keyring's layer, and what a key seals."""
    case = VECTORS["good"][0]
    link, _ = keys_of(case)
    ring_key, stored = bytes.fromhex(case["kept"]["ring_key"]), bytes.fromhex(case["kept"]["stored"])
    for record_id, key, version in ((link.id, bytes(32), 1), (bytes(16), ring_key, 1), (link.id, ring_key, 2)):
        with pytest.raises(MalformedError):
            record_page_v1.given(record_id, key, version, stored)
    for at in range(1 + 12 + 32 + 60 + 16):
        with pytest.raises(MalformedError):
            record_page_v1.given(link.id, ring_key, 1, stored[:at] + bytes([stored[at] ^ 1]) + stored[at + 1 :])
    with pytest.raises(MalformedError):
        record_page_v1.given(link.id, ring_key, 1, b"")


@pytest.mark.parametrize("value", ["x" * 65_537, "\ud800"])
def test_what_is_no_value_is_refused(value: str) -> None:
    """As where a key reads it."""
    case = VECTORS["good"][0]
    link, keys = keys_of(case)
    chance = Chance(bytes(record_v1.KEY_BYTES), bytes(12), bytes(12), bytes(12))
    with pytest.raises(MalformedError):
        record_page_v1.seal(link, keys, bytes(32), 1, case["header"], value, chance)
