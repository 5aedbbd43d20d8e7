"""
What the receipt's page says of signed values, in words; the words are `browser/receipt_words.json`.

The page's script reads the same words when it compares what stands on the page with what was signed, so that a value
has one wording.  A value that has none stands as it was signed.
"""

import json
from collections.abc import Mapping
from importlib.resources import files
from typing import Any, Final

WORDS: Final[Mapping[str, Any]] = json.loads(
    files("reveal_web.proofs.browser").joinpath("receipt_words.json").read_text("utf-8")
)
_COPIES: Final = frozenset({"btrfs", "zfs", "bcachefs", "nilfs2", "f2fs"})


def in_words(value: str | int | bool | None, kind: str = "") -> str:
    """How the page says a value; `kind` is the catalogue's name for it, "" for a value that stands as it is."""
    # As the page's script writes it: null, true, false.
    text = str(value) if isinstance(value, str) else json.dumps(value)
    words = WORDS.get(kind, {})
    if text in words:
        return str(words[text])
    return _moment(text) if kind == "time" else text


def medium_in_words(where: str) -> list[str]:
    """What a receipt's `where` of a key means; nothing for what does not lie in a keyring."""
    place, _, medium = where.partition(", ")
    kind, _, under = medium.partition(" on ")
    if place != "keyring":
        return []
    words = WORDS["medium"]
    found = [str(words.get(under, words["unknown"]))]
    return [*found, str(words["copies"])] if kind in _COPIES else found


def _moment(text: str) -> str:
    """`2026-11-21T16:51:00Z`, as receipts write a time, for people."""
    year, month, day = text[:10].split("-")
    return f"{int(day)} {WORDS['months'][int(month) - 1]} {year}, {text[11:19]} UTC"
