"""Links: what is read back, what counts as cut, what is refused."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.formats import link_v1
from store.formats.derivation_v1 import link_proof
from store.formats.errors import CutLinkError, MalformedError
from store.formats.link_v1 import Link, Mode
from tests.formats.frozen import case_name, vectors

LINK = Link(id=bytes(range(16)), key=bytes(range(32)), mode="p")


@pytest.mark.parametrize("case", vectors("link")["good"], ids=lambda case: case["id_text"])
def test_good_vectors(case: dict[str, Any]) -> None:
    """Every good vector is read, written and proven as frozen."""
    link = link_v1.parse(case["id_text"], case["fragment"])
    assert (link.id.hex(), link.key.hex(), link.mode) == (case["id"], case["key"], case["mode"])
    assert (link.id_text, link.fragment()) == (case["id_text"], case["fragment"])
    assert link_proof(link).hex() == case["link_proof"]


@pytest.mark.parametrize("case", vectors("link")["bad"], ids=case_name)
def test_bad_vectors(case: dict[str, Any]) -> None:
    """Every bad vector is told apart: cut on the way, or never one of our links."""
    error = {"cut": CutLinkError, "malformed": MalformedError}[case["expect"]]
    with pytest.raises(error):
        link_v1.parse(case["id_text"], case["fragment"])


@given(st.binary(min_size=16, max_size=16), st.binary(min_size=32, max_size=32), st.sampled_from(["p", "n"]))
def test_round_trip(drop_id: bytes, key: bytes, mode: Mode) -> None:
    """A link read from its own text is the same link."""
    link = Link(id=drop_id, key=key, mode=mode)
    assert link_v1.parse(link.id_text, link.fragment()) == link


@given(st.integers(0, 50))
def test_every_shorter_fragment_is_cut(length: int) -> None:
    """However much of the end is lost, the link is called cut, so that the page can ask for the whole one."""
    with pytest.raises(CutLinkError):
        link_v1.parse(LINK.id_text, LINK.fragment()[:length])


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_is_refused_in_words(id_text: str, fragment: str) -> None:
    """No text, however odd, leads to anything but the two known errors."""
    with pytest.raises((CutLinkError, MalformedError)):
        link_v1.parse(id_text, fragment)


def test_url() -> None:
    """The whole link stands under the public address, with or without a slash at its end."""
    expected = f"https://drop.example/s/{LINK.id_text}#{LINK.fragment()}"
    assert LINK.url("https://drop.example") == LINK.url("https://drop.example/") == expected


def test_link_key_is_not_shown() -> None:
    """Neither the repr of a link nor an error about one holds the link key."""
    fragment = LINK.fragment()
    assert LINK.key.hex() not in repr(LINK)
    assert repr(LINK.key) not in repr(LINK)
    for broken in (fragment[:-1], fragment + "x", "2" + fragment[1:], fragment[:46] + ".AAAA"):
        with pytest.raises((CutLinkError, MalformedError)) as caught:
            link_v1.parse(LINK.id_text, broken)
        assert fragment[3:46] not in str(caught.value)


@pytest.mark.parametrize(("id_length", "key_length", "mode"), [(15, 32, "p"), (16, 31, "p"), (16, 32, "x")])
def test_link_of_wrong_parts(id_length: int, key_length: int, mode: Mode) -> None:
    """A link cannot be made from parts of the wrong size."""
    with pytest.raises(MalformedError):
        Link(id=bytes(id_length), key=bytes(key_length), mode=mode)
