"""Canonical passphrases: one spelling for what people type."""

import unicodedata
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.formats import passphrase_v1
from store.formats.errors import UnusablePassphraseError
from store.formats.header_v1 import Form
from store.formats.passphrase_v1 import canon
from tests.formats.frozen import case_name, vectors

FORMS = st.sampled_from(["free", "digits", "words"])


@pytest.mark.parametrize("case", vectors("passphrase")["cases"], ids=case_name)
def test_vectors(case: dict[str, Any]) -> None:
    """Every vector gives its frozen bytes or its frozen reason."""
    if "hex" in case:
        assert canon(case["form"], case["typed"]).hex() == case["hex"]
    else:
        with pytest.raises(UnusablePassphraseError) as caught:
            canon(case["form"], case["typed"])
        assert caught.value.reason == case["refuse"]


@given(FORMS, st.text(st.characters(), max_size=40))
def test_any_text_gives_bytes_or_a_reason(form: Form, typed: str) -> None:
    """No text leads to anything but 1 to 256 bytes of UTF-8 or a reason."""
    try:
        raw = canon(form, typed)
    except UnusablePassphraseError:
        return
    assert 1 <= len(raw) <= 256
    raw.decode("utf-8")


@given(st.text(st.characters(codec="utf-8"), max_size=20), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_keyboards_agree(typed: str, spelled: Any) -> None:
    """A passphrase typed in any normalisation form of Unicode is the same passphrase."""
    known = "".join(character for character in typed if unicodedata.category(character) not in ("Cn", "Cf"))
    try:
        expected = canon("free", known)
    except UnusablePassphraseError:
        return
    assert canon("free", unicodedata.normalize(spelled, known)) == expected


@given(st.lists(st.sampled_from("0123456789"), min_size=1, max_size=12), st.data())
def test_digits_survive_any_grouping(digits: list[str], data: st.DataObject) -> None:
    """Digits grouped with anything that is no digit are the same digits."""
    between = st.sampled_from(["", " ", "-", "\u00a0", ".", "/", "\u200b", "x", "\n"])
    typed = "".join(digit + data.draw(between) for digit in digits)
    assert canon("digits", typed) == "".join(digits).encode()


@pytest.mark.parametrize(("form", "expected"), [("digits", b"12"), ("words", b"a-b")])
def test_later_unicode_changes_nothing(form: Form, expected: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """A runtime whose NFKC knows characters that Unicode 14 does not know gives the same passphrase."""

    def later(spelled: str, text: str) -> str:
        # What Unicode 16 makes of an outlined digit and an outlined letter.
        return text.replace("\U0001ccf5", "5").replace("\U0001ccd6", "A")

    monkeypatch.setattr(passphrase_v1, "unicodedata", SimpleNamespace(normalize=later))
    assert canon(form, "1a\U0001ccf5\U0001ccd6b2") == expected


def test_refusal_does_not_repeat_the_passphrase() -> None:
    """The error about a passphrase does not hold the passphrase."""
    with pytest.raises(UnusablePassphraseError) as caught:
        canon("free", "canary-passphrase\u0007x")
    assert "canary" not in str(caught.value) + repr(caught.value)
