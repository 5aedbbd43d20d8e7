"""The page's catalogue of words as a test reads it, and a pseudo-language made of it.

The pseudo-language is legible and can be no accident: accented, about 40 % longer, each sentence in brackets. What
stands on the page without brackets did not come from the catalogue; what stands between two pairs was glued.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from unittest.mock import patch

from reveal_web import assets

Entry = str | dict[str, str]
_LINE = re.compile(r'^  ("[\w.-]+"): (.+),$', re.MULTILINE)
_PLURAL = re.compile(r"([{,] )(\w+): ")
_LONGER = str.maketrans({
    "a": "áá", "e": "éé", "i": "íí", "o": "óó", "u": "úú", "y": "ÿ", "n": "ñ", "c": "ç", "s": "š",
    "A": "ÁÁ", "E": "ÉÉ", "I": "ÍÍ", "O": "ÓÓ", "U": "ÚÚ", "Y": "Ÿ", "N": "Ñ", "C": "Ç", "S": "Š",
})  # fmt: skip


def read() -> dict[str, Entry]:
    """The catalogue of words.js, entry by entry."""
    text = assets.source("words.js")
    lines = {json.loads(name): json.loads(_PLURAL.sub(r'\1"\2": ', value)) for name, value in _LINE.findall(text)}
    assert len(lines) == text.count('\n  "') > 100
    return lines


def pseudo(entry: Entry) -> Entry:
    """An entry in the pseudo-language, its {values} untouched."""
    if isinstance(entry, dict):
        return {plural: str(pseudo(sentence)) for plural, sentence in entry.items()}
    parts = re.split(r"(\{\w+\})", entry)
    return "⟦" + "".join(part if part.startswith("{") else part.translate(_LONGER) for part in parts) + "⟧"


def text_of(words: Mapping[str, Entry], name: str, /, **values: str) -> str:
    """The sentence `name` with `values` in it; of a plural entry the general form."""
    entry = words[name]
    sentence = entry if isinstance(entry, str) else entry["other"]
    return re.sub(r"\{(\w+)\}", lambda found: values[found[1]], sentence)


@contextmanager
def spoken(words: Mapping[str, Entry], language: str, direction: str) -> Iterator[None]:
    """Within, the page is built with another catalogue."""
    module = (
        f"export const LANGUAGE = {json.dumps(language)};\nexport const DIRECTION = {json.dumps(direction)};\n"
        f"export const WORDS = {json.dumps(words)};\n"
    )
    real: Callable[[str], str] = assets.source
    with patch.object(assets, "source", lambda name: module if name == "words.js" else real(name)):
        yield
