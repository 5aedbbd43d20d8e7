"""
What somebody entered into the form, checked before anything is sealed.

Pure: it is given the people that were looked up.  Every refusal belongs to a field, so that it can be shown beside
it, and nothing that was entered is ever part of a message, a log or a `repr`.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from bot import command_wording, form, form_ways, template_checks, template_fields
from bot import form_wording as wording
from bot import mail_form_wording as mail_wording
from bot.form import Expiries
from bot.grammar import MOST_CHARACTERS, MOST_RECIPIENTS
from bot.mail_addresses import NotAnAddressError, listed
from bot.passphrases import Passphrase, TooShortError, typed
from bot.people import Kind, Person, of_address
from bot.policy import NONE, Policy
from bot.template import AS_USUAL, Template
from store.formats.errors import UnusablePassphraseError
from store.tells import tells, tells_words
from store.words import Way

_REFUSED = {Kind.BOT: wording.IS_BOT, Kind.GONE: wording.IS_GONE, Kind.STRANGER: wording.IS_STRANGER}


@dataclass(frozen=True)
class Submission:
    """
    The state of a submitted form.

    `ticked` holds the ids of the checkboxes that are ticked.  Whoever has `response_url` can post into the chosen
    conversation; it is empty for a form that has none.  `is_outside`: it is to be typed outside Slack.  `addresses` is
    as it was typed, None in the form for people.
    """

    recipients: tuple[str, ...]
    label: str = field(repr=False)
    secret: str = field(repr=False)
    passphrase: str = field(repr=False)
    hint: str = field(repr=False)
    expires: str
    way: Way
    response_url: str = field(repr=False)
    ticked: frozenset[str]
    asked: frozenset[str]
    is_outside: bool = False
    addresses: str | None = field(default=None, repr=False)
    engagement_ends: str = ""

    @property
    def whom(self) -> str:
        """The field that says who gets it, beside which everything about the whole form is said too."""
        return form.RECIPIENTS if self.addresses is None else form.ADDRESSES


def read(
    values: Mapping[str, Mapping[str, Mapping[str, Any]]], response_urls: Sequence[Mapping[str, Any]] = ()
) -> Submission:
    """A submission from `view.state.values` and `response_urls`; what is missing or of another shape is empty."""
    element = {block: one for block, inputs in values.items() for one in inputs.values()}
    chosen = element.get(form.EXPIRES, {}).get("selected_option") or {}
    asked = {block for block in element if block.startswith(f"{form.ANYWAY}-")}
    return Submission(
        recipients=tuple(dict.fromkeys(element.get(form.RECIPIENTS, {}).get("selected_users") or ())),
        label=_text(element, form.LABEL).strip(),
        secret=_text(element, form.SECRET),
        passphrase=_text(element, form.PASSPHRASE),
        hint=_text(element, form.HINT).strip(),
        expires=str(chosen.get("value", "")),
        way=_way(element),
        response_url=next(
            (str(one.get("response_url", "")) for one in response_urls if one.get("block_id") == form.CONVERSATION), ""
        ),
        ticked=frozenset(block for block in asked if element[block].get("selected_options")),
        asked=frozenset(asked),
        is_outside=_delivery(element) == form_ways.OUTSIDE and form.CONVERSATION not in element,
        addresses=_text(element, form.ADDRESSES) if form.ADDRESSES in element else None,
        engagement_ends=str(element.get(template_fields.ENGAGEMENT, {}).get("selected_date") or ""),
    )


def _way(element: Mapping[str, Mapping[str, Any]]) -> Way:
    if form.CONVERSATION in element:
        return Way.HERE
    if _delivery(element) == Way.SHOWN:
        return Way.SHOWN
    return Way.MAIL if form.ADDRESSES in element else Way.DM


def _delivery(element: Mapping[str, Mapping[str, Any]]) -> str:
    return str((element.get(form.DELIVERY, {}).get("selected_option") or {}).get("value", ""))


def _text(element: Mapping[str, Mapping[str, Any]], block: str) -> str:
    return str(element.get(block, {}).get("value") or "")


@dataclass(frozen=True)
class Checked:
    """
    A submission in which nothing is wrong.  `passphrase` is None when one is to be made for each recipient, as the
    template says.

    Where `is_outside`, there is no secret in it, and the page on which it is typed makes the passphrase.
    """

    recipients: Sequence[Person]
    label: str
    secret: str = field(repr=False)
    passphrase: Passphrase | None
    hint: str | None
    lives_seconds: int
    way: Way
    response_url: str = field(repr=False)
    is_outside: bool = False
    template: Template = AS_USUAL
    engagement_ends: date | None = None


def check(
    given: Submission,
    people: Mapping[str, Person | None],
    expiries: Expiries,
    *,
    policy: Policy = NONE,
    can_mail: bool = True,
    template: Template = AS_USUAL,
    today: date | None = None,
    may_keep: bool = False,
) -> tuple[Checked | None, dict[str, str]]:
    """
    The checked submission, or what is wrong: a sentence for each field, for `response_action: errors`.

    A form that was opened before the policy was so may hold what it forbids.  `can_mail`: a mail server is set up.
    `today` is the day that it is for the sender, by default in UTC.  `may_keep`: no secret keeps the one that is there.
    """
    if policy.outside_only and (not given.is_outside or given.secret or given.passphrase):
        return None, {given.whom: wording.OUTSIDE_ONLY}
    if policy.dm_only and given.way is not Way.DM:
        return None, {given.whom: wording.DM_ONLY}
    errors: dict[str, str] = {}
    offered = form_ways.ways(template, policy, for_addresses=given.addresses is not None, can_mail=can_mail)
    recipients, fault = _recipients(given, people, policy, offered)
    _put(errors, given.whom, fault)
    if given.secret or not may_keep:
        _put(errors, form.SECRET, _wrong_secret(given, offered, here=given.way is Way.HERE))
    passphrase, fault = _passphrase(given, template, policy.passphrase_least)
    _put(errors, form.PASSPHRASE, fault)
    ends, fault = template_checks.engagement_day(template, given.engagement_ends, today or datetime.now(UTC).date())
    _put(errors, template_fields.ENGAGEMENT, fault)
    _put(errors, _field_of_way(given), template_checks.wrong_way(template, given.way))
    _put(errors, form.LABEL, wording.NO_LABEL if not given.label else None)
    for block, text in ((form.LABEL, given.label), (form.HINT, given.hint)):
        _put(errors, block, _wrong_words(text, given, passphrase))
    if not given.expires.isdecimal() or int(given.expires) not in expiries.of(template).offered:
        errors[form.EXPIRES] = wording.NO_EXPIRY
    if given.way is Way.HERE and not given.response_url:
        errors[form.CONVERSATION] = wording.NO_CONVERSATION
    if errors:
        return None, errors
    return (
        Checked(
            recipients=[person for person in recipients if person is not None],
            label=given.label,
            secret=given.secret,
            passphrase=passphrase,
            hint=_hint(given, template),
            lives_seconds=int(given.expires),
            way=given.way,
            response_url=given.response_url,
            is_outside=given.is_outside,
            template=template,
            engagement_ends=ends,
        ),
        {},
    )


def to_confirm(recipients: Sequence[Person]) -> list[Person]:
    """The people whom the sender is asked about: guests, everybody from outside, and every address."""
    asked_about = (Kind.GUEST, Kind.EXTERNAL, Kind.EMAIL, Kind.STRANGER)
    return [person for person in recipients if person.kind in asked_about]


def _put(errors: dict[str, str], block: str, sentence: str | None) -> None:
    if sentence is not None:
        errors.setdefault(block, sentence)


def _recipients(
    given: Submission, people: Mapping[str, Person | None], policy: Policy, offered: Container[str]
) -> tuple[Sequence[Person | None], str | None]:
    if given.addresses is None:
        recipients = [people.get(user_id) for user_id in given.recipients]
        return recipients, _wrong_people(recipients, given.way, policy, offered)
    try:
        addresses = listed(given.addresses)
    except NotAnAddressError as error:
        return [], mail_wording.NOT_AN_ADDRESS.format(number=error.number)
    if not addresses:
        return [], mail_wording.NO_ADDRESS
    fault = mail_wording.TOO_MANY_ADDRESSES if len(addresses) > MOST_RECIPIENTS else None
    if not policy.takes_addresses:
        fault = wording.NOT_OUTSIDE.format(name=addresses[0])
    return [of_address(address) for address in addresses], fault


def _wrong_people(recipients: Sequence[Person | None], way: Way, policy: Policy, offered: Container[str]) -> str | None:
    if not recipients:
        return wording.NO_RECIPIENT
    if len(recipients) > (1 if way is Way.HERE else MOST_RECIPIENTS):
        return wording.ONE_CHOSEN if way is Way.HERE else wording.TOO_MANY_CHOSEN
    for person in recipients:
        if person is None:
            return wording.IS_UNKNOWN
        if not policy.may_receive(person.kind):
            return wording.NOT_OUTSIDE.format(name=person.name)
        if person.kind in _REFUSED and not (person.kind is Kind.STRANGER and way is Way.SHOWN):
            return _refusal(person.kind, way, offered).format(name=person.name)
    return None


def _refusal(kind: Kind, way: Way, offered: Container[str]) -> str:
    # Where no link is shown, nobody is told to choose that.
    if kind is Kind.STRANGER and Way.SHOWN not in offered:
        return wording.IS_STRANGER_OUTSIDE
    return wording.IS_STRANGER_HERE if kind is Kind.STRANGER and way is Way.HERE else _REFUSED[kind]


def _wrong_secret(given: Submission, offered: Container[str], *, here: bool) -> str | None:
    secret = given.secret
    if given.is_outside:
        return wording.TYPED_ANYWAY if secret else None
    if not secret.strip():
        has_page = not here and form_ways.OUTSIDE in offered
        return wording.NO_SECRET if has_page else wording.NO_SECRET_HERE
    if len(secret) > MOST_CHARACTERS:
        return command_wording.TOO_LONG
    return wording.HALF_CHARACTER if _has_half_character(secret) else None


def _field_of_way(given: Submission) -> str:
    if given.way is Way.HERE:
        return form.CONVERSATION
    return form.DELIVERY if given.addresses is None else given.whom


def _passphrase(given: Submission, template: Template, least: int) -> tuple[Passphrase | None, str | None]:
    if not given.passphrase:
        return None, None if given.is_outside else template_checks.needs_own(template, given.passphrase)
    if given.is_outside:
        return None, wording.PASSPHRASE_ANYWAY
    if given.passphrase.strip() == given.secret.strip():
        return None, wording.PASSPHRASE_IS_SECRET
    try:
        return typed(given.passphrase, least), None
    except UnusablePassphraseError as error:
        return None, wording.PASSPHRASE_FAULTS[error.reason]
    except TooShortError:
        return None, wording.PASSPHRASE_SHORT.format(least=least)


def _hint(given: Submission, template: Template) -> str | None:
    # A template's own is for the passphrase that it has in mind; the page outside Slack makes another.
    is_of_another = given.is_outside and given.hint == template.hint
    return None if is_of_another else given.hint or None


def _wrong_words(text: str, given: Submission, passphrase: Passphrase | None) -> str | None:
    if _has_half_character(text):
        return wording.HALF_CHARACTER
    if tells(text, given.secret):
        return wording.TELLS_SECRET
    if passphrase is None:
        return None
    is_written_otherwise = passphrase.form == "words" and tells_words(text, passphrase.canonical.decode("ascii"))
    return wording.TELLS_PASSPHRASE if is_written_otherwise or tells(text, given.passphrase) else None


def _has_half_character(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
