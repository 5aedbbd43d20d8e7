"""
The window after a form for a secret that is typed outside Slack: who gets it, and a page for each.

Pure.  The links stand in its buttons and nowhere else: whoever has one may seal in the sender's name.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from bot import composer_wording as wording
from bot.block_kit import Json, context, link_button, plain, section
from bot.mrkdwn import Markup, fill, moment
from bot.people import Kind, Person
from bot.sent_views import named

CALLBACK: Final = "composers"
OPEN: Final = "open_composer"
_MOST_IN_BUTTON: Final = 75


@dataclass(frozen=True)
class Composer:
    """One recipient and the page to type their secret on.  `id` is the order's, as text, and opens nothing."""

    person: Person
    id: str
    url: str = field(repr=False)


def view(composers: Sequence[Composer], until_ms: int, notes: Sequence[Markup] = ()) -> Json:
    """The window; `until_ms`, milliseconds since 1970, is when the first of the pages is over; `notes` come last."""
    return {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(wording.TITLE),
        "close": plain(wording.CLOSE),
        "blocks": [
            section(Markup(_intro(composers))),
            *(_row(number, composer) for number, composer in enumerate(composers)),
            context(fill(wording.ONCE, until=moment(until_ms))),
            *(section(note) for note in notes),
        ],
    }


def _intro(composers: Sequence[Composer]) -> str:
    if any(composer.person.kind is Kind.EMAIL for composer in composers):
        return wording.INTRO_MAIL
    return wording.INTRO if len(composers) == 1 else wording.INTRO_EACH


def _row(number: int, composer: Composer) -> Json:
    label = wording.TYPE_IT.format(name=composer.person.name)
    if len(label) > _MOST_IN_BUTTON:
        label = f"{label[: _MOST_IN_BUTTON - 1]}…"
    opens = link_button(label, OPEN, composer.url, composer.id)
    return section(named(composer.person), block_id=f"page-{number}", accessory=opens)
