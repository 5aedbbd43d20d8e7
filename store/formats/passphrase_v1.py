"""Passphrase v1: one spelling for what people type, whichever keyboard, phone or clipboard it came through.

The frozen table beside this file (Unicode 14) and NFKC are all it knows of Unicode. NFKC of an assigned
character never changes, so a runtime with a later Unicode gives the same bytes; of a character that only a
later Unicode knows it would not, which is why the table is asked before NFKC is, in every form.
"""

import json
import re
import unicodedata
from bisect import bisect_right
from importlib.resources import files
from typing import Final

from store.formats.errors import UnusablePassphraseError
from store.formats.header_v1 import Form

MAX_BYTES = 256
_ENDS = " \t\n\r"


class _Ranges:
    """A set of code points from a flat list: first, last, first, last, …"""

    def __init__(self, bounds: list[int]) -> None:
        self._firsts = bounds[0::2]
        self._lasts = bounds[1::2]

    def __contains__(self, character: str) -> bool:
        at = bisect_right(self._firsts, ord(character)) - 1
        return at >= 0 and ord(character) <= self._lasts[at]


_TABLE: Final[dict[str, list[int]]] = json.loads(
    files("store.formats").joinpath("passphrase_v1.json").read_text("utf-8")
)["ranges"]
_ASSIGNED, _DELETED = _Ranges(_TABLE["assigned"]), _Ranges(_TABLE["deleted"])
_SPACES, _UNPRINTABLE = _Ranges(_TABLE["space"]), _Ranges(_TABLE["unprintable"])


def canon(form: Form, typed: str) -> bytes:
    """The 1 to 256 bytes that stand for what was typed. Raises UnusablePassphraseError."""
    if form == "digits":
        typed = re.sub(r"[^0-9]+", "", _compatible(typed))
    elif form == "words":
        typed = re.sub(r"[^a-z]+", "-", _ascii_lower(_compatible(typed))).strip("-")
    return _canon_free(typed)


def _canon_free(typed: str) -> bytes:
    for character in typed:
        if "\ud800" <= character <= "\udfff":
            raise UnusablePassphraseError("surrogate")
        if character not in _ASSIGNED:
            raise UnusablePassphraseError("unassigned")
    visible = "".join(character for character in typed if character not in _DELETED)
    plain = unicodedata.normalize("NFKC", visible)
    spaced = "".join(" " if character in _SPACES else character for character in plain)
    # Not str.strip(): languages disagree about what white space is (U+001C, U+0085, U+FEFF).
    kept = spaced.strip(_ENDS)
    if any(character in _UNPRINTABLE for character in kept):
        raise UnusablePassphraseError("unprintable")
    raw = kept.encode("utf-8")
    if not raw:
        raise UnusablePassphraseError("empty")
    if len(raw) > MAX_BYTES:
        raise UnusablePassphraseError("too-long")
    return raw


def _compatible(typed: str) -> str:
    # A space for what Unicode 14 does not know: it drops out of both forms as the unknown character would,
    # and no runtime gets to turn, say, a digit that Unicode 16 added into 0-9.
    known = "".join(character if character in _ASSIGNED else " " for character in typed)
    return unicodedata.normalize("NFKC", known)


def _ascii_lower(text: str) -> str:
    # str.lower() would also turn U+0130 and others into text with an a-z letter in it.
    return re.sub("[A-Z]+", lambda upper: upper.group().lower(), text)
