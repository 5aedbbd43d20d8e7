"""The frozen files are what their generator writes, and cover what they promise to cover."""

import hashlib
import unicodedata

import pytest

from tests.formats.frozen import vectors
from tests.vectors.make_v1 import TABLE, build, unicode_table

# The table cannot be made again by a Python of a later Unicode, so its bytes are pinned as well.
TABLE_SHA256 = "c355d981f59929839a3371c9bc0e8e3e30b52c2bb563ac33a3413c60b234ab80"


def test_generator_writes_the_frozen_vectors() -> None:
    """Making the vectors again gives the frozen bytes: format v1 has not moved."""
    made = {path.name: (path, text) for path, text in build()}
    assert made.keys() == {path.name for path, _ in made.values()}
    assert len(made) == 5
    for path, text in made.values():
        assert path.read_text("utf-8") == text, f"{path.name} is not what the generator writes"


def test_unicode_table_is_frozen() -> None:
    """The table in the product is the one of Unicode 14, byte for byte."""
    assert hashlib.sha256(TABLE.read_bytes()).hexdigest() == TABLE_SHA256


def test_unicode_table_can_be_made_again() -> None:
    """Python's own Unicode 14 gives the frozen table; a Python of another Unicode refuses to make one."""
    if unicodedata.unidata_version == "14.0.0":
        assert TABLE.read_text("utf-8") == unicode_table()
    else:
        with pytest.raises(RuntimeError, match="Unicode 14"):
            unicode_table()


def test_vectors_cover_every_form_reason_and_step() -> None:
    """No form, refusal, link fault or opening step is without a vector."""
    passphrases = vectors("passphrase")["cases"]
    assert len(passphrases) >= 150
    assert {case["form"] for case in passphrases} == {"free", "digits", "words"}
    reasons = {case["refuse"] for case in passphrases if "refuse" in case}
    assert reasons == {"surrogate", "unassigned", "unprintable", "empty", "too-long"}
    assert {case["expect"] for case in vectors("link")["bad"]} == {"cut", "malformed"}
    assert {case["step"] for case in vectors("drop")["bad"]} == {1, 2, 3, 4, 5, 6}
    assert {case["mode"] for case in vectors("drop")["good"]} == {"p", "n"}
