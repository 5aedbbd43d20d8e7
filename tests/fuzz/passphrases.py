"""Canonical passphrases: what comes out stands for itself, and holds nothing that its form does not."""

import re
import unicodedata
from typing import Final

from store.formats import passphrase_v1
from store.formats.errors import UnusablePassphraseError
from store.formats.header_v1 import Form
from tests.fuzz.target import ACCEPTED, Target, refused, text_of

FORMS: Final[tuple[Form, ...]] = ("free", "digits", "words")
_REASONS: Final = {"surrogate", "unassigned", "unprintable", "empty", "too-long"}
_NEVER: Final = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}
_SHAPES: Final = {"digits": re.compile(rb"[0-9]+"), "words": re.compile(rb"[a-z]+(-[a-z]+)*")}


def parts_of(raw: bytes) -> tuple[Form, str]:
    """The form and what was typed."""
    return FORMS[(raw[0] if raw else 0) % 3], text_of(raw[1:])


def _judge(raw: bytes) -> str:
    form, typed = parts_of(raw)
    try:
        canonical = passphrase_v1.canon(form, typed)
    except UnusablePassphraseError as error:
        assert error.reason in _REASONS
        assert error.reason != "surrogate" or re.search("[\ud800-\udfff]", typed)
        return f"{refused(error)} {error.reason}"
    assert 1 <= len(canonical) <= 256, "longer than it may be"
    text = canonical.decode("utf-8")
    assert passphrase_v1.canon(form, text) == canonical, "it does not stand for itself"
    assert passphrase_v1.canon("free", text) == canonical
    assert unicodedata.normalize("NFKC", text) == text
    assert not {unicodedata.category(one) for one in text} & _NEVER, "something is left that nobody sees"
    shape = _SHAPES.get(form)
    assert shape is None or shape.fullmatch(canonical), "it has what its form has not"
    return ACCEPTED


CANON: Final = Target(
    "canon",
    _judge,
    ("store.formats.passphrase_v1",),
    (
        b"\x00" + "cor\u00adrect \u3000h\u00f6rse\u200b".encode(),
        b"\x01" + "\uff11\u0662 3-4".encode(),
        b"\x02" + "CORRECT\u2014Horse  \u212a".encode(),
        b"\x00\xed\xa0\x80",
        b"\x00\xe2\x80\x8d\xf0\x9f\x98\x80",
        b"\x00a\x00b",
    ),
    (b"\xc2\xa0", b"\xe2\x80\x8b", b"\xcc\x81", b"\xef\xac\x81", b"\xf0\x9f\x98\x80", b"\xed\xa0\x80", b"\xc4\xb0"),
    512,
    browser="canon",
)
