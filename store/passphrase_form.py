"""
In which form a passphrase was typed: what decides how forgivingly its holder may type it.

Pure.  Whoever seals decides it once, and the header says so.
"""

import re
import unicodedata
from typing import Final

from store.formats.header_v1 import Form

FEWEST_CHARACTERS: Final = 4

# What people put between digits, and nothing that a keyboard's number row is not.
_ONLY_DIGITS: Final = re.compile(r"[\s0-9.\-/()+]*[0-9][\s0-9.\-/()+]*")
# Two words at least: of one word somebody may mean just these capitals.
_ONLY_WORDS: Final = re.compile(r"\s*[A-Za-z]{2,}(?:(?:\s+|\s*-\s*)[A-Za-z]{2,})+\s*")


def form_of(text: str) -> Form:
    """Digits, words, or anything else, which is taken as it is."""
    # Full-width digits are digits too; half a character is nobody's digit and NFKC leaves it alone.
    plain = unicodedata.normalize("NFKC", text)
    if _ONLY_DIGITS.fullmatch(plain):
        return "digits"
    return "words" if _ONLY_WORDS.fullmatch(plain) else "free"
