"""A leaf's whole proof: right as it stands, refused with anything in it changed."""

import pytest
from dnsid.c2sp_tlog import parse_c2sp_policy_file, verify_c2sp_tlog_proof

from store.formats import tlog_proof_v1
from store.formats.errors import FormatError, MalformedError, UnprovenError
from tests.formats.trees import KEY, ORIGIN, leaf, proof, tree


@pytest.mark.parametrize(("index", "size"), [(0, 1), (363, 369), (599, 600), (255, 256)])
def test_a_proof_is_right_for_others_too(index: int, size: int) -> None:
    """Our verifier and dnsid's find the same leaf number."""
    text = proof(index, size, tree())
    found, checkpoint = tlog_proof_v1.verify(leaf(index), text, KEY)
    assert (found, checkpoint.size) == (index, size)
    policy = parse_c2sp_policy_file(f"log {KEY.text}\nquorum none\n")
    assert verify_c2sp_tlog_proof(leaf(index), text, policy, origin=ORIGIN).index == index


def test_any_changed_character_is_noticed() -> None:
    """Whichever character is changed, dropped or doubled, the proof is refused."""
    text = proof(5, 11, tree())
    for at, character in enumerate(text):
        for other in (chr(ord(character) ^ 1), "", character * 2):
            with pytest.raises(FormatError):
                tlog_proof_v1.verify(leaf(5), text[:at] + other + text[at + 1 :], KEY)


def test_another_leaf_is_not_proven() -> None:
    """A proof is of one leaf's bytes."""
    with pytest.raises(UnprovenError, match="root"):
        tlog_proof_v1.verify(leaf(6), proof(5, 11, tree()), KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "c2sp.org/tlog-proof@v1",
        "c2sp.org/tlog-proof@v1\n\n",
        "c2sp.org/tlog-proof@v2\nindex 0\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 00\n\nx",
        "c2sp.org/tlog-proof@v1\nextra AAAA\nindex 0\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 0\n" + "A" * 43 + "=\n" * 64 + "\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nx",
        "c2sp.org/tlog-proof@v1\nindex 0\n\n" + "x" * 70_000,
    ],
)
def test_what_is_no_proof_is_refused(text: str) -> None:
    """Cut, of another version, with lines that we do not write, or far too long."""
    with pytest.raises(MalformedError):
        tlog_proof_v1.verify(b"", text, KEY)
