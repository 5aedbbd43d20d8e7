"""
Slack's building blocks, as few as the bot needs, in the only way the bot builds them.

Every mrkdwn object is `verbatim`: Slack then turns nothing in it into links or mentions by itself, which is what a
label that looks like an address would want.
"""

from typing import Any, Final

from bot.mrkdwn import Markup

Json = dict[str, Any]

_MOST_IN_HEADER: Final = 150


def plain(text: str) -> Json:
    """A plain_text object: nothing in it can be markup."""
    return {"type": "plain_text", "text": text, "emoji": False}


def mrkdwn(text: Markup) -> Json:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text, "verbatim": True}


def section(text: Markup, *, block_id: str | None = None, accessory: Json | None = None) -> Json:
    """A paragraph, with a button beside it if given."""
    block: Json = {"type": "section", "text": mrkdwn(text)}
    if block_id is not None:
        block["block_id"] = block_id
    if accessory is not None:
        block["accessory"] = accessory
    return block


def words(text: str) -> Json:
    """Somebody's own words as a heading: a label.  A header block takes 150 characters."""
    return {
        "type": "header",
        "text": plain(text if len(text) <= _MOST_IN_HEADER else f"{text[: _MOST_IN_HEADER - 1]}…"),
    }


def context(text: Markup) -> Json:
    """Small print."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def divider() -> Json:
    """A line between what belongs to different people."""
    return {"type": "divider"}


def actions(*buttons: Json) -> Json:
    """A row of buttons."""
    return {"type": "actions", "elements": list(buttons)}


def button(text: str, action_id: str, value: str, *, style: str | None = None, confirm: Json | None = None) -> Json:
    """A button that tells us; `value` is an opaque id, and a capability only where bot/press_values says why."""
    made: Json = {"type": "button", "text": plain(text), "action_id": action_id, "value": value}
    if style is not None:
        made["style"] = style
    if confirm is not None:
        made["confirm"] = confirm
    return made


def date_picker(action_id: str, placeholder: str, chosen: str | None = None) -> Json:
    """Tells us of a day that is chosen; `chosen` like 2026-12-24.  It has no value: its block's id says what for."""
    made: Json = {"type": "datepicker", "action_id": action_id, "placeholder": plain(placeholder)}
    if chosen is not None:
        made["initial_date"] = chosen
    return made


def person_picker(action_id: str, placeholder: str, chosen: str | None = None) -> Json:
    """Tells us of a person who is chosen, by their user id."""
    made: Json = {"type": "users_select", "action_id": action_id, "placeholder": plain(placeholder)}
    if chosen is not None:
        made["initial_user"] = chosen
    return made


def link_button(text: str, action_id: str, url: str, value: str, *, style: str | None = "primary") -> Json:
    """A button that opens a page; Slack tells us of the click as well and wants an acknowledgement."""
    return {**button(text, action_id, value, style=style), "url": url}


def confirm(title: str, text: str, yes: str, no: str) -> Json:
    """The question before a button that cannot be undone."""
    return {
        "title": plain(title),
        "text": plain(text),
        "confirm": plain(yes),
        "deny": plain(no),
        "style": "danger",
    }


def entry(block_id: str, label: str, element: Json, *, hint: str | None = None, optional: bool = False) -> Json:
    """An input block; its block id is its element's action id, and no element tells us of a change."""
    block: Json = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {**element, "action_id": block_id},
        "optional": optional,
    }
    if hint is not None:
        block["hint"] = plain(hint)
    return block
