"""
The messages about a request: to whoever is asked, with the page to seal it on, and to whoever asked.

Pure.  A page's link stands in a button, or in the one message to the asker who is to pass it on: never in the text that
notifications show.
"""

from dataclasses import dataclass, field
from typing import Final

from bot import request_wording as wording
from bot import sent_wording
from bot.block_kit import Json, actions, button, confirm, context, link_button, section, words
from bot.composer_views import OPEN
from bot.message import Message
from bot.mrkdwn import Markup, fill, moment
from bot.people import Person

TAKE_BACK: Final = "take_back"


@dataclass(frozen=True)
class Request:
    """
    Who asks whom for what, until when (milliseconds since 1970).

    `person` is None where the asker passes the link on, perhaps to `address`.  `id` is the order's, as text.
    """

    id: str
    url: str = field(repr=False)
    asker: str
    person: Person | None
    address: str | None
    label: str
    until_ms: int


def asks(request: Request) -> Message:
    """To whoever is asked."""
    asker = request.asker
    return Message(
        text=fill(wording.ASKED_TEXT, asker=asker),
        blocks=[
            words(request.label),
            section(fill(wording.ASKED, asker=asker, until=moment(request.until_ms))),
            actions(link_button(wording.OPEN, OPEN, request.url, request.id)),
            context(fill(wording.CALM, asker=asker)),
        ],
    )


def over(asker: str) -> Message:
    """The same message when it was taken back; no link."""
    return Message(text=fill(wording.OVER_TEXT, asker=asker), blocks=[section(fill(wording.OVER, asker=asker))])


def waiting(request: Request) -> Message:
    """To the asker: that somebody was asked, or the link to pass on; either can be taken back."""
    until = moment(request.until_ms)
    if request.person is None:
        sentence = wording.LINK if request.address is None else wording.LINK_FOR
        told = [
            section(fill(sentence, until=until, address=request.address, link=Markup(request.url))),
            context(Markup(wording.LINK_CALM)),
        ]
        text = Markup(wording.LINK_TEXT)
    else:
        kind = sent_wording.KINDS.get(request.person.kind.as_recipient)
        sentence = wording.WAITING_KIND if kind else wording.WAITING
        told = [section(fill(sentence, person=request.person.name, kind=kind, until=until))]
        text = fill(wording.WAITING_TEXT, person=request.person.name)
    return Message(text=text, blocks=[words(request.label), *told, actions(_take_back(request.id))])


def taken_back() -> Message:
    """The same message afterwards."""
    return Message(text=Markup(wording.TAKEN_BACK_TEXT), blocks=[section(Markup(wording.TAKEN_BACK))])


def _take_back(order: str) -> Json:
    question = confirm(wording.TAKE_BACK_TITLE, wording.TAKE_BACK_QUESTION, wording.TAKE_BACK_YES, wording.TAKE_BACK_NO)
    return button(wording.TAKE_BACK, TAKE_BACK, order, style="danger", confirm=question)
