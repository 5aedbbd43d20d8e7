"""
What somebody typed into a message, where Slack has kept it as it was typed.

Pure.  A password that lost two stars to Slack's formatting opens nothing, and nobody would know why.  So whatever may
have been changed is not taken: it is pasted again, by somebody who sees it.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot.grammar import REWRITTEN, without_entities

_ONE_PIECE: Final = frozenset({"rich_text_section", "rich_text_preformatted"})


def as_typed(message: Mapping[str, Any]) -> str | None:
    """The text of a `message` object as it was typed; None where there is none, or nobody can tell."""
    blocks = message.get("blocks") or []
    if message.get("files") or message.get("attachments"):
        return None
    if not blocks:
        text = str(message.get("text") or "")
        return None if REWRITTEN.search(text) or not text.strip() else without_entities(text)
    pieces = blocks[0].get("elements") or [] if blocks[0].get("type") == "rich_text" and len(blocks) == 1 else []
    if len(pieces) != 1 or pieces[0].get("type") not in _ONE_PIECE:
        return None
    return _plain(pieces[0].get("elements") or [])


def _plain(elements: list[Mapping[str, Any]]) -> str | None:
    for element in elements:
        # What is code was typed between marks that are not part of it; of all other styles the marks may have been.
        if element.get("type") != "text" or set(element.get("style") or {}) - {"code"}:
            return None
    text = "".join(str(element.get("text") or "") for element in elements)
    return text if text.strip() else None
