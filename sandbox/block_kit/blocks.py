"""Layout blocks, and the rules about a list of them: unique ids, one focus, where response URLs may be."""

from __future__ import annotations

from collections import Counter
from typing import Any

from sandbox.block_kit.elements import IN_ACTIONS, IN_INPUT, IN_SECTION
from sandbox.block_kit.kinds import Flag, Many, String, Text, Typed
from sandbox.block_kit.shapes import ERROR, Member, Shape, may, need
from sandbox.rules import Rule, when

PAGE = "reference/block-kit/blocks"
BLOCK_ID: dict[str, Member] = {"block_id": may(String(255))}


def _twice(value: Any) -> str | None:
    counted = Counter(e["action_id"] for e in value["elements"] if "action_id" in e)
    doubles = [action_id for action_id, times in counted.items() if times > 1]
    return f"action_id {doubles[0]!r} already exists in the block" if doubles else None


SECTION = Shape(
    "section",
    f"{PAGE}/section-block",
    BLOCK_ID
    | {
        "text": may(Text(3000, mrkdwn=True)),
        "fields": may(Many(Text(2000, mrkdwn=True), 10)),
        "accessory": may(Typed(IN_SECTION)),
        "expand": may(Flag()),
    },
    also=(
        Rule(
            "section: text or fields",
            f"{PAGE}/section-block",
            ERROR,
            when(lambda v: "text" not in v and "fields" not in v, "text or fields must be there"),
        ),
    ),
)
HEADER = Shape("header", f"{PAGE}/header-block", BLOCK_ID | {"text": need(Text(150))})
DIVIDER = Shape("divider", f"{PAGE}/divider-block", BLOCK_ID)
CONTEXT = Shape("context", f"{PAGE}/context-block", BLOCK_ID | {"elements": need(Many(Text(3000, mrkdwn=True), 10))})
ACTIONS = Shape(
    "actions",
    f"{PAGE}/actions-block",
    BLOCK_ID | {"elements": need(Many(Typed(IN_ACTIONS), 25))},
    also=(Rule("actions: action_id unique in the block", f"{PAGE}/actions-block", ERROR, _twice),),
)
INPUT = Shape(
    "input",
    f"{PAGE}/input-block",
    BLOCK_ID
    | {
        "label": need(Text(2000)),
        "element": need(Typed(IN_INPUT)),
        "hint": may(Text(2000)),
        "optional": may(Flag()),
        "dispatch_action": may(Flag()),
    },
)

IN_MESSAGE = {
    "section": SECTION,
    "header": HEADER,
    "divider": DIVIDER,
    "context": CONTEXT,
    "actions": ACTIONS,
}
"""Slack takes input blocks in messages too; the sandbox does not play them there."""
IN_VIEW = {**IN_MESSAGE, "input": INPUT}


def _same_block_id(blocks: Any) -> str | None:
    counted = Counter(b["block_id"] for b in blocks if "block_id" in b)
    doubles = [block_id for block_id, times in counted.items() if times > 1]
    return f"block_id {doubles[0]!r} already exists" if doubles else None


def _elements(blocks: Any) -> list[tuple[str, Any]]:
    return [
        (block["type"], element)
        for block in blocks
        for element in (block.get("element"), block.get("accessory"), *block.get("elements", []))
        if isinstance(element, dict)
    ]


def _two_focused(blocks: Any) -> str | None:
    focused = [e for _, e in _elements(blocks) if e.get("focus_on_load")]
    return "only one element can have focus_on_load" if len(focused) > 1 else None


def response_url_outside_input(blocks: Any) -> str | None:
    for kind, element in _elements(blocks):
        if element.get("response_url_enabled") and kind != "input":
            return "response_url_enabled is for input blocks in modals"
    return None


def response_url_anywhere(blocks: Any) -> str | None:
    enabled = [e for _, e in _elements(blocks) if e.get("response_url_enabled")]
    return "response_url_enabled is for input blocks in modals" if enabled else None


UNIQUE_BLOCK_ID = Rule("blocks: block_id unique", "reference/block-kit/blocks", ERROR, _same_block_id)
ONE_FOCUS = Rule("blocks: one focus_on_load", "reference/block-kit/block-elements", ERROR, _two_focused)
