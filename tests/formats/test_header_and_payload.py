"""Header, payload and padding by themselves: one way to write them, strictness in reading them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.formats import header_v1, payload_v1
from store.formats.errors import MalformedError
from store.formats.header_v1 import Header

WHOLE = st.text(st.characters(codec="utf-8"), max_size=60)
TIMES = st.integers(0, 2**53 - 1)
HEADERS = st.builds(
    Header,
    id=st.binary(min_size=16, max_size=16),
    mode=st.sampled_from(["p", "n"]),
    form=st.sampled_from(["free", "digits", "words"]),
    kind=st.sampled_from(["text", "file"]),
    created_at=TIMES,
    expires_at=TIMES,
    sender=WHOLE,
    label=WHOLE,
)
PLAIN = Header(bytes(16), "p", "free", "text", 1, 2, "Maya", "Stripe key")


@given(HEADERS)
def test_header_round_trip(header: Header) -> None:
    """A header that was written is read back the same, and written the same again."""
    text = header_v1.encode(header)
    assert header_v1.parse(text) == header
    assert header_v1.encode(header_v1.parse(text)) == text


def test_header_is_written_one_way() -> None:
    """The members stand in the order of the specification, without spaces."""
    assert header_v1.encode(PLAIN) == (
        '{"v":1,"id":"AAAAAAAAAAAAAAAAAAAAAA","mode":"p","form":"free","kind":"text",'
        '"created_at":1,"expires_at":2,"sender":"Maya","label":"Stripe key"}'
    )


@pytest.mark.parametrize(
    "header",
    [
        Header(bytes(15), "p", "free", "text", 1, 2, "Maya", "x"),
        Header(bytes(16), "p", "free", "text", -1, 2, "Maya", "x"),
        Header(bytes(16), "p", "free", "text", True, 2, "Maya", "x"),
        Header(bytes(16), "p", "free", "text", 1, 2**53, "Maya", "x"),
        Header(bytes(16), "p", "free", "text", 1, 2, "Ma\ud83d", "x"),
        Header(bytes(16), "p", "free", "text", 1, 2, "Maya", "x" * 4096),
        Header(bytes(16), "p", "free", "text", 1, 2, "Maya", "\U0001f600" * 1000),
    ],
)
def test_header_that_could_not_be_read_is_not_written(header: Header) -> None:
    """Writing a header refuses what reading would refuse."""
    with pytest.raises(MalformedError):
        header_v1.encode(header)


def test_label_is_not_shown() -> None:
    """The repr of a header leaves the label out: it is free text and belongs in no log."""
    assert "Stripe" not in repr(PLAIN)


@given(st.text(max_size=300))
def test_any_text_as_header_is_refused_in_words(text: str) -> None:
    """No text leads to anything but a header or the one known error."""
    with pytest.raises(MalformedError):
        header_v1.parse(text)


@given(st.binary(max_size=300))
def test_any_bytes_as_payload_are_refused_in_words(raw: bytes) -> None:
    """No bytes lead to anything but the one known error, in the head or in the padding."""
    with pytest.raises(MalformedError):
        payload_v1.decode(raw)
    with pytest.raises(MalformedError):
        payload_v1.unpad(raw)


@pytest.mark.parametrize(
    ("length", "size"),
    [(0, 256), (252, 256), (253, 1024), (1020, 1024), (1021, 4096), (4092, 4096), (4093, 8192), (8189, 12288)],
)
def test_padded_sizes(length: int, size: int) -> None:
    """A payload takes the smallest legal size that holds it and its length."""
    payload = b"\xff" * length
    padded = payload_v1.pad(payload)
    assert len(padded) == size == payload_v1.padded_size(length)
    assert payload_v1.is_padded_size(size)
    assert payload_v1.unpad(padded) == payload


@given(st.integers(0, 20000))
def test_legal_sizes_are_those_that_padding_makes(size: int) -> None:
    """A size is legal exactly if some payload is padded to it."""
    made = size >= 4 and payload_v1.padded_size(size - 4) == size
    assert payload_v1.is_padded_size(size) == made
