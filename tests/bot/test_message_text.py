"""What of a message was typed just so."""

from typing import Any

import pytest

from bot.message_text import as_typed

Json = dict[str, Any]


def rich(*pieces: Json) -> Json:
    """A message as Slack's clients write it."""
    return {"text": "*fallback*", "blocks": [{"type": "rich_text", "block_id": "b", "elements": list(pieces)}]}


def section(*elements: Json, kind: str = "rich_text_section") -> Json:
    """One piece of it."""
    return {"type": kind, "elements": list(elements)}


def text(said: str, **style: bool) -> Json:
    """Words in it."""
    return {"type": "text", "text": said, **({"style": style} if style else {})}


@pytest.mark.parametrize(
    ("message", "taken"),
    [
        ({"text": "p&amp;ss &lt;1&gt; *as* it is"}, "p&ss <1> *as* it is"),
        (rich(section(text("p*ss <1> & \n two"))), "p*ss <1> & \n two"),
        (rich(section(text("key"), kind="rich_text_preformatted")), "key"),
        (rich(section(text("it is "), text("p`ss", code=True))), "it is p`ss"),
        ({"text": "see <https://x.example>"}, None),
        ({"text": " "}, None),
        ({}, None),
        ({"text": "here", "files": [{"id": "F1"}]}, None),
        ({"text": "here", "attachments": [{}]}, None),
        (rich(section(text("p"), text("ss", bold=True))), None),
        (rich(section(text("ss", strike=True))), None),
        (rich(section(text("x "), {"type": "link", "url": "https://x.example"})), None),
        (rich(section({"type": "emoji", "name": "smile"})), None),
        (rich(section(text("a"), kind="rich_text_quote")), None),
        (rich(section(text("a")), section(text("b"), kind="rich_text_preformatted")), None),
        (rich(), None),
        ({"text": "a", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "a"}}]}, None),
    ],
)
def test_only_what_was_typed_so_is_taken(message: Json, taken: str | None) -> None:
    """A password that lost two stars to Slack's formatting opens nothing."""
    assert as_typed(message) == taken
