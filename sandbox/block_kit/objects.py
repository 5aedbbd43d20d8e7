"""Composition objects: texts, options, confirmation dialogs, conversation filters."""

from __future__ import annotations

from typing import Any

from sandbox.block_kit.kinds import Choice, Flag, Many, Nested, String, Text, Url
from sandbox.block_kit.shapes import ERROR, Shape, may, need
from sandbox.rules import Rule, when

PAGE = "reference/block-kit/composition-objects"
PLAIN = Shape(
    "plain_text",
    f"{PAGE}/text-object",
    {"emoji": may(Flag())},
    apart=("type", "text"),
)
MRKDWN = Shape(
    "mrkdwn",
    f"{PAGE}/text-object",
    {"verbatim": may(Flag())},
    apart=("type", "text"),
)
CONFIRM = Shape(
    "confirm",
    f"{PAGE}/confirmation-dialog-object",
    {
        "title": need(Text(100)),
        "text": need(Text(300, mrkdwn=True)),
        "confirm": need(Text(30)),
        "deny": need(Text(30)),
        "style": may(Choice("primary", "danger")),
    },
)
OPTION = Shape(
    "option",
    f"{PAGE}/option-object",
    {"text": need(Text(75)), "value": need(String(150)), "description": may(Text(75))},
)
RICH_OPTION = Shape(
    "option of checkboxes or radio_buttons",
    f"{PAGE}/option-object",
    {
        "text": need(Text(75, mrkdwn=True)),
        "value": need(String(150)),
        "description": may(Text(75, mrkdwn=True)),
    },
)
LINK_OPTION = Shape(
    "option of overflow",
    f"{PAGE}/option-object",
    {
        "text": need(Text(75)),
        "value": need(String(150)),
        "description": may(Text(75)),
        "url": may(Url()),
    },
)
OPTION_GROUP = Shape(
    "option_group",
    f"{PAGE}/option-group-object",
    {"label": need(Text(75)), "options": need(Many(Nested(OPTION), 100))},
)
FILTER = Shape(
    "filter",
    f"{PAGE}/conversation-filter-object",
    {
        "include": may(Many(Choice("im", "mpim", "private", "public"), 4)),
        "exclude_external_shared_channels": may(Flag()),
        "exclude_bot_users": may(Flag()),
    },
    also=(
        Rule(
            "filter: not empty",
            f"{PAGE}/conversation-filter-object",
            ERROR,
            when(lambda value: not value, "a filter has at least one member"),
        ),
    ),
)


def initial_among_options(value: Any) -> str | None:
    """Slack compares the whole option, not its value alone."""
    groups = [value.get("options") or [], *(g["options"] for g in value.get("option_groups") or [])]
    offered = [option for group in groups for option in group]
    first = value.get("initial_options") or ([value["initial_option"]] if "initial_option" in value else [])
    if any(option not in offered for option in first):
        return "initial option(s) must exactly match one of the provided options"
    return None


def values_differ(value: Any) -> str | None:
    groups = [value.get("options") or [], *(g["options"] for g in value.get("option_groups") or [])]
    values = [option["value"] for group in groups for option in group]
    return "option values must be unique" if len(set(values)) != len(values) else None
