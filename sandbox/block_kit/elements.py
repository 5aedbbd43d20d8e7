"""Interactive elements: members, limits, and on which blocks they may stand.

Only those that the sandbox plays are known; Slack has more, and using one of those here is refused
rather than drawn wrongly.
"""

from __future__ import annotations

from sandbox.block_kit.kinds import Choice, Day, Flag, Many, Matching, Nested, String, Text, Url, Whole
from sandbox.block_kit.objects import (
    CONFIRM,
    FILTER,
    LINK_OPTION,
    OPTION,
    OPTION_GROUP,
    RICH_OPTION,
    initial_among_options,
    values_differ,
)
from sandbox.block_kit.shapes import ERROR, Member, Shape, may, need
from sandbox.rules import Rule, when

PAGE = "reference/block-kit/block-elements"
USER = Matching(r"[UW][A-Z0-9]{2,}", "a user id")
CONVERSATION = Matching(r"[CDG][A-Z0-9]{2,}", "a conversation id")

ACTION_ID: dict[str, Member] = {"action_id": may(String(255))}
FOCUS: dict[str, Member] = {"focus_on_load": may(Flag())}
ASKS: dict[str, Member] = {"confirm": may(Nested(CONFIRM))}
HOLDS: dict[str, Member] = {"placeholder": may(Text(150))}
MENU = ACTION_ID | FOCUS | ASKS | HOLDS


def _options_or_groups(name: str, page: str) -> tuple[Rule, ...]:
    return (
        Rule(
            f"{name}: options or option_groups, not both",
            page,
            ERROR,
            when(lambda v: ("options" in v) == ("option_groups" in v), "give options or option_groups"),
        ),
        Rule(f"{name}: initial option is among the options", page, ERROR, initial_among_options),
        Rule(f"{name}: option values differ", page, ERROR, values_differ),
    )


def _ticked(name: str, page: str) -> tuple[Rule, ...]:
    return (
        Rule(f"{name}: initial option is among the options", page, ERROR, initial_among_options),
        Rule(f"{name}: option values differ", page, ERROR, values_differ),
    )


BUTTON = Shape(
    "button",
    f"{PAGE}/button-element",
    ACTION_ID
    | ASKS
    | {
        "text": need(Text(75)),
        "url": may(Url(3000)),
        "value": may(String(2000)),
        "style": may(Choice("primary", "danger")),
        "accessibility_label": may(String(75)),
    },
)
STATIC_SELECT = Shape(
    "static_select",
    f"{PAGE}/select-menu-element",
    MENU
    | {
        "options": may(Many(Nested(OPTION), 100)),
        "option_groups": may(Many(Nested(OPTION_GROUP), 100)),
        "initial_option": may(Nested(OPTION)),
    },
    also=_options_or_groups("static_select", f"{PAGE}/select-menu-element"),
)
USERS_SELECT = Shape("users_select", f"{PAGE}/select-menu-element", MENU | {"initial_user": may(USER)})
MULTI_USERS_SELECT = Shape(
    "multi_users_select",
    f"{PAGE}/multi-select-menu-element",
    MENU | {"initial_users": may(Many(USER, 100, 0)), "max_selected_items": may(Whole(1, 100))},
)
CONVERSATIONS_SELECT = Shape(
    "conversations_select",
    f"{PAGE}/select-menu-element",
    MENU
    | {
        "initial_conversation": may(CONVERSATION),
        "default_to_current_conversation": may(Flag()),
        "response_url_enabled": may(Flag()),
        "filter": may(Nested(FILTER)),
    },
)
CHECKBOXES = Shape(
    "checkboxes",
    f"{PAGE}/checkboxes-element",
    ACTION_ID
    | FOCUS
    | ASKS
    | {"options": need(Many(Nested(RICH_OPTION), 10)), "initial_options": may(Many(Nested(RICH_OPTION), 10))},
    also=_ticked("checkboxes", f"{PAGE}/checkboxes-element"),
)
RADIO_BUTTONS = Shape(
    "radio_buttons",
    f"{PAGE}/radio-button-group-element",
    ACTION_ID
    | FOCUS
    | ASKS
    | {"options": need(Many(Nested(RICH_OPTION), 10)), "initial_option": may(Nested(RICH_OPTION))},
    also=_ticked("radio_buttons", f"{PAGE}/radio-button-group-element"),
)
OVERFLOW = Shape(
    "overflow",
    f"{PAGE}/overflow-menu-element",
    ACTION_ID | ASKS | {"options": need(Many(Nested(LINK_OPTION), 5))},
    also=(Rule("overflow: option values differ", f"{PAGE}/overflow-menu-element", ERROR, values_differ),),
)
DATEPICKER = Shape("datepicker", f"{PAGE}/date-picker-element", MENU | {"initial_date": may(Day())})
TEXT_PAGE = f"{PAGE}/plain-text-input-element"
DISPATCH = Shape(
    "dispatch_action_config",
    "reference/block-kit/composition-objects/dispatch-action-configuration-object",
    {"trigger_actions_on": need(Many(Choice("on_enter_pressed", "on_character_entered"), 2))},
)
PLAIN_TEXT_INPUT = Shape(
    "plain_text_input",
    TEXT_PAGE,
    ACTION_ID
    | FOCUS
    | HOLDS
    | {
        "initial_value": may(String(3000, 0)),
        "multiline": may(Flag()),
        "min_length": may(Whole(0, 3000)),
        "max_length": may(Whole(1, 3000)),
        "dispatch_action_config": may(Nested(DISPATCH)),
    },
    also=(
        Rule(
            "plain_text_input: min_length is not above max_length",
            TEXT_PAGE,
            ERROR,
            when(lambda v: v.get("min_length", 0) > v.get("max_length", 3000), "min_length > max_length"),
        ),
        Rule(
            "plain_text_input: initial_value keeps min_length and max_length",
            TEXT_PAGE,
            ERROR,
            when(
                lambda v: (
                    v.get("initial_value")
                    and not v.get("min_length", 0) <= len(v["initial_value"]) <= v.get("max_length", 3000)
                ),
                "initial_value is shorter than min_length or longer than max_length",
            ),
        ),
    ),
)

IN_SECTION = {
    "button": BUTTON,
    "static_select": STATIC_SELECT,
    "users_select": USERS_SELECT,
    "multi_users_select": MULTI_USERS_SELECT,
    "conversations_select": CONVERSATIONS_SELECT,
    "checkboxes": CHECKBOXES,
    "radio_buttons": RADIO_BUTTONS,
    "overflow": OVERFLOW,
    "datepicker": DATEPICKER,
}
IN_ACTIONS = {name: shape for name, shape in IN_SECTION.items() if name != "multi_users_select"}
IN_INPUT = {
    "plain_text_input": PLAIN_TEXT_INPUT,
    **{name: shape for name, shape in IN_SECTION.items() if name not in ("button", "overflow")},
}
