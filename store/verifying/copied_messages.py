"""
The messages of a channel as a person gets them: copied by hand out of a window, or exported as JSON.

What windows and exports add to a line is taken off (kinds of spaces, indentation, quotes, code fences, addresses made
into links).  Nothing else is: a line that was broken or changed stays as it is, to be named.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

_TAKEN_OFF: Final[dict[int, str | None]] = {
    **dict.fromkeys(map(ord, "\u00a0\u2007\u202f\t"), " "),
    **dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), None),
}
_TIME: Final = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,9})?", re.ASCII)
_LINK: Final = re.compile(r"<(?:[^<>|\n]*\|)?([^<>|\n]+)>")
_DEEPEST: Final = 12


@dataclass(frozen=True)
class Message:
    """
    What stands in one message, or in a whole text whose messages cannot be told apart.

    `lines` are those that are not empty, each under the place by which a person finds it.  `at` is in seconds since
    1970, None where no time is known.
    """

    at: float | None
    lines: list[tuple[str, str]]


def read(name: str, text: str) -> list[Message]:
    """The messages of a file of this name.  Never raises."""
    exported = _exported(text)
    if exported is None:
        return [Message(None, [(f"{name}, line {number}", line) for number, line in _lines(text)])]
    return [_message(name, number, one) for number, one in enumerate(exported, 1)]


def time_text(at: float) -> str:
    """A time for people, in UTC."""
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _exported(text: str) -> list[dict[str, Any]] | None:
    """The list of an export, the answer of an API that has one, or one message alone; None for other text."""
    if not text.lstrip("\ufeff \t\r\n").startswith(("[", "{")):
        return None
    try:
        given = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None  # a time in brackets begins a copied text as well
    if isinstance(given, dict):
        given = given.get("messages", [given])
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def _message(name: str, number: int, message: dict[str, Any]) -> Message:
    ts = message.get("ts")
    at = float(ts) if isinstance(ts, str) and _TIME.fullmatch(ts) else None
    texts = [text for part in ("blocks", "attachments") for text in _texts(message.get(part), 0)]
    if not texts:
        # Beside blocks it says only once more what they are about, for notifications.
        texts = [text for text in [message.get("text")] if isinstance(text, str)]
    place = f"{name}, message {number}" + (f" ({time_text(at)})" if at is not None else "")
    return Message(at, [(place, line) for _, line in _lines("\n".join(map(_unescaped, texts)))])


def _texts(part: object, depth: int) -> Iterator[str]:
    """The texts in a block or a list of them, in their order; the pieces of one line of rich text together."""
    if depth > _DEEPEST:
        return  # from Python 3.12 on JSON may be nested deeper than functions
    if isinstance(part, list):
        for one in part:
            yield from _texts(one, depth + 1)
    elif isinstance(part, dict):
        if part.get("type") in ("rich_text_section", "rich_text_preformatted", "rich_text_quote"):
            yield "".join(_pieces(part.get("elements")))
        elif isinstance(text := part.get("text"), str):
            yield text
        else:
            for name in ("text", "fields", "elements", "blocks", "message_blocks", "message"):
                yield from _texts(part.get(name), depth + 1)


def _pieces(elements: object) -> Iterable[str]:
    for one in elements if isinstance(elements, list) else []:
        if isinstance(one, dict):
            piece = one.get("text") or one.get("url")
            yield piece if isinstance(piece, str) else ""


def _unescaped(text: str) -> str:
    return _LINK.sub(r"\1", text).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _lines(text: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(text.translate(_TAKEN_OFF).splitlines(), 1):
        left = " ".join(line.strip(" `>").split())
        if left:
            yield number, left
