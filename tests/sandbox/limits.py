"""Block Kit's published limits as examples: a right object of each shape, values at the edge and beyond.

Written from the limits themselves, not from the sandbox's tables, so that a wrong number there fails.
"""

from __future__ import annotations

from typing import Any

from tests.sandbox.parts import Json, button, field, mrkdwn, option, plain, section

CONFIRM: Json = {"title": plain(), "text": mrkdwn(), "confirm": plain("Yes"), "deny": plain("No")}
OPTIONS = [option("one"), option("two")]
RICH = "option of checkboxes or radio_buttons"
LINKED = "option of overflow"


def _select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "a", "options": OPTIONS, **more}


def _text(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "a", **more}


RIGHT: dict[str, Json] = {
    "plain_text": plain(),
    "mrkdwn": mrkdwn(),
    "confirm": CONFIRM,
    "option": option(),
    RICH: option(),
    LINKED: option(),
    "option_group": {"label": plain(), "options": OPTIONS},
    "filter": {"include": ["im"]},
    "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    "button": button(),
    "static_select": _select(),
    "users_select": {"type": "users_select", "action_id": "a"},
    "multi_users_select": {"type": "multi_users_select", "action_id": "a"},
    "conversations_select": {"type": "conversations_select", "action_id": "a"},
    "checkboxes": {"type": "checkboxes", "action_id": "a", "options": OPTIONS},
    "radio_buttons": {"type": "radio_buttons", "action_id": "a", "options": OPTIONS},
    "overflow": {"type": "overflow", "action_id": "a", "options": OPTIONS},
    "datepicker": {"type": "datepicker", "action_id": "a"},
    "plain_text_input": _text(),
    "section": section(),
    "header": {"type": "header", "text": plain()},
    "divider": {"type": "divider"},
    "context": {"type": "context", "elements": [mrkdwn()]},
    "actions": {"type": "actions", "elements": [button()]},
    "input": field("label"),
    "modal": {"type": "modal", "title": plain(), "submit": plain("Go"), "blocks": [section()]},
    "home": {"type": "home", "blocks": [section()]},
    "message": {"blocks": [section()]},
}
REQUIRED: dict[str, tuple[str, ...]] = {
    "confirm": ("title", "text", "confirm", "deny"),
    "option": ("text", "value"),
    RICH: ("text", "value"),
    LINKED: ("text", "value"),
    "option_group": ("label", "options"),
    "dispatch_action_config": ("trigger_actions_on",),
    "button": ("text",),
    "checkboxes": ("options",),
    "radio_buttons": ("options",),
    "overflow": ("options",),
    "header": ("text",),
    "context": ("elements",),
    "actions": ("elements",),
    "input": ("label", "element"),
    "modal": ("type", "title", "blocks"),
    "home": ("type", "blocks"),
    "message": ("blocks",),
}
FLAG = ([True, False], ["true", 1, None])


def _plain(most: int) -> tuple[list[Any], list[Any]]:
    return [plain("x" * most)], [plain("x" * (most + 1)), plain(""), mrkdwn("x"), "x", {"type": "plain_text"}]


def _either(most: int) -> tuple[list[Any], list[Any]]:
    return [plain("x" * most), mrkdwn("x" * most)], [mrkdwn("x" * (most + 1)), mrkdwn(""), "x", {"text": "x"}]


def _string(most: int, least: int = 1) -> tuple[list[Any], list[Any]]:
    return ["x" * most, "x" * least], ["x" * (most + 1), 7, None, *([""] if least else [])]


def _values(most: int) -> list[Json]:
    return [option(str(n)) for n in range(most)]


URLS = (
    ["https://example.com/a#b", "http://localhost:8080/s/x#y", "https://a.b/" + "x" * 2988],
    ["example.com", "javascript:alert(1)", "https://", "https://a b", 5, "https://a.b/" + "x" * 2989],
)
MEMBERS: dict[tuple[str, str], tuple[list[Any], list[Any]]] = {
    ("plain_text", "emoji"): FLAG,
    ("mrkdwn", "verbatim"): FLAG,
    ("confirm", "title"): _plain(100),
    ("confirm", "text"): _either(300),
    ("confirm", "confirm"): _plain(30),
    ("confirm", "deny"): _plain(30),
    ("confirm", "style"): (["primary", "danger"], ["default", "", None]),
    ("option", "text"): _plain(75),
    ("option", "value"): _string(150),
    ("option", "description"): _plain(75),
    (RICH, "text"): _either(75),
    (RICH, "value"): _string(150),
    (RICH, "description"): _either(75),
    (LINKED, "text"): _plain(75),
    (LINKED, "value"): _string(150),
    (LINKED, "description"): _plain(75),
    (LINKED, "url"): URLS,
    ("option_group", "label"): _plain(75),
    ("option_group", "options"): ([_values(100)], [_values(101), [], "x"]),
    ("filter", "include"): ([["im", "mpim", "private", "public"]], [[], ["dm"], "im"]),
    ("filter", "exclude_external_shared_channels"): FLAG,
    ("filter", "exclude_bot_users"): FLAG,
    ("dispatch_action_config", "trigger_actions_on"): (
        [["on_enter_pressed", "on_character_entered"]],
        [[], ["on_blur"], "on_enter_pressed"],
    ),
    ("button", "text"): _plain(75),
    ("button", "url"): URLS,
    ("button", "value"): _string(2000),
    ("button", "style"): (["primary", "danger"], ["default", "", None]),
    ("button", "accessibility_label"): _string(75),
    ("static_select", "options"): ([_values(100)], [_values(101), [], "x", [mrkdwn()] * 101]),
    ("static_select", "option_groups"): ([], [[{}] * 101, [], "x"]),
    ("static_select", "initial_option"): ([OPTIONS[0]], ["one", None]),
    ("users_select", "initial_user"): (["U0MAYA0001", "W012AB"], ["maya", "@maya", "C0AUDIT001", 5]),
    ("multi_users_select", "initial_users"): ([["U0MAYA0001"], []], [["maya"], "U0MAYA0001", None]),
    ("multi_users_select", "max_selected_items"): ([1, 10], [0, "10", True]),
    ("conversations_select", "initial_conversation"): (["C0AUDIT001", "D012AB"], ["#general", "U0MAYA0001"]),
    ("conversations_select", "default_to_current_conversation"): FLAG,
    ("conversations_select", "response_url_enabled"): FLAG,
    ("conversations_select", "filter"): ([{"exclude_bot_users": True}], ["im", None, []]),
    ("checkboxes", "options"): ([_values(10)], [_values(11), [], "x"]),
    ("checkboxes", "initial_options"): ([[OPTIONS[0]]], [[], "one"]),
    ("radio_buttons", "options"): ([_values(10)], [_values(11), [], "x"]),
    ("radio_buttons", "initial_option"): ([OPTIONS[1]], ["two", None]),
    ("overflow", "options"): ([_values(5)], [_values(6), [], "x"]),
    ("datepicker", "initial_date"): (["2026-11-21"], ["21.11.2026", "2026-02-30", "20261121", 5]),
    ("plain_text_input", "initial_value"): _string(3000, 0),
    ("plain_text_input", "multiline"): FLAG,
    ("plain_text_input", "min_length"): ([0, 3000], [-1, 3001, "1"]),
    ("plain_text_input", "max_length"): ([1, 3000], [0, 3001, "9"]),
    ("plain_text_input", "dispatch_action_config"): ([RIGHT["dispatch_action_config"]], ["on_enter_pressed"]),
    ("section", "text"): _either(3000),
    ("section", "fields"): (
        [[mrkdwn("x" * 2000)] * 10],
        [[mrkdwn()] * 11, [], ["x"], [mrkdwn("x" * 2001)]],
    ),
    ("section", "accessory"): ([button(), _select()], [_text(), {"type": "image"}, "button"]),
    ("section", "expand"): FLAG,
    ("header", "text"): _plain(150),
    ("context", "elements"): ([[mrkdwn()] * 10], [[mrkdwn()] * 11, [], [button()]]),
    ("actions", "elements"): (
        [[button(str(n)) for n in range(25)]],
        [[button(str(n)) for n in range(26)], [], [_text()], [{"type": "multi_users_select"}]],
    ),
    ("input", "label"): _plain(2000),
    ("input", "element"): ([_text(), _select(), {"type": "multi_users_select"}], [button(), "text"]),
    ("input", "hint"): _plain(2000),
    ("input", "optional"): FLAG,
    ("input", "dispatch_action"): FLAG,
    ("modal", "type"): (["modal"], ["workflow_step", None]),
    ("modal", "title"): _plain(24),
    ("modal", "submit"): _plain(24),
    ("modal", "close"): _plain(24),
    ("modal", "blocks"): ([[section()] * 100], [[section()] * 101, [], [{"type": "video"}], "x"]),
    ("modal", "private_metadata"): _string(3000, 0),
    ("modal", "callback_id"): _string(255, 0),
    ("modal", "external_id"): _string(255, 0),
    ("modal", "clear_on_close"): FLAG,
    ("modal", "notify_on_close"): FLAG,
    ("modal", "submit_disabled"): FLAG,
    ("home", "type"): (["home"], ["tab", None]),
    ("home", "blocks"): ([[section()] * 100], [[section()] * 101, [], [{"type": "video"}], "x"]),
    ("home", "private_metadata"): _string(3000, 0),
    ("home", "callback_id"): _string(255, 0),
    ("home", "external_id"): _string(255, 0),
    ("message", "blocks"): ([[section()] * 50, []], [[section()] * 51, [field("x")], "x"]),
}
for _block in ("section", "header", "divider", "context", "actions", "input"):
    MEMBERS[(_block, "block_id")] = _string(255)
for _element in (name for name in RIGHT if "action_id" in RIGHT[name]):
    MEMBERS[(_element, "action_id")] = _string(255)
    if _element not in ("button", "overflow"):
        MEMBERS[(_element, "focus_on_load")] = FLAG
    if _element != "plain_text_input":
        MEMBERS[(_element, "confirm")] = ([CONFIRM], ["sure?", None, []])
    if _element not in ("button", "overflow", "checkboxes", "radio_buttons"):
        MEMBERS[(_element, "placeholder")] = _plain(150)

WHOLE: dict[str, tuple[str, Json]] = {
    "filter: not empty": ("filter", {}),
    "static_select: options or option_groups, not both": ("static_select", {"type": "static_select"}),
    "static_select: initial option is among the options": ("static_select", _select(initial_option=option("six"))),
    "static_select: option values differ": ("static_select", _select(options=[option("one"), option("one")])),
    "checkboxes: initial option is among the options": (
        "checkboxes",
        {**RIGHT["checkboxes"], "initial_options": [option("six")]},
    ),
    "checkboxes: option values differ": ("checkboxes", {**RIGHT["checkboxes"], "options": [option("one")] * 2}),
    "radio_buttons: initial option is among the options": (
        "radio_buttons",
        {**RIGHT["radio_buttons"], "initial_option": option("six")},
    ),
    "radio_buttons: option values differ": (
        "radio_buttons",
        {**RIGHT["radio_buttons"], "options": [option("one")] * 2},
    ),
    "overflow: option values differ": ("overflow", {**RIGHT["overflow"], "options": [option("one")] * 2}),
    "plain_text_input: min_length is not above max_length": (
        "plain_text_input",
        _text(min_length=9, max_length=8),
    ),
    "plain_text_input: initial_value keeps min_length and max_length": (
        "plain_text_input",
        _text(initial_value="four", max_length=3),
    ),
    "section: text or fields": ("section", {"type": "section"}),
    "actions: action_id unique in the block": (
        "actions",
        {"type": "actions", "elements": [button("same"), button("same")]},
    ),
    "modal: submit is required beside an input block": (
        "modal",
        {"type": "modal", "title": plain(), "blocks": [field("a")]},
    ),
    "modal: response_url_enabled only in input blocks": (
        "modal",
        {
            **RIGHT["modal"],
            "blocks": [section(accessory={"type": "conversations_select", "response_url_enabled": True})],
        },
    ),
    "home: no response_url_enabled": (
        "home",
        {
            "type": "home",
            "blocks": [field("where", {"type": "conversations_select", "response_url_enabled": True})],
        },
    ),
    "message: no response_url_enabled": (
        "message",
        {"blocks": [section(accessory={"type": "conversations_select", "response_url_enabled": True})]},
    ),
}
