"""
The window of somebody's tokens, and the one in which a new one is shown.  Pure.

A token stands in the second alone, once: in no value, no private metadata and no message.
"""

from collections.abc import Sequence
from typing import Final

from bot import token_wording as wording
from bot.block_kit import Json, button, confirm, divider, entry, mrkdwn, plain, section
from bot.mrkdwn import Markup, fill, moment
from bot.token_desk import code, listed
from store.formats import base64url
from store.tokens import MOST_DAYS, Held
from store.words import Scope

CALLBACK: Final = "tokens"
END: Final = "token_end"
SCOPES: Final = "token_scopes"
DAYS: Final = "token_days"


def window(held: Sequence[Held], *, may_make: bool, said: Markup | None = None) -> Json:
    """Somebody's tokens, and the form for another one if they may; `said` is what a press was answered with."""
    blocks = [section(Markup(wording.WHAT_FOR))]
    if said is not None:
        blocks.append(section(said))
    blocks += [_row(one) for one in held] or [section(Markup(wording.NO_ROWS))]
    if not may_make:
        return _modal(blocks, wording.CLOSE)
    options = [{"text": mrkdwn(Markup(wording.SCOPES[scope])), "value": scope} for scope in Scope]
    ticks = {"type": "checkboxes", "options": options}
    days = {"type": "plain_text_input", "initial_value": str(MOST_DAYS), "max_length": 3}
    blocks += [
        divider(),
        entry(SCOPES, wording.FOR, ticks),
        entry(DAYS, wording.DAYS, days, hint=wording.DAYS_HINT),
    ]
    return {**_modal(blocks, wording.CLOSE), "submit": plain(wording.MAKE)}


def shown(token: str, scopes: frozenset[Scope], until: int, address: str) -> Json:
    """A new token, `until` in milliseconds."""
    told = fill(
        wording.SHOWN, scopes=listed(scopes), until=moment(until), token=code(token), address=code(address.rstrip("/"))
    )
    return _modal([section(told)], wording.DONE)


def said(sentence: str) -> Json:
    """The window with nothing but a sentence."""
    return _modal([section(Markup(sentence))], wording.CLOSE)


def _row(one: Held) -> Json:
    name, scopes, until = code(base64url.encode(one.id)), listed(one.scopes), moment(one.until)
    question = confirm(wording.END_TITLE, wording.END_QUESTION, wording.END_YES, wording.END_NO)
    end = button(wording.END, END, base64url.encode(one.id), confirm=question)
    if one.used_at is None:
        return section(fill(wording.ROW_UNUSED, name=name, scopes=scopes, until=until), accessory=end)
    used = moment(one.used_at)
    return section(fill(wording.ROW, name=name, scopes=scopes, until=until, used=used), accessory=end)


def _modal(blocks: Sequence[Json], close: str) -> Json:
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(wording.WINDOW),
        "close": plain(close),
        "blocks": list(blocks),
    }
