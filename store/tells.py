"""
Whether a text that others may read tells a secret.

A label or a hint that holds the secret undoes everything else, and it happens: two fields, one clipboard.  Compared
after compatibility folding, without case and without what cannot be seen, so that a pasted copy is found.
"""

import re
import unicodedata
from typing import Final

_SHORTEST_WHOLE: Final = 4
_SHORTEST_PART: Final = 8


def tells(text: str, secret: str) -> bool:
    """
    Whether `text` holds `secret`, or a line or a value of it of eight characters or more.

    Of a secret under four characters only the whole text is compared: any sentence may hold "a".
    """
    said = _folded(text)
    whole = _folded(secret)
    if not whole or not said:
        return False
    if len(whole) < _SHORTEST_WHOLE:
        return said == whole
    if whole in said or _joined(whole) in _joined(said):
        return True
    parts = (part for line in secret.splitlines() for part in (line, line.partition("=")[2]))
    return any(len(part) >= _SHORTEST_PART and part in said for part in map(_folded, parts))


def tells_words(text: str, canonical: str) -> bool:
    """Whether `text` holds a passphrase in words, however they are written: to the page they are all one."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return f"-{canonical}-" in f"-{re.sub(r'[^a-z]+', '-', plain).strip('-')}-"


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    seen = "".join(character for character in plain if unicodedata.category(character) not in {"Cf", "Cc"})
    return seen.strip()


def _joined(text: str) -> str:
    """Digits without what people put between them: a hint "12-34" tells the passphrase 1234."""
    return re.sub(r"(?<=[0-9])[\s.\-/()+]+(?=[0-9])", "", text)
