"""What people enter into elements, as Slack's clients hold it and send it.

Turns what a test or the page gives (a text, an id, a list) into Slack's state objects, and makes the
checks that Slack's own client makes before it lets a person submit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sandbox.conversations import Conversation
from sandbox.offers import first_choice
from sandbox.rules import Refused, Rule
from sandbox.wire import Json

STATEFUL = {
    "plain_text_input": "value",
    "static_select": "selected_option",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "checkboxes": "selected_options",
    "radio_buttons": "selected_option",
    "datepicker": "selected_date",
}
"""Element type to the member of its state object that holds the choice."""
DAY = re.compile(r"\d{4}-\d\d-\d\d")


def elements_of(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    """Each interactive element with the id of its block, in the order in which they are drawn."""
    for block in blocks:
        if block["type"] == "input":
            yield block["block_id"], block["element"]
        elif block["type"] == "section" and "accessory" in block:
            yield block["block_id"], block["accessory"]
        elif block["type"] == "actions":
            for element in block["elements"]:
                yield block["block_id"], element


def inputs_of(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    """The elements that hold a state."""
    for block_id, element in elements_of(blocks):
        if element["type"] in STATEFUL:
            yield block_id, element


def initial_entry(element: Json, current: Conversation | None = None) -> Json:
    """The state object before anybody touched the element; `current` is where the view was opened from."""
    kind = element["type"]
    first = {
        "plain_text_input": element.get("initial_value"),
        "static_select": element.get("initial_option"),
        "users_select": element.get("initial_user"),
        "multi_users_select": element.get("initial_users", []),
        "conversations_select": first_choice(element, current),
        "checkboxes": element.get("initial_options", []),
        "radio_buttons": element.get("initial_option"),
        "datepicker": element.get("initial_date"),
    }[kind]
    return {"type": kind, STATEFUL[kind]: first}


def entry(element: Json, given: object) -> Json:
    """The state object after somebody entered `given`.

    Options are named by their `value` or their text. Refused (code `impossible_entry`) when a person could
    not have entered it: an unknown option, a date that is none, too many people.
    """
    kind = element["type"]
    member = STATEFUL.get(kind)
    if member is None:
        raise Refused("impossible_entry", f"a {kind} holds nothing")
    if given is None or given == "":
        return {"type": kind, member: [] if member in ("selected_users", "selected_options") else None}
    if kind == "plain_text_input":
        text = str(given)
        # A single line has no line breaks in Slack's client: pasting one turns them into spaces.
        return {
            "type": kind,
            member: text if element.get("multiline") else re.sub(r"[\r\n]+", " ", text),
        }
    if kind in ("static_select", "radio_buttons"):
        return {"type": kind, member: _option(element, given)}
    if kind == "checkboxes":
        return {"type": kind, member: [_option(element, one) for one in _several(given)]}
    if kind == "multi_users_select":
        chosen = [str(one) for one in _several(given)]
        most = element.get("max_selected_items", len(chosen))
        if len(chosen) > most:
            raise Refused("impossible_entry", f"at most {most} people can be chosen")
        return {"type": kind, member: chosen}
    if kind == "datepicker" and not DAY.fullmatch(str(given)):
        raise Refused("impossible_entry", "a day is written YYYY-MM-DD")
    return {"type": kind, member: str(given)}


def _several(given: object) -> list[object]:
    return list(given) if isinstance(given, list | tuple) else [given]


def _option(element: Json, given: object) -> Json:
    wanted = given.get("value") if isinstance(given, dict) else given
    groups = [element.get("options", []), *(g["options"] for g in element.get("option_groups", []))]
    for option in (one for group in groups for one in group):
        if wanted in (option["value"], option["text"]["text"]):
            return dict(option)
    raise Refused("impossible_entry", f"there is no option {wanted!r}")


def _empty(pair: tuple[Json, Json]) -> str | None:
    block, state = pair
    if block.get("optional") or state[STATEFUL[state["type"]]] not in (None, "", []):
        return None
    return "Please complete this required field."


def _too_short(pair: tuple[Json, Json]) -> str | None:
    block, state = pair
    least = block["element"].get("min_length", 0)
    if state["type"] == "plain_text_input" and state["value"] and len(state["value"]) < least:
        return f"Please enter at least {least} characters."
    return None


def _too_long(pair: tuple[Json, Json]) -> str | None:
    block, state = pair
    most = block["element"].get("max_length", 3000)
    if state["type"] == "plain_text_input" and state["value"] and len(state["value"]) > most:
        return f"Please enter at most {most} characters."
    return None


PAGE = "reference/block-kit/blocks/input-block"
TEXT_PAGE = "reference/block-kit/block-elements/plain-text-input-element"
REQUIRED = Rule("submit: a required input is not empty", PAGE, "input_error", _empty)
LONG_ENOUGH = Rule("submit: min_length is kept", TEXT_PAGE, "input_error", _too_short)
SHORT_ENOUGH = Rule("submit: max_length is kept", TEXT_PAGE, "input_error", _too_long)


def mistakes(blocks: list[Json], entered: dict[str, dict[str, Json]]) -> dict[str, str]:
    """Block id to the words Slack's client shows instead of submitting; empty when all is well."""
    found: dict[str, str] = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        state = entered[block["block_id"]][block["element"]["action_id"]]
        for rule in (REQUIRED, LONG_ENOUGH, SHORT_ENOUGH):
            said = rule.check((block, state))
            if said:
                found[block["block_id"]] = said
                break
    return found
