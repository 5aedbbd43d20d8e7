"""
The step before the form: what is handed over.

Pure.  Nothing secret is on the screen yet; the form takes this view's place when Next is pressed.
"""

from collections.abc import Mapping
from typing import Any, Final

from bot import template_wording as wording
from bot.block_kit import Json, context, entry, plain
from bot.mrkdwn import escape, fill
from bot.template import ANYTHING, Template
from bot.templates import Templates

CALLBACK: Final = "choose_template"
TEMPLATE: Final = "template"
_MOST_IN_OPTION: Final = 75
_MOST_WORDS: Final = 12


def view(templates: Templates) -> Json:
    """The step as `views.open` takes it; what has no template of its own is chosen at first."""
    options = [_option(template) for template in _ordered(templates)]
    menu = {"type": "static_select", "options": options, "initial_option": options[-1]}
    words = [template.name for template in _ordered(templates)[:_MOST_WORDS] if template.name != ANYTHING]
    line = fill(wording.WORD, word=words[0], words=escape(", ".join(words))) if words else None
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(wording.STEP_TITLE),
        "submit": plain(wording.NEXT),
        "close": plain(wording.CANCEL),
        "blocks": [
            entry(TEMPLATE, wording.WHAT, menu, hint=wording.WHAT_HINT),
            *([] if line is None else [context(line)]),
        ],
    }


def chosen(view: Mapping[str, Any]) -> str:
    """The name of the template in a step that was submitted."""
    inputs = view.get("state", {}).get("values", {}).get(TEMPLATE, {}).get(TEMPLATE, {})
    return str((inputs.get("selected_option") or {}).get("value", ANYTHING))


def _ordered(templates: Templates) -> list[Template]:
    return [*(one for one in templates.values() if one.name != ANYTHING), templates[ANYTHING]]


def _option(template: Template) -> Json:
    is_any = template.name == ANYTHING
    text = template.label or (wording.ANYTHING if is_any else template.name)
    return {"text": plain(text[:_MOST_IN_OPTION]), "value": template.name}
