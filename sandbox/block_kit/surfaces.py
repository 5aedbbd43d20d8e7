"""Judges a whole message or view, and completes it with the ids that Slack adds.

`message_blocks`, `modal` and `home` return a completed copy or raise `Refused`: `invalid_blocks` for
messages, `invalid_arguments` for views, with every breach listed as Slack lists them.
"""

from __future__ import annotations

import copy
import json
import secrets
from collections.abc import Iterable
from typing import Any

from sandbox.block_kit.blocks import (
    IN_MESSAGE,
    IN_VIEW,
    ONE_FOCUS,
    UNIQUE_BLOCK_ID,
    response_url_anywhere,
    response_url_outside_input,
)
from sandbox.block_kit.kinds import Choice, Flag, Many, String, Text, Typed
from sandbox.block_kit.shapes import Breach, Member, Shape, may, need
from sandbox.rules import Refused, Rule, when
from sandbox.wire import Json

PAGE = "surfaces/modals"
VIEW_ERROR = "invalid_arguments"
VIEW: dict[str, Member] = {
    "type": need(Choice("modal", "home")),
    "blocks": need(Many(Typed(IN_VIEW), 100)),
    "private_metadata": may(String(3000, 0)),
    "callback_id": may(String(255, 0)),
    "external_id": may(String(255, 0)),
}
MODAL = Shape(
    "modal",
    PAGE,
    VIEW
    | {
        "title": need(Text(24)),
        "submit": may(Text(24)),
        "close": may(Text(24)),
        "clear_on_close": may(Flag()),
        "notify_on_close": may(Flag()),
        "submit_disabled": may(Flag()),
    },
    also=(
        Rule(
            "modal: submit is required beside an input block",
            PAGE,
            VIEW_ERROR,
            when(
                lambda v: "submit" not in v and any(b["type"] == "input" for b in v["blocks"]),
                "submit is required when the view has an input block",
            ),
        ),
        Rule(
            "modal: response_url_enabled only in input blocks",
            f"{PAGE}#modal_response_url",
            VIEW_ERROR,
            lambda v: response_url_outside_input(v["blocks"]),
        ),
    ),
    error=VIEW_ERROR,
)
HOME = Shape(
    "home",
    "surfaces/app-home",
    VIEW,
    also=(
        Rule(
            "home: no response_url_enabled",
            f"{PAGE}#modal_response_url",
            VIEW_ERROR,
            lambda v: response_url_anywhere(v["blocks"]),
        ),
    ),
    error=VIEW_ERROR,
)
MESSAGE = Shape(
    "message",
    "reference/block-kit/blocks",
    {"blocks": need(Many(Typed(IN_MESSAGE), 50, 0))},
    also=(
        Rule(
            "message: no response_url_enabled",
            f"{PAGE}#modal_response_url",
            "invalid_blocks",
            lambda v: response_url_anywhere(v["blocks"]),
        ),
    ),
)
TOO_LARGE = Rule(
    "view: at most 250 kB",
    "reference/methods/views.publish",
    "view_too_large",
    when(lambda view: len(json.dumps(view).encode()) > 250_000, "the view is larger than 250 kB"),
)
IS_OBJECT = Rule(
    "view: a JSON object",
    "reference/methods/views.open",
    VIEW_ERROR,
    when(lambda view: not isinstance(view, dict), "view must be a JSON object"),
)
IS_LIST = Rule(
    "blocks: a JSON list",
    "reference/methods/chat.postMessage",
    "invalid_blocks_format",
    when(lambda blocks: not isinstance(blocks, list), "blocks must be a JSON list"),
)


def message_blocks(blocks: Any) -> list[Json]:
    """The blocks of a message, judged and completed. Refused: invalid_blocks(_format)."""
    IS_LIST.hold(blocks)
    found = [*MESSAGE.breaches({"blocks": blocks}, ""), *_across(blocks)]
    if found:
        errors = [f"{b.said} [json-pointer:{b.pointer}]" for b in found]
        _refuse("invalid_blocks", found, {"errors": errors})
    return _completed(blocks)


def modal(view: Any) -> Json:
    """A modal, judged and completed. Refused: invalid_arguments, view_too_large."""
    return _view(view, MODAL, "modal")


def home(view: Any) -> Json:
    """A Home tab, judged and completed. Refused: invalid_arguments, view_too_large."""
    return _view(view, HOME, "home")


MODAL_TYPE = Rule(
    "modal: type is modal", PAGE, VIEW_ERROR, when(lambda v: v.get("type") != "modal", "type must be modal")
)
HOME_TYPE = Rule(
    "home: type is home",
    "surfaces/app-home",
    VIEW_ERROR,
    when(lambda v: v.get("type") != "home", "type must be home"),
)


def _view(view: Any, shape: Shape, kind: str) -> Json:
    IS_OBJECT.hold(view)
    TOO_LARGE.hold(view)
    wrong_type = (MODAL_TYPE if kind == "modal" else HOME_TYPE).check(view)
    found = list(shape.breaches(view, "/view"))
    if wrong_type:
        found.insert(0, Breach(MODAL_TYPE if kind == "modal" else HOME_TYPE, "/view/type", wrong_type))
    found += _across(view.get("blocks"))
    if found:
        _refuse(VIEW_ERROR, found, {})
    return {**view, "blocks": _completed(view["blocks"])}


def _across(blocks: Any) -> list[Breach]:
    found = []
    for rule in (UNIQUE_BLOCK_ID, ONE_FOCUS):
        try:
            said = rule.check(blocks)
        except (KeyError, TypeError, AttributeError):
            # Not even a list of objects: the shape has said so.
            continue
        if said:
            found.append(Breach(rule, "/blocks", said))
    return found


def _refuse(error: str, found: Iterable[Breach], body: Json) -> None:
    breaches = list(found)
    messages = [f"[ERROR] {b.said} [json-pointer:{b.pointer}]" for b in breaches]
    raise Refused(
        error,
        "; ".join(messages),
        {**body, "response_metadata": {"messages": messages}},
        rule=breaches[0].rule.name,
    )


def _completed(blocks: list[Json]) -> list[Json]:
    """A copy in which every block and every interactive element has an id."""
    full: list[Json] = copy.deepcopy(blocks)
    for block in full:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        accessory = [block[name] for name in ("element", "accessory") if name in block]
        interactive = [*accessory, *(block["elements"] if block["type"] == "actions" else [])]
        for element in interactive:
            element.setdefault("action_id", secrets.token_urlsafe(4))
    return full
