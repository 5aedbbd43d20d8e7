"""Roots and proofs: the classic values, and agreement with two verifiers that others wrote."""

import random

import pytest
from dnsid.c2sp_tlog import merkle as dnsid
from tlog_scales import tlog as scales

from store.formats import merkle_v1
from store.formats.errors import FormatError, MalformedError, UnprovenError
from tests.formats.trees import consistency, inclusion, leaf, tree

CLASSIC_LEAVES = [
    bytes.fromhex(text)
    for text in ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
]
CLASSIC_ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]


@pytest.mark.parametrize("size", range(9))
def test_the_classic_roots(size: int) -> None:
    """The eight leaves of Certificate Transparency's own tests have the roots that they always had."""
    complete = merkle_v1.over([merkle_v1.leaf_hash(one) for one in CLASSIC_LEAVES])
    assert merkle_v1.root(size, complete).hex() == CLASSIC_ROOTS[size]


def test_every_size_to_six_hundred_agrees_with_others() -> None:
    """Roots, inclusion and consistency of each size are what dnsid and tlog-scales take for right."""
    chosen, complete = random.Random(6962), tree()  # noqa: S311 - the same sizes in every run
    for size in range(1, 601):
        expected = merkle_v1.root(size, complete)
        assert expected == dnsid.merkle_root_from_entries([leaf(index) for index in range(size)])
        for index in {0, size - 1, chosen.randrange(size), chosen.randrange(size)}:
            require_included(index, size)
        for old in {1, size, chosen.randint(1, size), chosen.randint(1, size)}:
            require_consistent(old, size)


def test_every_leaf_and_every_older_tree_agree_with_others() -> None:
    """In small trees nothing is left to chance: each leaf of each size, and each pair of sizes."""
    for size in range(1, 261):
        for index in range(size):
            require_included(index, size)
            require_consistent(index + 1, size)


def test_large_trees_agree_with_others() -> None:
    """The same for random trees of up to 100,000 leaves, and beside the edges of tiles."""
    chosen, complete = random.Random(9162), tree(100_000)  # noqa: S311 - the same sizes in every run
    leaves = [leaf(index) for index in range(100_000)]
    sizes = [65_535, 65_536, 65_537, *(chosen.randint(601, 100_000) for _ in range(20)), 100_000]
    for size in sizes:
        for _ in range(4):
            require_included(chosen.randrange(size), size, 100_000)
            require_consistent(chosen.randint(1, size), size, 100_000)
    for size in sizes[:6]:
        assert merkle_v1.root(size, complete) == dnsid.merkle_root_from_entries(leaves[:size])


def test_every_changed_byte_of_an_inclusion_proof_is_noticed() -> None:
    """Index, size, leaf, proof and root: with any of them changed nothing is proven."""
    complete = tree()
    for index, size in [(0, 1), (5, 8), (6, 7), (300, 511)]:
        hashes, expected = inclusion(index, size, complete), merkle_v1.root(size, complete)
        own = merkle_v1.leaf_hash(leaf(index))
        for at in range(32):
            with pytest.raises(UnprovenError, match="root"):
                merkle_v1.verify_inclusion(index, size, flipped(own, at), hashes, expected)
            with pytest.raises(UnprovenError, match="root"):
                merkle_v1.verify_inclusion(index, size, own, hashes, flipped(expected, at))
            for which in range(len(hashes)):
                changed = [*hashes[:which], flipped(hashes[which], at), *hashes[which + 1 :]]
                with pytest.raises(UnprovenError, match="root"):
                    merkle_v1.verify_inclusion(index, size, own, changed, expected)
        for other_index, other in [(index + 1, size), (index - 1, size), (index, 0)]:
            with pytest.raises(FormatError):
                merkle_v1.verify_inclusion(other_index, other, own, hashes, expected)
        for wrong in [[*hashes, bytes(32)], hashes[:-1] if hashes else [bytes(32)]]:
            with pytest.raises(UnprovenError, match="length"):
                merkle_v1.verify_inclusion(index, size, own, wrong, expected)


def test_every_changed_byte_of_a_consistency_proof_is_noticed() -> None:
    """A history that was rewritten does not extend the old one, whatever proof is shown."""
    complete = tree()
    for old, new in [(1, 2), (3, 7), (4, 8), (6, 8), (256, 600), (255, 511)]:
        hashes = consistency(old, new, complete)
        before, after = merkle_v1.root(old, complete), merkle_v1.root(new, complete)
        for at in range(32):
            with pytest.raises(UnprovenError, match="root"):
                merkle_v1.verify_consistency(old, new, flipped(before, at), after, hashes)
            with pytest.raises(UnprovenError, match="new root"):
                merkle_v1.verify_consistency(old, new, before, flipped(after, at), hashes)
            for which in range(len(hashes)):
                changed = [*hashes[:which], flipped(hashes[which], at), *hashes[which + 1 :]]
                with pytest.raises(UnprovenError, match="root"):
                    merkle_v1.verify_consistency(old, new, before, after, changed)
        for wrong in [[*hashes, bytes(32)], hashes[:-1]]:
            with pytest.raises(UnprovenError, match="length"):
                merkle_v1.verify_consistency(old, new, before, after, wrong)


def test_shapes_that_are_none_are_refused() -> None:
    """No hash of another length, no leaf beyond the end, no empty or larger old tree."""
    own = bytes(32)
    for index, size, one, root in [(0, 1, b"", b""), (0, 1, own, own[:-1]), (1, 1, own, own), (-1, 1, own, own)]:
        with pytest.raises(MalformedError):
            merkle_v1.verify_inclusion(index, size, one, [], root)
    for old, new in [(0, 1), (2, 1), (-1, 1)]:
        with pytest.raises(MalformedError):
            merkle_v1.verify_consistency(old, new, own, own, [])
    with pytest.raises(UnprovenError):
        merkle_v1.verify_consistency(1, 1, own, flipped(own, 0), [])


def require_included(index: int, size: int, leaves: int = 600) -> None:
    complete = tree(leaves)
    hashes, expected = inclusion(index, size, complete), merkle_v1.root(size, complete)
    merkle_v1.verify_inclusion(index, size, merkle_v1.leaf_hash(leaf(index)), hashes, expected)
    assert dnsid.verify_inclusion(leaf(index), index, size, expected, hashes)
    scales.InclusionProof(index, size, hashes).check(merkle_v1.leaf_hash(leaf(index)), expected)


def require_consistent(old: int, new: int, leaves: int = 600) -> None:
    complete = tree(leaves)
    hashes = consistency(old, new, complete)
    before, after = merkle_v1.root(old, complete), merkle_v1.root(new, complete)
    merkle_v1.verify_consistency(old, new, before, after, hashes)
    assert dnsid.verify_consistency(old, new, before, after, hashes)
    if old != new:  # tlog-scales takes no proof between equal sizes
        scales.ConsistencyProof(old, new, hashes).check(before, after)


def flipped(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]
