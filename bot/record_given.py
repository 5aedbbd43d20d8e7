"""
What somebody entered to make a record or to rotate one, checked before anything is made.

Pure.  Whoever is handed what opens it is judged as with a drop, and so are label, passphrase and hint: the checks are
those of the form of drops.  Every refusal belongs to a field, and nothing that was entered is part of one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot import form, form_wording, record_form, submission
from bot import record_form_wording as wording
from bot.form import Expiries
from bot.people import Person
from bot.record_form import Handing, Offer
from bot.submission import Checked, Submission
from bot.template import Scheme, Template
from store.record_doors import RecordDoor
from store.record_lines import is_page
from store.tells import tells
from store.words import Way


@dataclass(frozen=True)
class Given:
    """
    The state of a submitted window; `record` is the id of the one that is rotated, as text, or empty.

    `door` is of one that is made: a window for another key has none, and the record's own holds.  `escrow` is None
    where the window asked nothing of it: what a program of before has opened must not end an escrow unseen.
    """

    submission: Submission = field(repr=False)
    handing: Handing
    lives: str
    reads: str
    rotate_url: str = field(repr=False)
    record: str = ""
    door: RecordDoor = RecordDoor.API
    escrow: bool | None = None


@dataclass(frozen=True)
class Wanted:
    """
    What is to be made: `drop` is how what opens it travels where it does, its credential in the secret's place.

    `person` is who it is for, if somebody was named.  `reads` None is any number.  `escrow`: our keyring opens it, too.
    """

    drop: Checked
    handing: Handing
    person: Person | None
    lives_seconds: int
    reads: int | None
    rotate_url: str | None
    door: RecordDoor = RecordDoor.API
    escrow: bool = False

    @property
    def value(self) -> str | None:
        """The credential that was typed; None for the one that is there, which its escrow opens."""
        return self.drop.secret or None


def read(view: Mapping[str, Any]) -> Given:
    """From `view.state.values`; what is missing or of another shape is empty."""
    values = (view.get("state") or {}).get("values") or {}
    element = {block: one for block, inputs in values.items() for one in inputs.values()}
    chosen, door = _chosen(element, form.DELIVERY), _chosen(element, record_form.DOOR)
    given = submission.read(values)
    return Given(
        submission=given,
        handing=Handing(chosen) if chosen in set(Handing) else Handing.HAND,
        lives=given.expires,
        reads=_text(element, record_form.READS),
        rotate_url=_text(element, record_form.ROTATE_URL),
        record=str(view.get("private_metadata") or ""),
        door=RecordDoor(door) if door in set(RecordDoor) else RecordDoor.API,
        escrow=bool(element[record_form.ESCROW].get("selected_options")) if record_form.ESCROW in element else None,
    )


def check(
    given: Given, sender: Person, people: Mapping[str, Person | None], expiries: Expiries, offer: Offer
) -> tuple[Wanted | None, dict[str, str]]:
    """
    What is wanted, or what is wrong by field.  `offer` is what the window was opened with, or would be now.

    `expiries` are those of drops: the one that carries a key lives as long as any does that nobody says more of.
    """
    errors: dict[str, str] = {}
    named = given.submission.recipients
    if given.handing is Handing.HAND and not named:
        errors[form.SECRET if offer.record else form.RECIPIENTS] = wording.NO_PERSON
    reads, url = _reads(given.reads), given.rotate_url
    if reads == 0:
        errors[record_form.READS] = wording.NO_READS
    if url and not is_page(url):
        errors[record_form.ROTATE_URL] = wording.NO_PAGE
    elif url and tells(url, given.submission.secret):
        errors[record_form.ROTATE_URL] = wording.PAGE_TELLS
    is_span = given.lives.isdecimal() and int(given.lives) in record_form.SPANS
    if not is_span and not offer.record:
        errors[form.EXPIRES] = form_wording.NO_EXPIRY
    checked, wrong = submission.check(
        _as_of_a_drop(given, sender, expiries, offer),
        {**people, sender.id: sender},
        expiries,
        policy=offer.policy,
        can_mail=False,
        template=_template(given, offer),
        may_keep=offer.is_escrowed,
    )
    # Slack takes no word about a field that its window does not have.
    shown = {str(block.get("block_id")) for block in record_form.view(offer)["blocks"]}
    errors = {(block if block in shown else form.SECRET): said for block, said in {**wrong, **errors}.items()}
    if checked is None or errors:
        return None, errors
    person = checked.recipients[0] if named else None
    drop = replace(checked, recipients=[sender]) if given.handing is Handing.PAGE else checked
    lives = int(given.lives) if is_span else record_form.USUAL_SPAN
    door = offer.door if offer.record else given.door
    escrow = offer.is_escrowed if given.escrow is None else given.escrow
    return Wanted(drop, given.handing, person, lives, reads, url or None, door, escrow), {}


def _as_of_a_drop(given: Given, sender: Person, expiries: Expiries, offer: Offer) -> Submission:
    entered = given.submission
    return replace(
        entered,
        recipients=entered.recipients or (sender.id,),
        label=offer.label or entered.label,
        passphrase="" if given.handing is Handing.WINDOW else entered.passphrase,
        expires=str(expiries.of(offer.template).default),
        way=Way.DM if given.handing is Handing.HAND else Way.SHOWN,
    )


def _template(given: Given, offer: Offer) -> Template:
    # What is shown in the window needs no passphrase of one's own.
    return replace(offer.template, passphrase=Scheme.MADE_DIGITS) if given.handing is Handing.WINDOW else offer.template


def _reads(text: str) -> int | None:
    """How many; None for any number, 0 for what is no such number."""
    if not text:
        return None
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(record_form.MOST_READS))
    return int(text) if is_number and int(text) <= record_form.MOST_READS else 0


def _chosen(element: Mapping[str, Mapping[str, Any]], block: str) -> str:
    return str((element.get(block, {}).get("selected_option") or {}).get("value", ""))


def _text(element: Mapping[str, Mapping[str, Any]], block: str) -> str:
    return str(element.get(block, {}).get("value") or "").strip()
