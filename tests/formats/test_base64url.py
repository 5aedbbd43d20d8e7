"""base64url has one spelling for every sequence of bytes."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.formats import base64url
from store.formats.errors import MalformedError
from tests.formats.frozen import vectors


@pytest.mark.parametrize("case", vectors("base64url")["good"], ids=lambda case: case["hex"])
def test_good_vectors(case: dict[str, Any]) -> None:
    """Every good vector is spelled and read as frozen."""
    assert base64url.encode(bytes.fromhex(case["hex"])) == case["text"]
    assert base64url.decode(case["text"]).hex() == case["hex"]


@pytest.mark.parametrize("case", vectors("base64url")["bad"], ids=lambda case: ascii(case["text"]))
def test_bad_vectors(case: dict[str, Any]) -> None:
    """Every other spelling is refused."""
    with pytest.raises(MalformedError):
        base64url.decode(case["text"])


@pytest.mark.parametrize("length", [0, 2, 4, 16])
def test_wrong_length(length: int) -> None:
    """A canonical text of another length than asked for is refused."""
    with pytest.raises(MalformedError):
        base64url.decode("AAAA", length)
    assert base64url.decode("AAAA", 3) == bytes(3)


@given(st.text(max_size=12) | st.text("ABab-_+/= \n", max_size=12))
def test_what_is_read_is_spelled_the_same(text: str) -> None:
    """Whatever text is accepted is the very text that its bytes are spelled with."""
    try:
        raw = base64url.decode(text)
    except MalformedError:
        return
    assert base64url.encode(raw) == text


@given(st.binary(max_size=80))
def test_round_trip(raw: bytes) -> None:
    """All bytes come back."""
    assert base64url.decode(base64url.encode(raw), len(raw)) == raw
