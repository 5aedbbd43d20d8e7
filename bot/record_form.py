"""
The window in which a record is made for a program or for people, and the one in which it is rotated.

Pure.  As in the form of drops no element tells us of a change, no button stands beside the credential, and block ids
are action ids.  `private_metadata` names the record that is rotated; its id opens nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot import durations, form, form_wording
from bot import record_form_wording as wording
from bot.block_kit import Json, context, entry, plain, section
from bot.form_ways import ways
from bot.grammar import MOST_CHARACTERS
from bot.mrkdwn import Markup, fill
from bot.people import Person
from bot.policy import NONE, Policy
from bot.template import AS_USUAL, Scheme, Template
from bot.template_fields import passphrase_field
from store.record_doors import RecordDoor
from store.record_lines import MOST_IN_URL
from store.words import Way

MAKE: Final = "record_make"
ROTATE: Final = "record_rotate"
TOLD: Final = "record_told"
READS: Final = "reads"
ROTATE_URL: Final = "rotate_url"
DOOR: Final = "door"
ESCROW: Final = "escrow"
MOST_READS: Final = 1_000_000
SPANS: Final = tuple(days * 86_400 for days in (7, 30, 90, 180, 365))
USUAL_SPAN: Final = 90 * 86_400
_TITLES_AGAIN: Final = {RecordDoor.API: wording.TITLE_AGAIN, RecordDoor.PAGE: wording.TITLE_AGAIN_PAGE}
_AGAIN_FOR: Final = {RecordDoor.API: wording.AGAIN_FOR, RecordDoor.PAGE: wording.AGAIN_FOR_PAGE}


class Handing(StrEnum):
    """Who gets what opens it, and how."""

    HAND = "hand"
    """The person it is for, by a drop."""
    WINDOW = "window"
    """Whoever makes it, in the answer to the form: a message would stay."""
    PAGE = "page"
    """Whoever makes it, by a drop to themselves: its page saves a file, which no window of Slack's can."""


@dataclass(frozen=True)
class Offer:
    """
    What a window is opened with: for whom, and whether something stood behind the name that was not taken.

    `record` and `label` are of the record that is rotated, which stays the same person's; both empty where one is made.
    So are its `door`, and `is_escrowed`: our keyring opens it, so that the credential need not be typed again.
    """

    recipient: str | None = None
    was_not_taken: bool = False
    record: str = ""
    label: str = ""
    policy: Policy = NONE
    template: Template = AS_USUAL
    door: RecordDoor = RecordDoor.API
    is_escrowed: bool = False


def view(offer: Offer, unsure: Sequence[Person] = (), doubts: Sequence[Markup] = ()) -> Json:
    """The window; where somebody or something is doubtful, the same again with a box to tick, as with drops."""
    blocks = _making(offer) if not offer.record else _rotating(offer)
    blocks += [section(form.warning(person)) for person in unsure]
    blocks += [section(doubt) for doubt in doubts]
    if unsure or doubts:
        box = form.anyway_id(unsure, doubts)
        tick = {"text": plain(form_wording.SEND_ANYWAY), "value": box}
        boxes = {"type": "checkboxes", "options": [tick]}
        blocks.append(entry(box, form_wording.SEND_ANYWAY_LABEL, boxes, optional=True))
    return {
        "type": "modal",
        "callback_id": ROTATE if offer.record else MAKE,
        "title": plain(_TITLES_AGAIN[offer.door] if offer.record else wording.TITLE),
        "submit": plain(wording.ROTATE if offer.record else wording.MAKE),
        "close": plain(wording.CANCEL),
        "private_metadata": offer.record,
        "blocks": blocks,
    }


def shown(notes: Sequence[Markup], pasted: Markup | None = None) -> Json:
    """What came of it, where what opens the record is shown in the window itself."""
    return _told([section(note) for note in notes] + ([] if pasted is None else [context(pasted)]), wording.I_HAVE_IT)


def said(sentence: str) -> Json:
    """A window with nothing but a sentence."""
    return _told([section(Markup(sentence))], wording.DONE)


def _told(blocks: list[Json], close: str) -> Json:
    return {
        "type": "modal",
        "callback_id": TOLD,
        "title": plain(wording.TITLE),
        "close": plain(close),
        "blocks": blocks,
    }


def handings(offer: Offer) -> list[Handing]:
    """How what opens it may go; where every recipient must press in Slack, nobody passes one on by hand."""
    ways_of_drops = ways(offer.template, offer.policy, for_addresses=False, can_mail=False)
    to_oneself = [Handing.WINDOW, Handing.PAGE] if Way.SHOWN in ways_of_drops else []
    return [*([Handing.HAND] if not offer.record or offer.recipient else []), *to_oneself]


def _making(offer: Offer) -> list[Json]:
    whom: Json = {"type": "multi_users_select", "max_selected_items": 1}
    if offer.recipient:
        whom["initial_users"] = [offer.recipient]
    label = {**_text(form.MOST_IN_LABEL, least=1), "placeholder": plain(form_wording.LABEL_EXAMPLE)}
    spans = [{"text": plain(durations.spoken(span)), "value": str(span)} for span in SPANS]
    usual = spans[SPANS.index(USUAL_SPAN)]
    expires = {"type": "static_select", "options": spans, "initial_option": usual}
    url = {**_text(MOST_IN_URL), "placeholder": plain("https://")}
    return [
        *([context(Markup(wording.NOT_TAKEN))] if offer.was_not_taken else []),
        context(Markup(wording.WHAT_FOR)),
        entry(DOOR, wording.DOOR, _radio(wording.DOORS), hint=wording.DOOR_HINT),
        entry(form.RECIPIENTS, wording.FOR_WHOM, whom, hint=wording.FOR_WHOM_HINT, optional=True),
        entry(form.LABEL, form_wording.LABEL, label, hint=form_wording.LABEL_HINT),
        _credential(offer),
        _handing(offer),
        entry(form.EXPIRES, wording.EXPIRES, expires),
        entry(READS, wording.READS, _text(9), hint=wording.READS_HINT, optional=True),
        entry(ROTATE_URL, wording.ROTATE_URL, url, hint=wording.ROTATE_URL_HINT, optional=True),
        _escrow(offer),
        *_passphrase(offer),
    ]


def _rotating(offer: Offer) -> list[Json]:
    what = fill(_AGAIN_FOR[offer.door], label=offer.label)
    about = Markup(f"{what} {wording.MAY_KEEP if offer.is_escrowed else wording.TYPE_AGAIN}")
    return [section(about), _credential(offer), _handing(offer), _escrow(offer), *_passphrase(offer)]


def _credential(offer: Offer) -> Json:
    if offer.is_escrowed:
        element = {**_text(MOST_CHARACTERS), "multiline": True}
        return entry(form.SECRET, wording.SECRET, element, hint=wording.SECRET_HINT_KEPT, optional=True)
    element = {**_text(MOST_CHARACTERS, least=1), "multiline": True}
    return entry(form.SECRET, wording.SECRET, element, hint=wording.SECRET_HINT)


def _handing(offer: Offer) -> Json:
    return entry(form.DELIVERY, wording.HANDING, _radio({one.value: wording.HANDINGS[one] for one in handings(offer)}))


def _escrow(offer: Offer) -> Json:
    tick = {"text": plain(wording.ESCROW_TICK), "value": ESCROW}
    boxes: Json = {"type": "checkboxes", "options": [tick]}
    if offer.is_escrowed:
        boxes["initial_options"] = [tick]
    return entry(ESCROW, wording.ESCROW, boxes, hint=wording.ESCROW_HINT, optional=True)


def _radio(texts: Mapping[str, str]) -> Json:
    """The first is chosen where nobody chooses another."""
    options = [{"text": plain(text), "value": value} for value, text in texts.items()]
    return {"type": "radio_buttons", "options": options, "initial_option": options[0]}


def _passphrase(offer: Offer) -> list[Json]:
    template = offer.template
    field = passphrase_field(template, form.PASSPHRASE, _text(form.MOST_IN_PASSPHRASE), offer.policy.passphrase_least)
    if template.passphrase is Scheme.NONE:
        return field
    hint = {**_text(form.MOST_IN_HINT), "placeholder": plain(form_wording.HINT_EXAMPLE)}
    return [
        *field,
        entry(form.HINT, form_wording.HINT, hint, hint=form_wording.HINT_HINT, optional=True),
        context(Markup(wording.HINT_NOTE)),
    ]


def _text(most: int, *, least: int = 0) -> Json:
    return {"type": "plain_text_input", "min_length": least, "max_length": most}
