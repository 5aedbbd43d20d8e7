"""
Text from strangers made harmless for a terminal: sender, label, hint and a file's name say what they say and no more.

A terminal carries out what it is shown: an escape sequence in a label could move the cursor over the sentence before
it, and a bidirectional override could turn a name round.
"""

import re
import unicodedata
from typing import Final

from store.formats.payload_v1 import Text

# Joiners belong to names in several scripts; every other format character can hide or reorder something.
_JOINERS: Final = "\u200c\u200d"
_HARMFUL: Final = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
_NOT_IN_NAMES: Final = re.compile(r'[\\/:*?"<>|\ufffd]')
MOST_CHARACTERS: Final = 300
_MOST_NAME_BYTES: Final = 200
UNNAMED: Final = "secret"


def harmless(text: str) -> str:
    """One line, in which nothing but letters and signs is left; cut where it gets longer than anybody reads."""
    shown = "".join(_or_replaced(character) for character in text[:MOST_CHARACTERS])
    return shown + "…" if len(text) > MOST_CHARACTERS else shown


def file_name(name: str) -> str:
    """A name that is only a name: no path, no control, no leading dot or dash, not longer than file systems take."""
    plain = re.sub(r"^[.\-\s]+|[.\s]+$", "", _NOT_IN_NAMES.sub("_", harmless(name)))
    cut = plain.encode()[:_MOST_NAME_BYTES].decode(errors="ignore")
    return cut or UNNAMED


def is_for_a_terminal(text: str) -> bool:
    """Whether a terminal shows this text without carrying anything out: tabs and line breaks are all it holds."""
    return not any(unicodedata.category(character) == "Cc" for character in re.sub(r"\r\n|[\n\t]", "", text))


def length_of(secret: Text) -> str:
    """What the reader's page says too: "42 characters, ends with a line break". A line break counts as one."""
    text = secret.text.replace("\r\n", "\n")
    if not text:
        return "The secret is empty: the sender sealed no text."
    ends = text.endswith(("\n", "\r"))
    lines = len(re.findall(r"[\r\n]", text)) + (not ends)
    counted = "1 character" if len(text) == 1 else f"{len(text):,} characters"
    several = f" in {lines} lines" if lines > 1 else ""
    return f"{counted}{several}{', ends with a line break' if ends else ''}."


def _or_replaced(character: str) -> str:
    return "\ufffd" if unicodedata.category(character) in _HARMFUL and character not in _JOINERS else character
