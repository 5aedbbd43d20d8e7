"""
The step before the form: what is handed over.

Pure.  Nothing secret is on the screen yet; the form takes this view's place when Next is pressed.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot import template_wording as wording
from bot.block_kit import Json, context, entry, plain
from bot.mrkdwn import fill
from bot.template import ANYTHING, Template
from bot.templates import Templates

CALLBACK: Final = "choose_template"
TEMPLATE: Final = "template"
_MOST_IN_OPTION: Final = 75


def view(templates: Templates) -> Json:
    """The step as `views.open` takes it; what has no template of its own is chosen at first."""
    options = [_option(template) for template in _ordered(templates)]
    menu = {"type": "static_select", "options": options, "initial_option": options[-1]}
    word = _ordered(templates)[0].name
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(wording.STEP_TITLE),
        "submit": plain(wording.NEXT),
        "close": plain(wording.CANCEL),
        "blocks": [
            entry(TEMPLATE, wording.WHAT, menu, hint=wording.WHAT_HINT),
            *([] if word == ANYTHING else [context(fill(wording.WORD, word=word))]),
        ],
    }


def chosen(view: Mapping[str, Any]) -> str:
    """The name of the template in a step that was submitted."""
    inputs = view.get("state", {}).get("values", {}).get(TEMPLATE, {}).get(TEMPLATE, {})
    return str((inputs.get("selected_option") or {}).get("value", ANYTHING))


def _ordered(templates: Templates) -> list[Template]:
    return [*(one for one in templates.values() if one.name != ANYTHING), templates[ANYTHING]]


def _option(template: Template) -> Json:
    option: Json = {"text": plain(_named(template)), "value": template.name}
    # What has no template is not found by words.
    if not template.tags or template.name == ANYTHING:
        return option
    return {**option, "description": plain(", ".join(template.tags)[:_MOST_IN_OPTION])}


def _named(template: Template) -> str:
    if template.name == ANYTHING:
        return wording.ANYTHING
    if not template.label:
        return template.name
    # The word is what one must be able to type next time; the label may be cut.
    whole = wording.OPTION.format(label=template.label, word=template.name)
    over = len(whole) - _MOST_IN_OPTION
    return whole if over <= 0 else wording.OPTION.format(label=f"{template.label[: -over - 1]}…", word=template.name)
