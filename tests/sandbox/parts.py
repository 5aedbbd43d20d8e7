"""Small pieces of Block Kit that are right, for tests that break one thing at a time."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def plain(text: str = "Text") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "Text") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "Text", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(action_id: str = "press", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Press"), **more}


def option(value: str = "one", **more: Any) -> Json:
    return {"text": plain(value), "value": value, **more}


def field(block_id: str, element: Json | None = None, **more: Any) -> Json:
    """An input block; block id = action id."""
    inner = {"type": "plain_text_input", **(element or {}), "action_id": block_id}
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": inner, **more}


def form(*blocks: Json, **more: Any) -> Json:
    """A modal with a submit button; one text field when no blocks are given."""
    return {
        "type": "modal",
        "callback_id": "ask",
        "title": plain("Ask"),
        "submit": plain("Send"),
        "blocks": list(blocks) or [field("label")],
        **more,
    }
